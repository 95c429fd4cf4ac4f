"""The records' part of the API."""

import json

import pytest
from rest_framework.test import APIClient

from bpm_portal.common import actions
from records.models import Record
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/api/v1/records/"


def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_adding_reading_changing_deleting(bob, contracts, account):
    client = api(bob)
    sent = {
        "type": "contract",
        "values": {"subject": "Pipes", "amount": 12.5, "account": account.pk},
        "external_id": "K-7",
        "external_url": "https://crm.example/7",
    }
    made = client.post(URL, sent, format="json")
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    read = client.get(f"{URL}{pk}/").json()
    assert read == made.json()
    assert read["type"] == "contract"
    assert read["caption"] == "Pipes"
    assert read["owner"] == "bob"
    assert read["values"] == {
        "subject": "Pipes",
        "amount": "12.5",
        "account": {"id": account.pk, "caption": "Alpha Ltd"},
    }
    assert read["url"].endswith(f"/records/r/{pk}/")
    changed = client.patch(f"{URL}{pk}/", {"values": {"amount": None}, "owner": None}, format="json").json()
    assert "amount" not in changed["values"]
    assert changed["owner"] is None
    assert changed["external_id"] == "K-7"
    assert client.delete(f"{URL}{pk}/").status_code == 204
    assert client.get(f"{URL}{pk}/").status_code == 404


def test_problems_come_per_field(bob, contracts):
    answer = api(bob).post(
        URL, {"type": "contract", "values": {"amount": "x", "nothing": 1}, "caption": "A"}, format="json"
    )
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert set(answer.json()["detail"]) == {"amount", "nothing"}


@pytest.mark.parametrize(
    "body",
    [
        '{"type": "contract", "values": {"\\ud800": 1}}',
        '{"type": "contract", "values": {"subject": "\\ud800"}}',
        '{"type": "contract", "values": {"subject": "a\\u0000"}}',
        '{"type": "contract", "values": {"subject": "a"}, "caption": "\\u0000"}',
        '{"type": "contract", "values": {"subject": "a"}, "external_id": "\\udfff"}',
        '{"type": "contract", "values": {"amount": 1e999}}',
        '{"type": "contract", "values": [1]}',
        '{"type": "contract", "values": {"account": {"id": {"id": 1}}}}',
        '{"type": ["contract"]}',
        '{"type": "contract", "owner": {"a": 1}, "values": {"subject": "a"}}',
        "[]",
        "{",
        '{"type": "contract", "values": {"amount": %s}}' % ("9" * 5000),
    ],
)
def test_nonsense_is_refused_in_words(bob, contracts, body):
    answer = api(bob).post(URL, body, content_type="application/json")
    assert answer.status_code == 400
    assert set(json.loads(answer.content)) == {"code", "message", "detail"}
    assert not Record.objects.exists()


def test_the_list_is_narrowed_and_paged(bob, contracts, account, django_assert_max_num_queries):
    factories.RecordFactory.create_batch(30, record_type=contracts)
    named = factories.RecordFactory(record_type=contracts, caption="Pipes", external_id="K-7")
    client = api(bob)

    def found(**query):
        return [row["id"] for row in client.get(URL, query).json()["results"]]

    assert found(type="contract", q="pipe") == [named.pk]
    assert found(external_id="K-7") == [named.pk]
    assert found(type="account") == [account.pk]
    assert found(type="none") == []
    with django_assert_max_num_queries(8):
        page = client.get(URL, {"page_size": 20}).json()
    assert len(page["results"]) == 20
    rest = client.get(page["next"]).json()
    assert len(page["results"] + rest["results"]) == 32
    assert client.get(URL, {"q": "a\x00"}).status_code == 400


def test_the_list_of_a_section_is_narrowed_and_sorted_by_its_fields(
    bob, contracts, account, django_assert_max_num_queries
):
    small, big, none = (
        factories.RecordFactory(record_type=contracts, data=data)
        for data in (
            {"amount": "9.5", "stage": "draft", "account": {"id": account.pk, "caption": "Alpha Ltd"}},
            {"amount": "100", "stage": "signed"},
            {},
        )
    )
    client = api(bob)

    def found(**query):
        answer = client.get(URL, {"type": "contract", **query})
        assert answer.status_code == 200, answer.content
        return [row["id"] for row in answer.json()["results"]]

    assert found(sort="field-amount") == [small.pk, big.pk, none.pk]
    assert found(**{"field-amount-from": "10"}) == [big.pk]
    assert found(**{"field-stage": "draft", "field-account": account.pk}) == [small.pk]
    assert found(**{"field-amount-is": "empty"}) == [none.pk]
    seen, address = [], f"{URL}?type=contract&sort=-field-amount&page_size=2"
    with django_assert_max_num_queries(20):
        while address:
            page = client.get(address).json()
            seen += [row["id"] for row in page["results"]]
            address = page["next"]
    assert seen == [none.pk, big.pk, small.pk]
    assert (
        client.get(URL, {"type": "contract", "page_size": 2, "sort": "field-amount"}).json()["previous"]
        is None
    )


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"type": "contract", "field-amount-from": "many"}, "field-amount-from"),
        ({"type": "contract", "field-stage": "lost"}, "field-stage"),
        ({"type": "contract", "field-colour": "red"}, "field-colour"),
        ({"type": "contract", "sort": "colour"}, "sort"),
        ({"type": "contract", "changed_from": "yesterday"}, "changed_from"),
        ({"field-amount-from": "1"}, "field-amount-from"),
        ({"type": "none", "sort": "caption"}, "sort"),
    ],
)
def test_what_the_list_cannot_read_is_named(bob, contracts, query, named):
    answer = api(bob).get(URL, query)
    assert answer.status_code == 400
    assert list(answer.json()["detail"]) == [named]
    assert answer.json()["code"] == "invalid"


def test_a_misspelt_entry_is_refused_and_nothing_is_written(bob, contract):
    answer = api(bob).post(URL, {"type": "contract", "caption": "A", "value": {"amount": 1}}, format="json")
    assert (answer.status_code, list(answer.json()["detail"])) == (400, ["value"])
    answer = api(bob).patch(f"{URL}{contract.pk}/", {"type": "account", "caption": "B"}, format="json")
    assert (answer.status_code, list(answer.json()["detail"])) == (400, ["type"])
    assert list(Record.objects.values_list("caption", flat=True)) == [contract.caption]


def test_of_a_section_that_is_hidden_no_field_can_be_asked(mallory, contract):
    answer = api(mallory).get(URL, {"type": "contract", "field-amount-from": "1"})
    assert answer.status_code == 400
    assert api(mallory).get(URL, {"type": "contract"}).json()["results"] == []


def test_counts_of_many_records_cost_one_question(bob, contracts, monkeypatch):
    asked = []
    monkeypatch.setattr(actions, "_counters", [lambda user, ids, now: asked.append(ids) or {ids[0]: 4}])
    records = factories.RecordFactory.create_batch(3, record_type=contracts)
    hidden = factories.RecordFactory(record_type=factories.RecordTypeFactory(code="hidden"))
    ids = ",".join(str(record.pk) for record in [*records, hidden])
    answer = api(bob).get(f"{URL}pending-counts/", {"ids": ids})
    assert set(answer.json()) == {str(record.pk) for record in records}
    assert sorted(answer.json().values()) == [0, 0, 4]
    assert len(asked) == 1
    for nonsense in ("x", "1,²", "1.5", "9" * 30, ",".join(["1"] * 201)):
        assert api(bob).get(f"{URL}pending-counts/", {"ids": nonsense}).status_code == 400


def test_mallory_finds_nothing(mallory, contract, contracts):
    client = api(mallory)
    assert client.get(URL).json()["results"] == []
    assert client.get(f"{URL}{contract.pk}/").status_code == 404
    assert client.patch(f"{URL}{contract.pk}/", {"values": {}}, format="json").status_code == 404
    assert client.delete(f"{URL}{contract.pk}/").status_code == 404
    assert client.post(URL, {"type": "contract", "values": {}}, format="json").status_code == 404
    assert client.get(f"{URL}pending-counts/", {"ids": contract.pk}).json() == {}


def test_owners_change_their_record_without_the_section(alice, contract):
    Record.objects.filter(pk=contract.pk).update(owner=alice)
    client = api(alice)
    assert client.get(f"{URL}{contract.pk}/").status_code == 200
    assert client.patch(f"{URL}{contract.pk}/", {"values": {"amount": 1}}, format="json").status_code == 200
    assert client.post(URL, {"type": "contract", "values": {}}, format="json").status_code == 404


def test_strangers_are_refused(contract):
    answer = APIClient().get(f"{URL}{contract.pk}/")
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"


def test_a_record_with_steps_cannot_be_deleted(bob, contract, open_step):
    open_step(contract)
    answer = api(bob).delete(f"{URL}{contract.pk}/")
    assert answer.status_code == 409
    assert answer.json()["code"] == "conflict"

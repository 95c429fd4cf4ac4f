"""The pages of sections and records, as the cast sees them."""

import re

import pytest
from django.urls import reverse

from bpm_portal.common import actions
from bpm_portal.common.actions import Action, Panel
from records.menu import section_entries
from records.models import FieldChange, Record
from tests import factories
from tests.records.lists import captions, listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_mallory(client, mallory):
    """Mallory's browser."""
    client.force_login(mallory)
    return client


@pytest.fixture
def ports(monkeypatch):
    """The ports of the record page, emptied: a test fills them itself."""
    for name in ("_actions", "_panels", "_counters"):
        monkeypatch.setattr(actions, name, [])
    return actions


def form_data(form, **changes):
    """What a browser would send of this form, with changes."""
    sent = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in {**sent, **changes}.items()}


def test_the_list_shows_columns_counts_and_captions(as_bob, contracts, contract, ports):
    ports.register(pending=lambda user, ids, now: dict.fromkeys(ids, 3))
    text = as_bob.get(listing(contracts)).content.decode()
    assert f'data-id="{contract.pk}"' in text
    assert 'data-pending="3"' in text
    for header in ("Subject", "Amount", "Stage", "Account"):
        assert f'data-sort="field-{header.lower()}"' in text
    assert 'data-sort="field-signed_on"' not in text


def test_the_list_costs_the_same_for_many_rows(
    as_bob, contracts, contract, open_step, django_assert_max_num_queries
):
    url = listing(contracts)
    as_bob.get(url)

    def statements():
        with django_assert_max_num_queries(25) as captured:
            as_bob.get(url)
        return [query["sql"] for query in captured.captured_queries]

    few = len(statements())
    for number in range(40):
        open_step(factories.RecordFactory(record_type=contracts, caption=f"More {number}"))
    assert len(statements()) == few


def test_counts_of_a_page_come_from_one_question(as_bob, contracts, ports):
    asked = []

    def count(user, ids, now):
        asked.append(sorted(ids))
        return {ids[0]: 2}

    ports.register(pending=count)
    records = factories.RecordFactory.create_batch(3, record_type=contracts)
    ids = sorted(record.pk for record in records)
    url = reverse("records:counts", args=[contracts.code])
    answer = as_bob.get(url, {"ids": ",".join(map(str, [*ids, 10**30, "x"]))}).json()
    assert asked == [ids]
    assert set(answer) == {str(pk) for pk in ids}
    assert sorted(answer.values()) == [0, 0, 2]


def test_filters_search_and_orders(as_bob, contracts, bob):
    make = factories.RecordFactory
    make(record_type=contracts, caption="Насосы", data={"stage": "draft"}, owner=bob)
    make(record_type=contracts, caption="Pipes", data={"stage": "signed"})
    make(record_type=contracts, caption="Anvils", data={})
    assert captions(as_bob.get(listing(contracts))) == ["Anvils", "Pipes", "Насосы"]
    assert captions(as_bob.get(listing(contracts, q="насос"))) == ["Насосы"]
    assert captions(as_bob.get(listing(contracts, owner="me"))) == ["Насосы"]
    assert captions(as_bob.get(listing(contracts, owner="nobody"))) == ["Anvils", "Pipes"]
    assert captions(as_bob.get(listing(contracts, **{"field-stage": "signed"}))) == ["Pipes"]
    assert captions(as_bob.get(listing(contracts, sort="caption")))[:2] == ["Anvils", "Pipes"]
    nonsense = {"sort": "x", "owner": "0 or 1", "field-stage": "?", "cursor": "y"}
    assert len(captions(as_bob.get(listing(contracts, **nonsense)))) == 3
    assert "Nothing matches" in as_bob.get(listing(contracts, q="zzz")).content.decode()
    assert as_bob.get(listing(contracts, q="a\x00b")).status_code == 200


def test_pages_follow_each_other_without_gaps(as_bob, contracts):
    for number in range(120):
        factories.RecordFactory(record_type=contracts, caption=f"Contract {number:03}")
    seen, cursor = [], ""
    while True:
        response = as_bob.get(listing(contracts, sort="caption", cursor=cursor))
        seen += captions(response)
        cursor = response.context["page"].next_cursor
        if not cursor:
            break
    assert seen == [f"Contract {number:03}" for number in range(120)]


def test_htmx_gets_the_list_alone(as_bob, contracts, contract):
    response = as_bob.get(listing(contracts), headers={"HX-Request": "true", "HX-Target": "record-list"})
    assert captions(response) == [contract.caption]
    assert "<html" not in response.content.decode()


def test_a_record_shows_its_fields_tabs_and_menu(as_bob, contract, account, ports, bob):
    contract.data = {"amount": "1234.5", "account": {"id": account.pk, "caption": "Alpha Ltd"}}
    contract.save()
    ports.register(
        actions=lambda user, record, now: [
            Action("Approve", "/steps/1/", group="Continue process"),
            Action("Check", "/start/", group="Start process", method="post"),
            Action("Sign", "/steps/2/", group="Continue process", mine=True),
        ],
        panels=lambda user, record, now: [
            Panel("history", "History", "common/_empty.html", {"text": "Nothing yet"})
        ],
    )
    text = as_bob.get(reverse("records:detail", args=[contract.pk])).content.decode()
    assert "1,234.5" in text
    assert f'href="{reverse("records:detail", args=[account.pk])}">Alpha Ltd</a>' in text
    assert text.index("/steps/1/") < text.index("/steps/2/") < text.index('action="/start/"')
    assert "Nothing yet" in text
    menu = as_bob.get(reverse("records:process-menu", args=[contract.pk])).content.decode()
    assert "/steps/1/" in menu
    assert "<html" not in menu


@pytest.mark.parametrize("name", ["records:detail", "records:edit"])
def test_the_menu_shows_in_which_section_a_record_is(as_bob, contract, ports, name):
    response = as_bob.get(reverse(name, args=[contract.pk]))
    current = [entry.url for entry in response.context["navigation"]() if entry.is_current]
    assert current == [reverse("records:list", args=["contract"])]


def test_the_sections_stand_as_tiles(as_bob, contracts):
    """Their look comes from a sheet of its own: without it they were a list with bullets."""
    response = as_bob.get(reverse("records:index"))
    assert 'class="record-sections"' in response.text
    assert re.search(r"css/records(\.\w+)?\.css", response.text)


def test_a_link_leads_only_to_what_i_may_open_and_related_records_are_listed(
    as_bob, contract, account, ports
):
    contract.data = {"account": {"id": account.pk, "caption": "Alpha Ltd"}}
    contract.save()
    link = f'href="{reverse("records:detail", args=[account.pk])}"'
    related = as_bob.get(reverse("records:detail", args=[account.pk])).content.decode()
    assert contract.caption in related[related.index('id="panel-related"') :]
    account.record_type.roles.clear()
    text = as_bob.get(reverse("records:detail", args=[contract.pk])).content.decode()
    assert "Alpha Ltd" in text
    assert link not in text
    assert 'id="panel-related"' not in text


def test_the_pages_of_a_record_cost_a_fixed_number_of_statements(
    as_bob, contract, account, bob, now, ports, django_assert_max_num_queries
):
    contract.data = {"account": {"id": account.pk, "caption": "Alpha Ltd"}}
    contract.save()
    url = reverse("records:detail", args=[contract.pk])

    def statements():
        with django_assert_max_num_queries(15) as captured:
            as_bob.get(url)
        return len(captured.captured_queries)

    before = statements()
    for number in range(10):
        contract.record_type.fields.create(code=f"more{number}", label=str(number))
        factories.RecordFactory(record_type=contract.record_type, data={})
        FieldChange.objects.create(record=contract, field="subject", old=None, new="x", by=bob, at=now)
    assert statements() == before


@pytest.mark.parametrize(
    "nonsense", ["\x00", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "9" * 400]
)
def test_nonsense_in_any_field_is_no_error_page(as_bob, contracts, nonsense):
    names = [*contracts.fields.values_list("code", flat=True), "caption", "owner"]
    for name in names:
        sent = {"subject": "Pipes", name: nonsense}
        assert as_bob.post(reverse("records:add", args=[contracts.code]), sent).status_code in {200, 302}


def test_the_menu_costs_nothing_twice(bob, contracts, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        assert [entry.label for entry in section_entries(bob)] == ["Accounts", "Contracts"]
    with django_assert_max_num_queries(0):
        section_entries(bob)


def test_adding_asks_for_each_thing_once(as_bob, accounts, contracts, bob):
    form = as_bob.get(reverse("records:add", args=[accounts.code])).context["form"]
    assert "caption" not in form.fields
    response = as_bob.post(reverse("records:add", args=[accounts.code]), {"name": "Beta", "owner": bob.pk})
    record = Record.objects.get()
    assert response.url == reverse("records:detail", args=[record.pk])
    assert (record.caption, record.owner, record.created_by) == ("Beta", bob, bob)


def test_a_refused_form_keeps_what_was_typed(as_bob, contract):
    url = reverse("records:edit", args=[contract.pk])
    form = as_bob.get(url).context["form"]
    sent = form_data(form, amount="many", subject="Typed text", signed_on="2026-99-99")
    response = as_bob.post(url, sent, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"amount", "signed_on"}
    assert 'value="many"' in text
    assert 'value="Typed text"' in text
    assert not FieldChange.objects.exists()


def test_saving_the_form_unchanged_changes_nothing(as_bob, contract, account, now):
    contract.data = {
        "subject": "Paper",
        "amount": "1234.50",
        "signed_on": "2026-03-01",
        "urgent": False,
        "stage": "draft",
        "account": {"id": account.pk, "caption": "Alpha Ltd"},
    }
    contract.save()
    url = reverse("records:edit", args=[contract.pk])
    form = as_bob.get(url).context["form"]
    response = as_bob.post(url, form_data(form))
    assert response.url == reverse("records:detail", args=[contract.pk])
    contract.refresh_from_db()
    assert (contract.updated_at, contract.data["amount"]) == (now, "1234.50")
    assert not FieldChange.objects.exists()


def test_two_editors_of_one_field(as_bob, contract, carol, now):
    from records.services import change_record

    url = reverse("records:edit", args=[contract.pk])
    form = as_bob.get(url).context["form"]
    change_record(record=contract, values={"subject": "By carol"}, by=carol, now=now)
    refused = as_bob.post(url, form_data(form, subject="By bob"))
    assert set(refused.context["form"].errors) == {"subject"}
    assert 'value="By bob"' in refused.content.decode()
    again = form_data(refused.context["form"])
    assert as_bob.post(url, again).status_code == 302
    contract.refresh_from_db()
    assert contract.data["subject"] == "By bob"


def test_the_history_pages_back(as_bob, contract, bob, now, ports):
    FieldChange.objects.bulk_create(
        FieldChange(record=contract, field="amount", old=str(n), new=str(n + 1), by=bob, at=now)
        for n in range(40)
    )
    first = as_bob.get(reverse("records:detail", args=[contract.pk])).content.decode()
    assert "<ins>40</ins>" in first
    assert "<ins>15</ins>" not in first
    link = re.search(r'hx-get="([^"]*changes=[^"]*)"', first)[1]
    rest = as_bob.get(link).content.decode()
    assert "<ins>15</ins>" in rest
    assert "<ins>1</ins>" in rest
    assert "hx-get" not in rest


def test_deleting_needs_a_post_and_says_what_hangs_on_it(as_bob, contract, account, open_step, ports):
    url = reverse("records:delete", args=[contract.pk])
    assert as_bob.get(url).status_code == 405
    open_step(contract)
    kept = as_bob.post(url, follow=True)
    assert "Tasks wait on this record" in kept.content.decode()
    gone = as_bob.post(reverse("records:delete", args=[account.pk]))
    assert gone.url == listing(account.record_type)
    assert list(Record.objects.all()) == [contract]


def test_the_menu_has_the_sections_of_my_roles(as_bob, contracts, accounts, django_assert_num_queries):
    factories.RecordTypeFactory(code="secret", name_plural="Secrets")
    accounts.in_menu = False
    accounts.save()
    text = as_bob.get(reverse("records:index")).content.decode()
    main = text[text.index('id="main"') :]
    menu = text[: text.index('id="main"')]
    assert "Contracts" in menu
    assert "Accounts" not in menu
    assert "Accounts" in main
    assert "Secrets" not in text


def test_a_lookup_of_the_form_takes_only_what_i_may_see(as_bob, contract, account):
    account.record_type.roles.clear()
    url = reverse("records:edit", args=[contract.pk])
    refused = as_bob.post(url, form_data(as_bob.get(url).context["form"], account=account.pk))
    assert set(refused.context["form"].errors) == {"account"}
    assert "Alpha Ltd" not in refused.content.decode()
    contract.data["account"] = {"id": account.pk, "caption": "Alpha Ltd"}  # by somebody who may
    contract.save()
    kept = as_bob.post(url, form_data(as_bob.get(url).context["form"], amount="7"))
    assert kept.status_code == 302
    contract.refresh_from_db()
    assert contract.data["account"]["id"] == account.pk
    assert contract.data["amount"] == "7"


def test_lookups_offer_only_what_i_may_see(client, bob, mallory, accounts, account):
    url = reverse("records:options", args=[accounts.code])
    client.force_login(bob)
    assert "Alpha Ltd" in client.get(url, {"q": "alph"}).content.decode()
    client.force_login(mallory)
    assert "Alpha Ltd" not in client.get(url, {"q": "alph"}).content.decode()


@pytest.mark.parametrize("name", ["list", "add", "counts"])
def test_mallory_finds_no_section(as_mallory, contracts, contract, name):
    url = reverse(f"records:{name}", args=[contracts.code])
    assert as_mallory.get(url, {"ids": contract.pk}).status_code == 404
    assert as_mallory.post(url).status_code in {404, 405}


@pytest.mark.parametrize("name", ["detail", "details", "edit", "delete", "changes", "process-menu"])
def test_mallory_finds_no_record(as_mallory, contract, name):
    url = reverse(f"records:{name}", args=[contract.pk])
    assert as_mallory.get(url).status_code in {404, 405}
    assert as_mallory.post(url).status_code in {404, 405}
    assert Record.objects.filter(pk=contract.pk).exists()


def test_who_merely_reaches_a_record_reads_it(client, alice, contract, monkeypatch, ports):
    from django.db.models import Q

    from records import lifecycle

    monkeypatch.setattr(lifecycle, "_reach", [lambda user: [Q(pk=contract.pk)]])
    client.force_login(alice)
    assert client.get(reverse("records:detail", args=[contract.pk])).status_code == 200
    assert client.get(reverse("records:edit", args=[contract.pk])).status_code == 403
    assert client.post(reverse("records:edit", args=[contract.pk]), {"subject": "x"}).status_code == 403
    assert client.post(reverse("records:delete", args=[contract.pk])).status_code == 403
    assert client.get(listing(contract.record_type)).status_code == 404


def test_strangers_are_asked_to_sign_in(client, contract):
    response = client.get(reverse("records:detail", args=[contract.pk]))
    assert response.status_code == 302
    assert response.url.startswith(reverse("accounts:sign-in"))

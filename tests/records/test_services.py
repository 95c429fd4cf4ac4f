"""Adding, changing and deleting records: what is checked, what is written, who hears of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bpm_portal.common.errors import Conflict, Invalid, NotFound
from records import lifecycle
from records.models import FieldChange, Record
from records.services import change_record, create_record, delete_record, record_values
from tests import factories


@pytest.fixture
def heard(monkeypatch):
    """What the listeners are told."""
    changes = []
    monkeypatch.setattr(lifecycle, "_listeners", [changes.append])
    return changes


def test_values_of_every_kind_are_stored_as_json_and_read_as_python(contracts, account, bob, now, heard):
    record = create_record(
        record_type=contracts,
        values={
            "subject": " Pipes ",
            "amount": "1200.50",
            "signed_on": "2026-03-01",
            "urgent": True,
            "stage": "draft",
            "account": account.pk,
        },
        by=bob,
        now=now,
        caption="Delivery",
        owner=bob,
    )
    assert Record.objects.get(pk=record.pk).data == {
        "subject": "Pipes",
        "amount": "1200.5",
        "signed_on": "2026-03-01",
        "urgent": True,
        "stage": "draft",
        "account": {"id": account.pk, "caption": "Alpha Ltd"},
    }
    assert record_values(record) == {
        "id": record.pk,
        "caption": "Delivery",
        "subject": "Pipes",
        "amount": Decimal("1200.5"),
        "signed_on": date(2026, 3, 1),
        "urgent": True,
        "stage": "draft",
        "account": {"id": account.pk, "caption": "Alpha Ltd"},
    }
    assert [(c.kind, c.record.pk, c.changed["stage"]) for c in heard] == [
        ("added", record.pk, (None, "draft"))
    ]
    assert not FieldChange.objects.exists()


def test_all_problems_are_named_at_once(contracts, accounts, bob, now):
    contracts.fields.filter(code="subject").update(required=True)
    with pytest.raises(Invalid) as caught:
        create_record(
            record_type=contracts,
            values={"amount": "many", "signed_on": "31.03.2026", "stage": "lost", "account": 10**30, "x": 1},
            by=bob,
            now=now,
            external_url="javascript:alert(1)",
        )
    assert set(caught.value.detail) == {
        "subject",
        "amount",
        "signed_on",
        "stage",
        "account",
        "x",
        "caption",
        "external_url",
    }
    assert all(isinstance(texts, list) and texts for texts in caught.value.detail.values())
    assert not Record.objects.exists()


def test_the_caption_comes_from_the_template(accounts, bob, now):
    record = create_record(record_type=accounts, values={"name": "Beta"}, by=bob, now=now, caption="ignored")
    assert record.caption == "Beta"
    assert change_record(record=record, values={"name": "Gamma"}, by=bob, now=now).caption == "Gamma"


def test_without_a_template_the_first_value_stands_in_for_a_caption_nobody_typed(contracts, bob, now):
    record = create_record(record_type=contracts, values={"subject": "Pumps"}, by=bob, now=now)
    assert record.caption == "Pumps"


def test_a_template_with_odd_braces_harms_nobody(accounts, bob, now):
    accounts.caption_template = "{name!r:>99} {name} {} {0} {missing}"
    record = create_record(record_type=accounts, values={"name": "A"}, by=bob, now=now)
    assert record.caption == "{name!r:>99} A {}"


def test_a_change_writes_history_and_tells_once(contract, bob, now, heard):
    later = now + timedelta(hours=1)
    changed = change_record(
        record=contract, values={"amount": 250, "subject": "Paper"}, by=bob, now=later, owner=bob
    )
    assert changed.data["amount"] == "250"
    assert changed.updated_at == later
    rows = FieldChange.objects.order_by("field").values_list("field", "old", "new", "by", "at")
    assert list(rows) == [
        ("amount", "100", "250", bob.pk, later),
        ("owner", None, {"id": bob.pk, "caption": "Bob"}, bob.pk, later),
    ]
    assert [c.kind for c in heard] == ["changed"]
    assert heard[0].changed["amount"] == ("100", "250")


def test_nothing_is_written_or_told_where_nothing_changes(contract, bob, now, heard):
    later = now + timedelta(hours=1)
    change_record(record=contract, values={"amount": "100.00", "subject": "Paper "}, by=bob, now=later)
    assert Record.objects.get(pk=contract.pk).updated_at == now
    assert not FieldChange.objects.exists()
    assert heard == []


def test_emptying_a_field_is_a_change_and_a_required_one_is_refused(contract, bob, now):
    assert "amount" not in change_record(record=contract, values={"amount": None}, by=bob, now=now).data
    contract.record_type.fields.filter(code="subject").update(required=True)
    with pytest.raises(Invalid) as caught:
        change_record(record=contract, values={"subject": " "}, by=bob, now=now)
    assert set(caught.value.detail) == {"subject"}


def test_a_choice_taken_off_the_list_stays_until_it_is_changed(contract, bob, now):
    Record.objects.filter(pk=contract.pk).update(data={"stage": "ancient"})
    values = {"stage": "ancient", "subject": "New"}
    assert change_record(record=contract, values=values, by=bob, now=now).data["stage"] == "ancient"
    change_record(record=contract, values={"stage": "draft"}, by=bob, now=now)
    with pytest.raises(Invalid):
        change_record(record=contract, values={"stage": "ancient"}, by=bob, now=now)


def test_a_lookup_points_only_to_what_its_author_may_see(contract, account, alice, bob, now):
    with pytest.raises(Invalid) as caught:
        change_record(record=contract, values={"account": account.pk}, by=alice, now=now)
    assert set(caught.value.detail) == {"account"}
    changed = change_record(record=contract, values={"account": account.pk}, by=bob, now=now)
    assert changed.data["account"] == {"id": account.pk, "caption": "Alpha Ltd"}
    again = change_record(record=contract, values={"account": account.pk, "amount": 1}, by=alice, now=now)
    assert again.data["amount"] == "1"


def test_a_lookup_refuses_records_of_another_section(contract, bob, now):
    with pytest.raises(Invalid):
        change_record(record=contract, values={"account": contract.pk}, by=bob, now=now)


def test_lookups_follow_the_caption(contract, account, bob, now, django_capture_on_commit_callbacks):
    change_record(record=contract, values={"account": account.pk}, by=bob, now=now)
    with django_capture_on_commit_callbacks(execute=True):
        change_record(record=account, values={"name": "Omega"}, by=bob, now=now)
    assert Record.objects.get(pk=contract.pk).data["account"] == {"id": account.pk, "caption": "Omega"}


def test_an_external_id_is_taken_once_per_section(contract, contracts, account, bob, now):
    change_record(record=contract, values={}, by=bob, now=now, external_id="K-7")
    change_record(record=account, values={}, by=bob, now=now, external_id="K-7")
    with pytest.raises(Invalid) as caught:
        create_record(record_type=contracts, values={"subject": "Twin"}, by=bob, now=now, external_id="K-7")
    assert set(caught.value.detail) == {"external_id"}


def test_two_people_changing_different_fields_keep_both(contract, bob, carol, now):
    seen = 0  # both opened the form before any change
    change_record(record=contract, values={"amount": "5", "subject": "Paper"}, by=bob, now=now, seen=seen)
    saved = change_record(
        record=contract,
        values={"amount": "100", "subject": "Ink"},
        by=carol,
        now=now,
        caption=contract.caption,
        seen=seen,
    )
    assert saved.data == {"amount": "5", "subject": "Ink"}


def test_the_second_person_to_change_the_same_field_is_told(contract, bob, carol, now):
    change_record(record=contract, values={"amount": "5"}, by=bob, now=now, seen=0)
    with pytest.raises(Invalid) as caught:
        change_record(record=contract, values={"amount": "6"}, by=carol, now=now, seen=0)
    assert set(caught.value.detail) == {"amount"}
    last = FieldChange.objects.latest("pk").pk
    saved = change_record(record=contract, values={"amount": "6"}, by=carol, now=now, seen=last)
    assert saved.data["amount"] == "6"


def test_deleting_tells_with_the_id_it_had(contract, bob, now, heard):
    pk = contract.pk
    delete_record(record=contract, by=bob, now=now)
    assert not Record.objects.filter(pk=pk).exists()
    assert [(c.kind, c.record.pk) for c in heard] == [("deleted", pk)]
    with pytest.raises(NotFound):
        delete_record(record=Record(pk=pk), by=bob, now=now)


def test_a_record_that_others_refer_to_stays(contract, account, bob, now):
    change_record(record=contract, values={"account": account.pk}, by=bob, now=now)
    with pytest.raises(Conflict):
        delete_record(record=account, by=bob, now=now)


def test_a_record_with_process_steps_stays(contract, open_step, bob, now, heard):
    open_step(contract)
    with pytest.raises(Conflict) as caught:
        delete_record(record=contract, by=bob, now=now)
    assert "their processes cancelled" in str(caught.value)
    assert Record.objects.filter(pk=contract.pk).exists()
    assert heard == []


def test_a_listener_that_fails_undoes_the_change(contract, bob, now, monkeypatch):
    def fail(change):
        raise Conflict

    monkeypatch.setattr(lifecycle, "_listeners", [fail])
    with pytest.raises(Conflict):
        change_record(record=contract, values={"amount": 1}, by=bob, now=now)
    contract.refresh_from_db()
    assert contract.data["amount"] == "100"
    assert not FieldChange.objects.exists()
    assert factories.RecordFactory().pk > contract.pk

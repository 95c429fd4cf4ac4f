"""A record is deleted while a lookup begins to point to it: whoever saves is told, and nothing points to nothing."""

from functools import partial

import pytest

from bpm_portal.common.errors import Invalid
from records.models import Record
from records.services import change_record, create_record, delete_record
from tests.factories import NOW, RecordFactory
from tests.races import while_uncommitted

pytestmark = pytest.mark.django_db(transaction=True)


def add(contracts, account, by):
    create_record(
        record_type=contracts,
        values={"subject": "Pipes", "account": account.pk},
        by=by,
        now=NOW,
        caption="Pipes",
    )


def change(contracts, account, by):
    contract = RecordFactory(record_type=contracts)
    change_record(record=contract, values={"account": account.pk}, by=by, now=NOW)


@pytest.mark.parametrize("name", [add, change])
def test_who_looks_up_a_record_that_is_being_deleted_is_told_to_choose_another(
    name, contracts, account, admin
):
    refusal = while_uncommitted(
        partial(delete_record, record=account, by=admin, now=NOW), partial(name, contracts, account, admin)
    )
    assert isinstance(refusal, Invalid), refusal
    assert refusal.detail == {"account": ["Choose a record from the list."]}
    assert not Record.objects.filter(data__has_key="account").exists()


def test_two_records_that_begin_to_point_at_each_other_do_not_wait_for_each_other(contracts, accounts, admin):
    contracts.fields.filter(code="account").update(lookup_type=contracts)
    one, other = RecordFactory.create_batch(2, record_type=contracts)
    refusal = while_uncommitted(
        partial(change_record, record=one, values={"account": other.pk}, by=admin, now=NOW),
        partial(change_record, record=other, values={"account": one.pk}, by=admin, now=NOW),
    )
    assert isinstance(refusal, Record), refusal
    assert Record.objects.filter(data__has_key="account").count() == 2


def test_a_record_that_is_looked_up_first_cannot_be_deleted_any_more(contracts, account, admin):
    refusal = while_uncommitted(
        partial(add, contracts, account, admin), partial(delete_record, record=account, by=admin, now=NOW)
    )
    assert "Records refer to this one" in refusal.message

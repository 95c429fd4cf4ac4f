"""Lists of records by their own fields: narrowed, ordered, with chosen columns."""

import re

import pytest

from records.list_form import ListForm
from tests import factories
from tests.records.lists import captions, listing

pytestmark = pytest.mark.django_db


def test_every_kind_of_field_narrows_and_orders_the_list(as_bob, contracts, account):
    make = factories.RecordFactory
    link = {"id": account.pk, "caption": "Alpha Ltd"}
    one = {"subject": "Paper", "amount": "9", "signed_on": "2026-01-05", "urgent": True, "stage": "signed"}
    two = {"subject": "paper clips", "amount": "100.5", "signed_on": "2026-02-01", "stage": "draft"}
    make(record_type=contracts, caption="One", data=one)
    make(record_type=contracts, caption="Two", data=two | {"account": link, "urgent": False})
    make(record_type=contracts, caption="Three", data={"amount": "many"})

    def found(**query):
        return captions(as_bob.get(listing(contracts, **query)))

    assert found(**{"field-subject": "PAPER"}) == ["Two", "One"]
    assert found(**{"field-amount-from": "9.5"}) == ["Two"]
    assert found(**{"field-amount-to": "9"}) == ["One"]
    assert found(**{"field-signed_on-from": "2026-01-05", "field-signed_on-to": "2026-01-31"}) == ["One"]
    assert found(**{"field-urgent": "false"}) == ["Two"]
    assert found(**{"field-account": account.pk}) == ["Two"]
    assert found(**{"field-account-is": "empty"}) == ["Three", "One"]
    assert found(**{"field-subject-is": "filled"}) == ["Two", "One"]
    assert found(external_id="x") == []
    for name in ("subject", "amount", "signed_on", "stage", "account", "urgent"):
        assert len(found(sort=f"field-{name}")) == 3
        assert len(found(sort=f"-field-{name}")) == 3
    assert found(sort="field-amount") == ["One", "Two", "Three"]
    assert found(sort="field-stage") == ["Two", "One", "Three"]
    assert found(sort="owner") == found(sort="changed")[:3]


def test_pages_ordered_by_a_field_follow_each_other_without_gaps(as_bob, contracts):
    for number in range(120):
        data = {"amount": str(number % 7)} if number % 3 else {}
        factories.RecordFactory(record_type=contracts, caption=f"{number}", data=data)
    for sort in ("field-amount", "-field-amount"):
        seen, cursor = [], ""
        while True:
            response = as_bob.get(listing(contracts, sort=sort, cursor=cursor))
            seen += captions(response)
            cursor = response.context["page"].next_cursor
            if not cursor:
                break
        assert sorted(seen, key=int) == [str(number) for number in range(120)]


def test_the_boxes_of_the_columns_say_which_are_shown(as_bob, bob, contracts, contract):
    def checked(**query):
        text = as_bob.get(listing(contracts, **query)).content.decode()
        return re.findall(r'name="columns" value="([^"]+)" checked', text)

    usual = ["field-subject", "field-amount", "field-stage", "field-account", "owner", "changed"]
    assert sorted(checked()) == sorted(usual)
    assert checked(columns="field-signed_on,created") == ["field-signed_on", "created"]
    assert ListForm({"columns": usual}, record_type=contracts, user=bob).query() == {}


def test_columns_are_chosen_in_the_address(as_bob, contracts, contract):
    text = as_bob.get(listing(contracts, columns="field-signed_on,created")).content.decode()
    assert 'data-sort="field-signed_on"' in text
    assert 'data-sort="field-subject"' not in text

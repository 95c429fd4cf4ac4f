"""The list of a large section, narrowed and sorted by a field: an index on the field's expression can serve it."""

import pytest
from django.db import connection, models

from records.fields import KINDS
from records.list_form import PREFIX, ListForm
from records.models import Record
from records.section_lists import find

pytestmark = pytest.mark.django_db

SORTED = ["subject", "amount", "signed_on", "stage", "urgent", "account"]


def order_of(contracts, code):
    field = contracts.fields.get(code=code)
    return KINDS[field.kind].narrowing.order(field)


def plan(bob, contracts, **query):
    """How PostgreSQL would find the first page where reading and sorting the whole section were no way."""
    form = ListForm(query, record_type=contracts, user=bob)
    assert not form.errors
    rows = find(bob, contracts, form).order_by(*form.order)[:51]
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    return rows.explain()


def make_index(*expressions, **options):
    connection.check_constraints()  # else the rows of the test still wait to be checked
    with connection.schema_editor() as editor:
        editor.add_index(Record, models.Index(*expressions, name="by_field", **options))


@pytest.mark.parametrize("code", SORTED)
def test_an_order_by_a_field_is_read_from_an_index(bob, contracts, contract, code):
    make_index(models.F("record_type"), order_of(contracts, code), models.F("id"))
    for sort, way in ((PREFIX + code, ""), (f"-{PREFIX}{code}", "Backward ")):
        found = plan(bob, contracts, sort=sort)
        assert f"Index Scan {way}using by_field" in found
        assert "Sort" not in found


@pytest.mark.parametrize(("code", "value"), [("amount", "100"), ("signed_on", "2026-03-02")])
def test_a_range_of_a_field_is_read_from_the_same_index(bob, contracts, contract, code, value):
    make_index(models.F("record_type"), order_of(contracts, code), models.F("id"))
    found = plan(bob, contracts, **{f"{PREFIX}{code}-from": value, "sort": PREFIX + code})
    condition = found.partition("Index Cond:")[2].splitlines()[0]
    assert ">=" in condition
    assert "Sort" not in found

"""Many ways to the same rows: however a list is read, it holds what the one condition lets through."""

from itertools import chain

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from activities.models import Activity, ActivityConnection
from bpm_portal.common import ways
from processes.models import ProcessInstance, ProcessStep
from records.models import Record
from tests.factories import (
    ActivityFactory,
    HumanStepFactory,
    ProcessInstanceFactory,
    RecordFactory,
    RecordTypeFactory,
    UserFactory,
)
from tests.volume.plans import watch

pytestmark = pytest.mark.django_db
MODELS = (Activity, Record, ProcessInstance, ProcessStep)


@pytest.fixture
def office(bob, role, carol):
    """Things that bob sees by each way, and next to each one that he does not see."""
    section = RecordTypeFactory(code="offer")
    section.roles.add(role)
    other = Group.objects.create(name="Purchasing")
    for _round in range(3):
        in_section = RecordFactory(record_type=section)
        strange, asked, owned = RecordFactory(), RecordFactory(), RecordFactory(owner=bob)
        HumanStepFactory(role=role, waits_on="record", kind="approval", activity=None, record=asked)
        HumanStepFactory(assignee=bob)
        HumanStepFactory(role=other)
        ProcessInstanceFactory(starter=bob)
        for record in (in_section, strange, asked, owned):
            ActivityFactory(record=record)
            far = ActivityFactory(owner=carol)
            ActivityConnection.objects.create(activity=far, record=record)
        ActivityFactory(author=bob)
        ActivityFactory().participants.create(user=bob)


@pytest.mark.parametrize("few", [0, 1, 500])
@pytest.mark.parametrize("model", MODELS)
def test_whatever_is_few_or_many_the_branches_hold_what_may_be_seen(
    office, bob, model, few, monkeypatch
) -> None:
    monkeypatch.setattr(ways, "FEW", few)
    visible = set(model.objects.visible_to(bob))
    assert 0 < len(visible) < model.objects.count()
    assert set(chain(*model.objects.visible_branches(bob))) == visible
    if hasattr(model.objects, "shown_to"):
        assert set(model.objects.shown_to(bob)) == visible


def test_a_stranger_finds_nothing_by_any_branch(office, monkeypatch) -> None:
    monkeypatch.setattr(ways, "FEW", 0)
    stranger = UserFactory()
    for model in MODELS:
        assert not list(chain(*model.objects.visible_branches(stranger)))


def test_a_page_that_many_ways_lead_to_looks_at_the_rows_of_the_page_only(bob, role, monkeypatch) -> None:
    """Each way read all the rows that it could lead by, before the first row of the list was looked at."""
    monkeypatch.setattr(ways, "FEW", 0)
    section = RecordTypeFactory()
    section.roles.add(role)
    records = RecordFactory.create_batch(1000, record_type=section)
    Activity.objects.bulk_create(ActivityFactory.build(record=record) for record in records)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # else the tables are as large as an earlier test has made them
    page, statements = watch(
        lambda: [list(rows.order_by("-id")[:5]) for rows in Activity.objects.visible_branches(bob)]
    )
    assert [len(found) for found in page if found] == [5]
    assert max(plan.rows for plan in statements.plans) < 100

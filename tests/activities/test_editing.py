"""Adding and changing; and the same rules once more in the database."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from activities import services
from activities.errors import ActivityAlreadyClosed, ChangedByProcessOnly
from activities.models import Activity
from bpm_portal.common.errors import Forbidden, Invalid, NotFound
from tests import factories


def test_a_new_activity_belongs_to_its_author_unless_a_performer_is_named(alice, bob, role, now):
    fields = {"title": " Call back ", "starts_at": now, "due_at": None, "by": alice, "now": now}
    own = services.create_activity(**fields)
    asked = services.create_activity(**fields, owner=bob)
    of_role = services.create_activity(**fields, role=role)
    assert (own.title, own.owner, own.author, own.status) == ("Call back", alice, alice, "not_started")
    assert asked.owner == bob
    assert (of_role.owner, of_role.role) == (None, role)


def test_all_problems_are_told_at_once(alice, record, now):
    gone = factories.UserFactory(is_active=False)
    with pytest.raises(Invalid) as refusal:
        services.create_activity(
            title="  ",
            starts_at=now,
            due_at=now - timedelta(minutes=1),
            owner=gone,
            record=record,  # of a section that alice may not see
            category="party",
            priority=9,
            by=alice,
            now=now,
        )
    assert set(refusal.value.detail) == {"title", "due_at", "owner", "record", "category", "priority"}
    assert not Activity.objects.exists()


def test_the_caption_of_the_record_is_kept_for_lists(bob, record, now):
    activity = services.create_activity(
        title="Call", starts_at=now, due_at=None, record=record, by=bob, now=now
    )
    assert activity.record_caption == "Contract with Alpha Ltd"
    changed = services.change_activity(activity=activity, values={"record": None}, by=bob, now=now)
    changed.refresh_from_db()
    assert (changed.record, changed.record_caption) == (None, "")


def test_only_the_fields_named_change(task, alice, now):
    services.change_activity(activity=task, values={"title": "Write", "due_at": None}, by=alice, now=now)
    task.refresh_from_db()
    assert (task.title, task.due_at, task.owner.username) == ("Write", None, "bob")


def test_status_and_result_are_no_fields_to_change(task, alice, now):
    for values in ({"status": "completed"}, {"result": "x"}, {"managed_by": "fake"}, {"author": None}):
        with pytest.raises(Invalid):
            services.change_activity(activity=task, values=values, by=alice, now=now)


def test_due_is_checked_against_the_start_that_is_stored(task, alice, now):
    with pytest.raises(Invalid) as refusal:
        services.change_activity(
            activity=task, values={"starts_at": task.due_at + timedelta(1)}, by=alice, now=now
        )
    assert "due_at" in refusal.value.detail


def test_final_and_managed_ones_stay_as_they_are(task, managed, bob, now):
    with pytest.raises(ChangedByProcessOnly):
        services.change_activity(activity=managed, values={"title": "Other"}, by=bob, now=now)
    services.complete_activity(activity_id=task.pk, result="", details="", by=bob, now=now)
    with pytest.raises(ActivityAlreadyClosed):
        services.change_activity(activity=task, values={"title": "Other"}, by=bob, now=now)


def test_others_change_nothing(task, carol, mallory, record, now):
    with pytest.raises(NotFound):
        services.change_activity(activity=task, values={"title": "Mine"}, by=mallory, now=now)
    task.record = record
    task.save()
    with pytest.raises(Forbidden):
        services.change_activity(activity=task, values={"title": "Mine"}, by=carol, now=now)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("activity_due_not_before_start", {"due_at": factories.NOW - timedelta(minutes=1)}),
        ("activity_closed_exactly_when_final", {"status": "completed"}),
        ("activity_closed_exactly_when_final", {"closed_at": factories.NOW}),
        ("activity_result_only_when_final", {"result": "signed"}),
        ("activity_result_only_when_final", {"result_details": "At last."}),
    ],
)
def test_the_database_refuses_what_the_services_refuse(db, constraint, values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factories.ActivityFactory(**values)


def test_the_database_takes_what_the_services_write(db, now):
    factories.ActivityFactory(due_at=now)
    factories.ActivityFactory(status="completed", closed_at=now, result="signed", result_details="At last.")

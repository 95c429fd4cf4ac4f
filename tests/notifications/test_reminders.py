"""Reminders ring once, for the right people, whatever number of workers look."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from activities.models import Activity
from notifications import bus
from notifications.models import Notification
from notifications.reminders import ring_due_reminders
from tests.factories import NOW, ActivityFactory
from tests.patience import PATIENCE

MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pings(monkeypatch):
    """Who was pinged."""
    told: list[set[int]] = []
    monkeypatch.setattr(bus, "publish", lambda users: told.append(set(users)))
    return told


def told() -> list[tuple[str, str]]:
    rows = Notification.objects.select_related("user").order_by("id")
    return [(row.user.username, row.data["name"]) for row in rows]


def test_due_reminder_rings_once(bob, pings, django_capture_on_commit_callbacks) -> None:
    activity = ActivityFactory(
        owner=bob, title="Call", remind_owner_at=NOW - MINUTE, process_caption="Contract 7"
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert ring_due_reminders(now=NOW) == 1
    assert ring_due_reminders(now=NOW) == 0
    (entry,) = Notification.objects.all()
    assert (entry.user, entry.kind, entry.url) == (bob, "reminder", f"/activities/{activity.pk}/")
    assert entry.data == {"name": "Call", "process": "Contract 7", "activity": activity.pk}
    assert {bob.pk} in pings


def test_reminder_that_is_set_again_rings_again(bob) -> None:
    activity = ActivityFactory(owner=bob, remind_owner_at=NOW)
    ring_due_reminders(now=NOW)
    Activity.objects.filter(pk=activity.pk).update(remind_owner_at=NOW + MINUTE)
    assert ring_due_reminders(now=NOW) == 0
    assert ring_due_reminders(now=NOW + MINUTE) == 1


def test_owner_and_author_have_reminders_of_their_own(alice, bob) -> None:
    ActivityFactory(owner=bob, author=alice, title="Both", remind_owner_at=NOW, remind_author_at=NOW)
    assert ring_due_reminders(now=NOW) == 2
    assert sorted(told()) == [("alice", "Both"), ("bob", "Both")]


def test_reminder_of_a_task_that_nobody_has_taken_rings_for_the_role(bob, carol, mallory, role) -> None:
    ActivityFactory(role=role, title="Shared", remind_owner_at=NOW)
    ActivityFactory(role=role, owner=carol, title="Taken", remind_owner_at=NOW)
    ring_due_reminders(now=NOW)
    assert sorted(told()) == [("bob", "Shared"), ("carol", "Shared"), ("carol", "Taken")]


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_finished_activities_do_not_ring(bob, status) -> None:
    ActivityFactory(owner=bob, status=status, closed_at=NOW, remind_owner_at=NOW)
    assert ring_due_reminders(now=NOW) == 0


def test_reminder_of_nobody_is_let_go(bob) -> None:
    bob.is_active = False
    bob.save()
    ActivityFactory(owner=bob, remind_owner_at=NOW)
    ActivityFactory(remind_author_at=NOW)
    assert ring_due_reminders(now=NOW) == 0
    assert not Activity.objects.exclude(remind_owner_at=None, remind_author_at=None).exists()


def test_more_than_one_batch_rings_in_one_go(bob, monkeypatch) -> None:
    monkeypatch.setattr("notifications.reminders.BATCH", 3)
    ActivityFactory.create_batch(8, owner=bob, remind_owner_at=NOW)
    assert ring_due_reminders(now=NOW) == 8


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ring_it_once(bob) -> None:
    """The first has claimed the row and not committed; the second must skip it and not wait."""
    ActivityFactory(owner=bob, remind_owner_at=NOW)
    with transaction.atomic():
        list(Activity.objects.select_for_update())
        assert in_another_connection(lambda: ring_due_reminders(now=NOW)) == 0
    assert ring_due_reminders(now=NOW) == 1
    assert Notification.objects.count() == 1


def in_another_connection(job):
    from concurrent.futures import ThreadPoolExecutor

    def run():
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(timeout=PATIENCE)


def test_looking_for_due_reminders_walks_their_index(bob) -> None:
    ActivityFactory.create_batch(3, owner=bob, remind_owner_at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for field in ("owner", "author"):
            cursor.execute(
                f"""EXPLAIN SELECT id FROM activities_activity WHERE remind_{field}_at <= now()
                    AND status IN ('not_started', 'in_progress') ORDER BY remind_{field}_at LIMIT 200"""
            )
            assert f"activity_remind_{field}" in str(cursor.fetchall())

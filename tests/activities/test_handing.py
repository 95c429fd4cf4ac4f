"""Postponing, reassigning, taking and giving back."""

from datetime import timedelta

import pytest

from activities import services
from activities.errors import ActivityAlreadyClosed, AlreadyTaken, NobodyToGiveBackTo
from activities.later import preset, presets
from bpm_portal.common.errors import Forbidden, Invalid, NotFound
from tests import factories


def test_postponing_keeps_a_due_date_that_still_fits(task, bob, now):
    services.postpone_activity(activity_id=task.pk, until=now + timedelta(hours=1), by=bob, now=now)
    task.refresh_from_db()
    assert (task.starts_at, task.due_at) == (now + timedelta(hours=1), now + timedelta(hours=2))


def test_postponing_beyond_the_due_date_moves_it_and_the_reminder_by_as_much(task, bob, now):
    task.remind_owner_at = now + timedelta(hours=1)
    task.save()
    services.postpone_activity(activity_id=task.pk, until=now + timedelta(days=1), by=bob, now=now)
    task.refresh_from_db()
    assert task.due_at == now + timedelta(days=1, hours=2)
    assert task.remind_owner_at == now + timedelta(days=1, hours=1)


def test_postponing_into_the_past_is_refused(task, bob, now):
    with pytest.raises(Invalid):
        services.postpone_activity(activity_id=task.pk, until=now, by=bob, now=now)


def test_reassigning_names_exactly_one_performer(task, bob, carol, role, now):
    for performer in ({}, {"assignee": carol, "role": role}):
        with pytest.raises(Invalid):
            services.reassign_activity(activity_id=task.pk, by=bob, now=now, **performer)
    services.reassign_activity(activity_id=task.pk, by=bob, now=now, role=role)
    task.refresh_from_db()
    assert (task.owner, task.role) == (None, role)
    services.reassign_activity(activity_id=task.pk, by=carol, now=now, assignee=carol)
    task.refresh_from_db()
    assert (task.owner, task.role) == (carol, None)


def test_nothing_is_given_to_people_who_have_left(task, bob, now):
    gone = factories.UserFactory(is_active=False)
    with pytest.raises(Invalid, match="Please check"):
        services.reassign_activity(activity_id=task.pk, by=bob, now=now, assignee=gone)


def test_taking_makes_it_mine_and_giving_back_makes_it_the_roles(role, alice, bob, carol, now):
    activity = factories.ActivityFactory(role=role, author=alice)
    for _time in range(2):  # a double click does no harm
        services.take_activity(activity_id=activity.pk, by=bob, now=now)
    activity.refresh_from_db()
    assert (activity.owner, activity.role) == (bob, role)
    with pytest.raises(AlreadyTaken, match="Bob has already taken"):
        services.take_activity(activity_id=activity.pk, by=carol, now=now)
    services.give_back_activity(activity_id=activity.pk, by=bob, now=now)
    activity.refresh_from_db()
    assert (activity.owner, activity.role) == (None, role)


def test_the_author_cannot_take_what_is_of_a_role_she_is_not_in(role, alice, now):
    activity = factories.ActivityFactory(role=role, author=alice)
    with pytest.raises(Forbidden):
        services.take_activity(activity_id=activity.pk, by=alice, now=now)


def test_without_a_role_there_is_nobody_to_give_back_to(task, bob, now):
    with pytest.raises(NobodyToGiveBackTo):
        services.give_back_activity(activity_id=task.pk, by=bob, now=now)


def test_final_activities_are_handed_to_nobody(task, bob, carol, now):
    services.complete_activity(activity_id=task.pk, result="", details="", by=bob, now=now)
    with pytest.raises(ActivityAlreadyClosed):
        services.postpone_activity(activity_id=task.pk, until=now + timedelta(days=1), by=bob, now=now)
    with pytest.raises(ActivityAlreadyClosed):
        services.reassign_activity(activity_id=task.pk, by=bob, now=now, assignee=carol)


def test_managed_ones_go_to_the_manager(managed, manager, bob, carol, now):
    until = now + timedelta(days=1)
    services.postpone_activity(activity_id=managed.pk, until=until, by=bob, now=now)
    services.reassign_activity(activity_id=managed.pk, by=bob, now=now, assignee=carol)
    services.take_activity(activity_id=managed.pk, by=bob, now=now)
    services.give_back_activity(activity_id=managed.pk, by=bob, now=now)
    assert manager.calls == [
        ("postpone", {"activity_id": managed.pk, "until": until, "by": bob, "now": now}),
        ("reassign", {"activity_id": managed.pk, "assignee": carol, "role": None, "by": bob, "now": now}),
        ("take", {"activity_id": managed.pk, "by": bob, "now": now}),
        ("give_back", {"activity_id": managed.pk, "by": bob, "now": now}),
    ]


def test_mallory_hands_nothing_to_anybody(task, managed, manager, mallory, now):
    for pk in (task.pk, managed.pk):
        for act in (
            lambda pk: services.postpone_activity(
                activity_id=pk, until=now + timedelta(days=1), by=mallory, now=now
            ),
            lambda pk: services.reassign_activity(activity_id=pk, by=mallory, now=now, assignee=mallory),
            lambda pk: services.take_activity(activity_id=pk, by=mallory, now=now),
            lambda pk: services.give_back_activity(activity_id=pk, by=mallory, now=now),
        ):
            with pytest.raises(NotFound):
                act(pk)
    assert manager.calls == []


def test_presets_lie_ahead_in_the_readers_time_zone(now, settings):
    settings.TIME_ZONE = "UTC"
    assert [(offer.code, f"{offer.until:%a %H:%M}") for offer in presets(now)] == [
        ("in-1-hour", "Mon 10:00"),
        ("this-afternoon", "Mon 14:00"),
        ("tomorrow-morning", "Tue 09:00"),
        ("next-week", "Mon 09:00"),
    ]
    evening = now.replace(hour=18)
    assert "this-afternoon" not in [offer.code for offer in presets(evening)]
    assert preset("this-afternoon", evening) is None
    assert preset("tomorrow-morning", evening) == now + timedelta(days=1)

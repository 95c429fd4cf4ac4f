"""Reminders of activities and of steps without one: each rings once, whatever number of workers look for it."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from activities.models import Activity
from bpm_portal.accounts.models import User
from notifications import bus
from notifications.audience import active, substitutes_by_person
from notifications.models import Notification
from notifications.telling import about_step, tell
from processes.models import ProcessStep

BATCH = 200
OPEN = (Activity.Status.NOT_STARTED, Activity.Status.IN_PROGRESS)


def ring_due_reminders(*, now: datetime) -> int:
    """Ring what is due at `now`, of open activities only; returns the number of entries made."""
    rung = 0
    for field, listeners in ((("remind_owner_at"), _owners), ("remind_author_at", _authors)):
        while made := _ring_batch(field, listeners, now):
            rung += sum(made)
    while made := _ring_steps(now):
        rung += sum(made)
    return rung


def _ring_batch(
    field: str, listeners: Callable[[list[Activity], datetime], dict[int, set[int]]], now: datetime
) -> list[int]:
    """Claim a batch, write the entries and clear the reminders in one transaction: a crash leaves all or nothing.

    Locked rows are skipped: another worker rings them, or somebody edits them and the next look finds them.
    Returns the number of entries per claimed activity.
    """
    with transaction.atomic():
        due = Activity.objects.filter(**{f"{field}__lte": now}, status__in=OPEN)
        claimed = list(due.select_for_update(skip_locked=True, of=("self",)).order_by(field)[:BATCH])
        people = listeners(claimed, now)
        entries = [
            Notification(
                user_id=user,
                kind="reminder",
                data={
                    "name": activity.title,
                    "process": activity.process_caption or activity.record_caption,
                    "activity": activity.pk,
                },
                url=reverse("activities:detail", args=[activity.pk]),
                created_at=now,
            )
            for activity in claimed
            for user in people.get(activity.pk, ())
        ]
        tell(entries, now=now)
        Activity.objects.filter(pk__in=[activity.pk for activity in claimed]).update(**{field: None})
        transaction.on_commit(partial(bus.publish, {entry.user_id for entry in entries}))
    return [len(people.get(activity.pk, ())) for activity in claimed]


def _ring_steps(now: datetime) -> list[int]:
    """The same for steps that wait on a record.

    The instance is locked with its step, as the entry refers to both: holding the step alone while a turn holds the
    instance and wants the step would be a deadlock.
    """
    with transaction.atomic():
        due = ProcessStep.objects.to_remind_of(now).select_related("instance")
        due = due.select_for_update(skip_locked=True, of=("self", "instance"))
        claimed = list(due.order_by("remind_at")[:BATCH])
        performers = _performers({step.pk: (step.assignee_id, step.role_id) for step in claimed})
        people = _active_of(_with_substitutes(performers, now))
        entries = [
            about_step(step, "reminder", user_id=user, now=now)
            for step in claimed
            for user in people.get(step.pk, ())
        ]
        tell(entries, now=now)
        ProcessStep.objects.filter(pk__in=[step.pk for step in claimed]).update(remind_at=None)
        transaction.on_commit(partial(bus.publish, {entry.user_id for entry in entries}))
    return [len(people.get(step.pk, ())) for step in claimed]


def _owners(activities: list[Activity], now: datetime) -> dict[int, set[int]]:
    """The owner of each, the members of its role while nobody has taken it; and who stands in for them in processes."""
    people = _performers({activity.pk: (activity.owner_id, activity.role_id) for activity in activities})
    managed = {activity.pk: people[activity.pk] for activity in activities if activity.is_managed}
    return _active_of(people | _with_substitutes(managed, now))


def _authors(activities: list[Activity], now: datetime) -> dict[int, set[int]]:
    return _active_of({each.pk: {each.author_id} for each in activities if each.author_id is not None})


def _performers(named: Mapping[int, tuple[int | None, int | None]]) -> dict[int, set[int]]:
    """The person, or the members of the role where none is named, by the key of `named`; they may have left."""
    roles = {role for person, role in named.values() if person is None and role is not None}
    members: defaultdict[int | None, set[int]] = defaultdict(set)
    memberships = User.groups.through.objects.filter(group_id__in=roles)
    for user_id, group_id in memberships.values_list("user_id", "group_id"):
        members[group_id].add(user_id)
    return {key: members[role] if person is None else {person} for key, (person, role) in named.items()}


def _with_substitutes(people: Mapping[int, set[int]], now: datetime) -> dict[int, set[int]]:
    """Whoever has left is still stood in for."""
    substitutes = substitutes_by_person(set().union(*people.values()), now=now)
    return {key: users.union(*(substitutes.get(user, ()) for user in users)) for key, users in people.items()}


def _active_of(people: Mapping[int, set[int]]) -> dict[int, set[int]]:
    """Who has left hears nothing."""
    staying = active(Q(pk__in=set().union(*people.values())))
    return {key: users & staying for key, users in people.items()}

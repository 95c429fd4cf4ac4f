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
from notifications.models import Notification
from processes.models import ProcessStep
from processes.services.steps import step_url

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
    field: str, listeners: Callable[[list[Activity]], dict[int, set[int]]], now: datetime
) -> list[int]:
    """Claim a batch, write the entries and clear the reminders in one transaction: a crash leaves all or nothing.

    Locked rows are skipped: another worker rings them, or somebody edits them and the next look finds them.
    Returns the number of entries per claimed activity.
    """
    with transaction.atomic():
        due = Activity.objects.filter(**{f"{field}__lte": now}, status__in=OPEN)
        claimed = list(due.select_for_update(skip_locked=True, of=("self",)).order_by(field)[:BATCH])
        people = listeners(claimed)
        entries = [
            Notification(
                user_id=user,
                kind="reminder",
                data={"name": activity.title, "process": activity.process_caption or activity.record_caption},
                url=reverse("activities:detail", args=[activity.pk]),
                created_at=now,
            )
            for activity in claimed
            for user in people.get(activity.pk, ())
        ]
        Notification.objects.bulk_create(entries)
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
        people = _performers({step.pk: (step.assignee_id, step.role_id) for step in claimed})
        entries = [
            Notification(
                user_id=user,
                kind="reminder",
                instance_id=step.instance_id,
                step=step,
                data={"name": str(step), "process": step.instance_caption},
                url=step_url(step.pk),
                created_at=now,
            )
            for step in claimed
            for user in people.get(step.pk, ())
        ]
        Notification.objects.bulk_create(entries)
        ProcessStep.objects.filter(pk__in=[step.pk for step in claimed]).update(remind_at=None)
        transaction.on_commit(partial(bus.publish, {entry.user_id for entry in entries}))
    return [len(people.get(step.pk, ())) for step in claimed]


def _owners(activities: list[Activity]) -> dict[int, set[int]]:
    """The owner of each; the members of its role while nobody has taken it."""
    return _performers({activity.pk: (activity.owner_id, activity.role_id) for activity in activities})


def _performers(named: Mapping[int, tuple[int | None, int | None]]) -> dict[int, set[int]]:
    """Person, or the active members of the role where none is named, by the key of `named`."""
    owners = _active_of({key: person for key, (person, _role) in named.items()})
    unclaimed = {key: role for key, (person, role) in named.items() if person is None}
    members: defaultdict[int, set[int]] = defaultdict(set)
    memberships = User.groups.through.objects.filter(
        group_id__in={role for role in unclaimed.values() if role is not None}, user__is_active=True
    )
    for user_id, group_id in memberships.values_list("user_id", "group_id"):
        members[group_id].add(user_id)
    return owners | {key: members[role] for key, role in unclaimed.items() if role is not None}


def _authors(activities: list[Activity]) -> dict[int, set[int]]:
    return _active_of({activity.pk: activity.author_id for activity in activities})


def _active_of(people: dict[int, int | None]) -> dict[int, set[int]]:
    wanted = {user for user in people.values() if user is not None}
    staying = set(User.objects.filter(Q(pk__in=wanted), is_active=True).values_list("pk", flat=True))
    return {pk: {user} for pk, user in people.items() if user in staying and user is not None}

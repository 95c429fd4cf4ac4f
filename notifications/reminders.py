"""Reminders of activities: each rings once, whatever number of workers look for it."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from activities.models import Activity
from bpm_portal.accounts.models import User
from notifications import bus
from notifications.models import Notification

BATCH = 200
OPEN = (Activity.Status.NOT_STARTED, Activity.Status.IN_PROGRESS)


def ring_due_reminders(*, now: datetime) -> int:
    """Ring what is due at `now`, of open activities only; returns the number of entries made."""
    rung = 0
    for field, listeners in ((("remind_owner_at"), _owners), ("remind_author_at", _authors)):
        while made := _ring_batch(field, listeners, now):
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


def _owners(activities: list[Activity]) -> dict[int, set[int]]:
    """The owner of each; the members of its role while nobody has taken it."""
    owners = _active_of({activity.pk: activity.owner_id for activity in activities})
    unclaimed = {activity.pk: activity.role_id for activity in activities if activity.owner_id is None}
    members: defaultdict[int, set[int]] = defaultdict(set)
    memberships = User.groups.through.objects.filter(
        group_id__in={role for role in unclaimed.values() if role is not None}, user__is_active=True
    )
    for user_id, group_id in memberships.values_list("user_id", "group_id"):
        members[group_id].add(user_id)
    return owners | {pk: members[role] for pk, role in unclaimed.items() if role is not None}


def _authors(activities: list[Activity]) -> dict[int, set[int]]:
    return _active_of({activity.pk: activity.author_id for activity in activities})


def _active_of(people: dict[int, int | None]) -> dict[int, set[int]]:
    wanted = {user for user in people.values() if user is not None}
    staying = set(User.objects.filter(Q(pk__in=wanted), is_active=True).values_list("pk", flat=True))
    return {pk: {user} for pk, user in people.items() if user in staying and user is not None}

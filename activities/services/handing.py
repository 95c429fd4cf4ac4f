"""Postpone activities and hand them from one performer to another."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activities import lifecycle
from activities.errors import AlreadyTaken, NobodyToGiveBackTo
from activities.services import rows
from bpm_portal.accounts.roles import role_ids
from bpm_portal.common.errors import Forbidden, Invalid


def postpone_activity(*, activity_id: int, until: datetime, by: Any, now: datetime) -> None:
    """Start it at `until` (after `now`); a due date or reminder that would lie before moves by as much."""
    if until <= now:
        raise Invalid(until=_("Choose a moment that lies ahead."))
    manager = lifecycle.manager_of(rows.visible(activity_id, by))
    if manager is not None:
        manager.postpone(activity_id=activity_id, until=until, by=by, now=now)
        return
    with transaction.atomic():
        activity = rows.locked(activity_id, by)
        delay = until - activity.starts_at
        activity.starts_at = until
        if activity.due_at is not None and activity.due_at < until:
            activity.due_at += delay
        if activity.remind_owner_at is not None and activity.remind_owner_at < until:
            activity.remind_owner_at += delay
        activity.save(update_fields=["starts_at", "due_at", "remind_owner_at"])


def reschedule_activity(
    *, activity_id: int, starts_at: datetime, due_at: datetime | None, by: Any, now: datetime
) -> None:
    """Give it these times, which may lie in the past; reminders move with the start. Raises Invalid."""
    if due_at is not None and due_at < starts_at:
        raise Invalid(due_at=_("The due date lies before the start."))
    manager = lifecycle.manager_of(rows.visible(activity_id, by))
    if manager is not None:
        manager.reschedule(activity_id=activity_id, starts_at=starts_at, due_at=due_at, by=by, now=now)
        return
    with transaction.atomic():
        activity = rows.locked(activity_id, by)
        delay = starts_at - activity.starts_at
        activity.starts_at, activity.due_at = starts_at, due_at
        if activity.remind_owner_at is not None:
            activity.remind_owner_at += delay
        if activity.remind_author_at is not None:
            activity.remind_author_at += delay
        activity.save(update_fields=["starts_at", "due_at", "remind_owner_at", "remind_author_at"])


def reassign_activity(
    *, activity_id: int, by: Any, now: datetime, assignee: Any = None, role: Any = None
) -> None:
    """Give it to exactly one of a user and a role."""
    if (assignee is None) == (role is None):
        raise Invalid(performer=_("Name either a person or a role."))
    if assignee is not None and not assignee.is_active:
        raise Invalid(performer=_("This person has left. Name somebody else."))
    manager = lifecycle.manager_of(rows.visible(activity_id, by))
    if manager is not None:
        manager.reassign(activity_id=activity_id, assignee=assignee, role=role, by=by, now=now)
        return
    with transaction.atomic():
        activity = rows.locked(activity_id, by)
        activity.owner = assignee
        activity.role = role
        activity.save(update_fields=["owner", "role"])


def take_activity(*, activity_id: int, by: Any, now: datetime) -> None:
    """A member of the role makes it his own; the second to try is told who was faster."""
    manager = lifecycle.manager_of(rows.visible(activity_id, by))
    if manager is not None:
        manager.take(activity_id=activity_id, by=by, now=now)
        return
    with transaction.atomic():
        activity = rows.locked(activity_id, by)
        if activity.owner_id == by.pk:
            return
        if activity.owner is not None:
            raise AlreadyTaken(by=str(activity.owner))
        if activity.role_id not in role_ids(by):
            raise Forbidden
        activity.owner = by
        activity.save(update_fields=["owner"])


def give_back_activity(*, activity_id: int, by: Any, now: datetime) -> None:
    """Any member of its role may take it again."""
    manager = lifecycle.manager_of(rows.visible(activity_id, by))
    if manager is not None:
        manager.give_back(activity_id=activity_id, by=by, now=now)
        return
    with transaction.atomic():
        activity = rows.locked(activity_id, by)
        if activity.role_id is None:
            raise NobodyToGiveBackTo
        activity.owner = None
        activity.save(update_fields=["owner"])

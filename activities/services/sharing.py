"""Who and what else belongs to an activity: participants, further records, reminders."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activities import news
from activities.access import may_act, may_perform
from activities.errors import ChangedByProcessOnly
from activities.models import Activity, ActivityConnection, Participant
from activities.services import rows
from bpm_portal.common.errors import Forbidden, Invalid, NotFound
from records.models import Record


def add_participant(*, activity_id: int, user: Any, by: Any, now: datetime) -> None:
    """He sees it from now on and is told so; nothing happens where he takes part already. Raises Invalid."""
    activity = _to_change(activity_id, by)
    if not user.is_active:
        raise Invalid(user=_("This person has left. Name somebody else."))
    with transaction.atomic():
        _row, is_new = Participant.objects.get_or_create(activity=activity, user=user)
        if is_new:
            news.tell(news.News("invited", activity, frozenset({user.pk} - {by.pk}), by, now))


def remove_participant(*, activity_id: int, user_id: int, by: Any) -> None:
    """He takes part no longer; everybody may leave himself. Raises NotFound where he takes no part."""
    activity = rows.visible(activity_id, by)
    if user_id != by.pk and not may_act(activity, by):
        raise Forbidden
    if not Participant.objects.filter(activity=activity, user=user_id).delete()[0]:
        raise NotFound


@transaction.atomic
def connect_record(*, activity_id: int, record: Any, by: Any) -> None:
    """A further record: whoever sees it sees the activity. Raises Invalid for one that `by` may not see."""
    activity = _to_change(activity_id, by)
    if not Record.objects.visible_to(by).filter(pk=record.pk).exists():
        raise Invalid(record=_("There is no such record."))
    rows.hold_record(record)
    if record.pk != activity.record_id:
        ActivityConnection.objects.get_or_create(activity=activity, record=record)


def disconnect_record(*, activity_id: int, record_id: int, by: Any) -> None:
    """No longer connected; what a process has connected stays. Raises ChangedByProcessOnly, NotFound."""
    activity = _to_change(activity_id, by)
    if activity.is_managed:
        raise ChangedByProcessOnly
    if not ActivityConnection.objects.filter(activity=activity, record=record_id).delete()[0]:
        raise NotFound


def set_reminder(*, activity_id: int, at: datetime | None, by: Any, now: datetime) -> None:
    """Remind me, as its performer or as its author; no time: never.

    For managed ones too: no process asks for it, and one column is written only while the activity is open.
    """
    activity = rows.visible(activity_id, by)
    field = reminder_field(activity, by)
    if not field:
        raise Forbidden
    rows.refuse_closed(activity)
    if at is not None and at <= now:
        raise Invalid(at=_("Choose a moment that lies ahead."))
    if not Activity.objects.open().filter(pk=activity_id).update(**{field: at}):
        rows.refuse_closed(rows.visible(activity_id, by))


def reminder_field(activity: Any, user: Any) -> str:
    """Which reminder is this user's own; empty: none."""
    if may_perform(activity, user):
        return "remind_owner_at"
    return "remind_author_at" if activity.author_id == user.pk else ""


def _to_change(activity_id: int, by: Any) -> Activity:
    activity = rows.visible(activity_id, by)
    if not may_act(activity, by):
        raise Forbidden
    rows.refuse_closed(activity)
    return activity

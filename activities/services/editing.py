"""Add and change activities that people make for themselves and for others."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from activities.errors import ChangedByProcessOnly
from activities.models import Activity
from activities.services import rows
from bpm_portal.common.errors import Invalid
from records.models import Record

CHANGEABLE = (
    "title",
    "details",
    "category",
    "priority",
    "owner",
    "role",
    "record",
    "starts_at",
    "due_at",
    "remind_owner_at",
    "remind_author_at",
    "in_calendar",
)


def create_activity(
    *,
    title: str,
    starts_at: datetime,
    due_at: datetime | None,
    by: Any,
    now: datetime,
    owner: Any = None,
    role: Any = None,
    record: Any = None,
    details: str = "",
    category: str = Activity.Category.TASK,
    priority: int = Activity.Priority.MEDIUM,
    remind_owner_at: datetime | None = None,
    remind_author_at: datetime | None = None,
    in_calendar: bool = True,
    allowed_results: Sequence[Mapping[str, str]] = (),
) -> Activity:
    """A new activity, not started, of its author where no performer is named; raises Invalid."""
    activity = Activity(
        title=title,
        details=details,
        category=category,
        priority=priority,
        owner=owner if owner or role else by,
        role=role,
        record=record,
        author=by,
        starts_at=starts_at,
        due_at=due_at,
        remind_owner_at=remind_owner_at,
        remind_author_at=remind_author_at,
        in_calendar=in_calendar,
        allowed_results=[dict(offer) for offer in allowed_results],
        created_at=now,
    )
    _check(activity, by=by, changed=CHANGEABLE)
    activity.record_caption = record.caption if record else ""
    activity.save(force_insert=True)
    return activity


@transaction.atomic
def change_activity(*, activity: Activity, values: Mapping[str, Any], by: Any, now: datetime) -> Activity:
    """The activity with other values of some CHANGEABLE fields; raises Invalid, Conflict once it is final."""
    unknown = set(values) - set(CHANGEABLE)
    if unknown:
        raise Invalid(**{name: _("This field cannot be changed.") for name in unknown})
    if rows.visible(activity.pk, by).is_managed:
        raise ChangedByProcessOnly
    current = rows.locked(activity.pk, by)
    changed = [name for name, value in values.items() if getattr(current, name) != value]
    for name in changed:
        setattr(current, name, values[name])
    _check(current, by=by, changed=changed)
    if "record" in changed:
        current.record_caption = current.record.caption if current.record else ""
        changed.append("record_caption")
    if changed:
        current.save(update_fields=changed)
    return current


def _check(activity: Activity, *, by: Any, changed: Sequence[str]) -> None:
    """Raise Invalid with every problem of the changed fields at once."""
    problems: dict[str, str | Promise] = {}
    activity.title = activity.title.strip()
    if not activity.title:
        problems["title"] = _("Say what is to be done.")
    elif len(activity.title) > 250:
        problems["title"] = _("The title is too long: 250 characters at most.")
    if activity.due_at is not None and activity.due_at < activity.starts_at:
        problems["due_at"] = _("The due date lies before the start.")
    if activity.owner_id is None and activity.role_id is None:
        problems["owner"] = _("Name a person or a role that does it.")
    elif "owner" in changed and activity.owner is not None and not activity.owner.is_active:
        problems["owner"] = _("This person has left. Name somebody else.")
    if activity.category not in Activity.Category.values:
        problems["category"] = _("There is no such category.")
    if activity.priority not in Activity.Priority.values:
        problems["priority"] = _("There is no such priority.")
    if "record" in changed and not _sees(by, activity.record_id):
        problems["record"] = _("There is no such record.")
    if problems:
        raise Invalid(**problems)


def _sees(user: Any, record_id: int | None) -> bool:
    return record_id is None or Record.objects.visible_to(user).filter(pk=record_id).exists()

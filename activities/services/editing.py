"""Add, change and delete activities that people make for themselves and for others."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activities import changes
from activities.errors import ChangedByProcessOnly
from activities.models import Activity
from activities.services import rows
from activities.services.files import drop_file
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


@transaction.atomic
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
    rows.hold_record(record)
    activity.record_caption = record.caption if record else ""
    activity.save(force_insert=True)
    changes.tell(activity)
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
        rows.hold_record(current.record)
        current.record_caption = current.record.caption if current.record else ""
        changed.append("record_caption")
    if changed:
        current.save(update_fields=changed)
    return current


@transaction.atomic
def delete_activity(*, activity: Activity) -> None:
    """Delete an activity of people with all that belongs to it, its files too. Raises ChangedByProcessOnly."""
    if activity.is_managed:
        raise ChangedByProcessOnly
    for attachment in activity.attachments.all():
        drop_file(attachment)
    activity.delete()


def find_problems(values: Mapping[str, Any], *, by: Any, changed: Iterable[str]) -> dict[str, str]:
    """What is wrong with these values of the CHANGEABLE fields, per field; people and records only if changed."""
    problems = {}
    if not values["title"].strip():
        problems["title"] = _("Say what is to be done.")
    elif len(values["title"]) > 250:
        problems["title"] = _("The title is too long: 250 characters at most.")
    if values["due_at"] is not None and values["due_at"] < values["starts_at"]:
        problems["due_at"] = _("The due date lies before the start.")
    owner = values["owner"]
    if owner is None and values["role"] is None:
        problems["owner"] = _("Name a person or a role that does it.")
    elif "owner" in changed and owner is not None and not owner.is_active:
        problems["owner"] = _("This person has left. Name somebody else.")
    if values["category"] not in Activity.Category.values:
        problems["category"] = _("There is no such category.")
    if values["priority"] not in Activity.Priority.values:
        problems["priority"] = _("There is no such priority.")
    if "record" in changed and not _sees(by, values["record"]):
        problems["record"] = _("There is no such record.")
    return problems


def _check(activity: Activity, *, by: Any, changed: Sequence[str]) -> None:
    """Raise Invalid with every problem of the changed fields at once."""
    values = {name: getattr(activity, name) for name in CHANGEABLE}
    problems = find_problems(values, by=by, changed=changed)
    if problems:
        raise Invalid(**problems)
    activity.title = activity.title.strip()


def _sees(user: Any, record: Any) -> bool:
    return record is None or Record.objects.visible_to(user).filter(pk=record.pk).exists()

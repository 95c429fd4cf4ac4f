"""The moments that people postpone to, in the time zone of the reader."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AFTERNOON = time(14)
MORNING = time(9)


@dataclass(frozen=True, slots=True)
class Preset:
    """A moment with a name; `code` names it in forms."""

    code: str
    label: str | Promise
    until: datetime


def presets(now: datetime) -> list[Preset]:
    """What is offered at `now` (aware): in an hour, this afternoon while it is ahead, tomorrow, next week."""
    today = timezone.localtime(now).date()
    monday = today + timedelta(days=7 - today.weekday())
    afternoon = _local(datetime.combine(today, AFTERNOON))
    tomorrow = _local(datetime.combine(today + timedelta(days=1), MORNING))
    offers = [
        Preset("in-1-hour", _("In 1 hour"), now + timedelta(hours=1)),
        Preset("this-afternoon", _("This afternoon"), afternoon),
        Preset("tomorrow-morning", _("Tomorrow morning"), tomorrow),
        Preset("next-week", _("Next week"), _local(datetime.combine(monday, MORNING))),
    ]
    return [offer for offer in offers if offer.until > now]


def preset(code: str, now: datetime) -> datetime | None:
    """The moment that this code means at `now`; None for an unknown or past one."""
    return next((offer.until for offer in presets(now) if offer.code == code), None)


def _local(naive: datetime) -> datetime:
    return timezone.make_aware(naive)

"""Moments as people say them, in the reader's time zone."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

#: Before and after them a moment has no date in some time zone.
FIRST_YEAR, LAST_YEAR = 2, 9998
NOTHING = SafeString('<span class="text-secondary">—</span>')


def check_year(value: date) -> None:
    """For fields of dates and moments: one that nobody could be shown is refused. Raises ValidationError."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        text = _("Choose a year between %(first)d and %(last)d.")
        raise ValidationError(text, params={"first": FIRST_YEAR, "last": LAST_YEAR})


def said(value: date, *, now: datetime) -> str:
    """`Today, 14:05`; `Yesterday, 9:00`; `12 Mar, 9:00`; with the year where it is another one."""
    moment = timezone.localtime(value) if isinstance(value, datetime) else None
    day = moment.date() if moment else value
    today = timezone.localtime(now).date()
    near = {
        today: _("Today"),
        today - timedelta(days=1): _("Yesterday"),
        today + timedelta(days=1): _("Tomorrow"),
    }
    # Translators: a date of this year, and one of another year, in Django's date format.
    far = pgettext("date format", "j M") if day.year == today.year else pgettext("date format", "j M Y")
    text = near.get(day) or date_format(day, far)
    return f"{text}, {date_format(moment, 'TIME_FORMAT')}" if moment else text


def said_within(value: date, *, now: datetime) -> str:
    """As it stands within a sentence: `today, 14:05`."""
    words = said(value, now=now)
    return words[:1].lower() + words[1:]


def fully(value: date) -> str:
    """The date with its year, and for a moment the time and the zone: `12 March 2026, 9:00 CET`."""
    if not isinstance(value, datetime):
        return date_format(value, "DATE_FORMAT")
    moment = timezone.localtime(value)
    return f"{date_format(moment, 'DATE_FORMAT')}, {date_format(moment, 'TIME_FORMAT')} {moment.tzname()}"


def time_element(
    value: date | None, *, now: datetime | None = None, words: Callable[..., str] = said
) -> SafeString:
    """`<time>` with the spoken form as text and the full one as tooltip; a dash for None."""
    if value is None:
        return NOTHING
    text = words(value, now=now or timezone.now())
    return format_html(
        '<time class="when" datetime="{}" title="{}">{}</time>', value.isoformat(), fully(value), text
    )


def due_element(
    value: date | None, *, now: datetime | None = None, words: Callable[..., str] = said
) -> SafeString:
    """As `time_element`; what has passed carries an icon and the word "overdue"."""
    if value is None:
        return NOTHING
    now = now or timezone.now()
    element = time_element(value, now=now, words=words)
    passed = value < now if isinstance(value, datetime) else value < timezone.localtime(now).date()
    if not passed:
        return element
    return format_html(
        '<span class="due-passed"><i class="ti ti-alarm" aria-hidden="true"></i>'
        '<span class="visually-hidden">{}</span> {}</span>',
        _("Overdue:"),
        element,
    )

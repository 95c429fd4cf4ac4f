"""The calendar of a person behind a secret address: made, renewed, revoked, and written as iCalendar.

Calendars of other makers ask for it every few hours, without signing in. Entries are events, not tasks: Google leaves
tasks out. Times are in UTC, so that no description of time zones is needed; nothing in the text depends on the moment
at which it is asked for, so that what has not changed has the same ETag.
"""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from activities.models import Activity
from bpm_portal.accounts.models import User
from notifications.links import absolute
from notifications.models import CalendarFeed
from processes.models import ProcessStep
from processes.services.steps import step_url

PAST, AHEAD = timedelta(days=60), timedelta(days=400)
MOST = 2000  # entries
MOMENT = timedelta(minutes=30)  # how long something without an end takes up
WHOLE_DAY = timedelta(hours=12)  # what takes longer does not make its owner busy
PRODUCT = "-//BPM Portal//calendar//EN"


def make_feed(*, by: Any, now: datetime) -> str:
    """Make my secret address, or another one in place of the old one; returns it: only its hash is kept."""
    key, secret = secrets.token_hex(8), secrets.token_urlsafe(24)
    values = {"key": key, "digest": _hash(secret), "made_at": now}
    CalendarFeed.objects.update_or_create(user=by, defaults=values)
    return absolute(reverse("mail:calendar", args=[f"{key}.{secret}"]))


def revoke_feed(*, by: Any) -> None:
    """Whoever knows my address gets nothing any more."""
    CalendarFeed.objects.filter(user=by).delete()


def owner_of(token: str) -> User | None:
    """Whose calendar has this address; None for one that is not, or no longer, in use."""
    key, _dot, secret = token.partition(".")
    feed = CalendarFeed.objects.select_related("user").filter(key=key, user__is_active=True).first()
    if feed is None or not constant_time_compare(feed.digest, _hash(secret)):
        return None
    return feed.user


def calendar_of(user: User, *, now: datetime) -> bytes:
    """What is mine to do or to attend, in the active language."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    name = _("BPM Portal: %(name)s") % {"name": user}
    for field in ("name", "x-wr-calname"):
        calendar.add(field, name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for event in _events(user, today - PAST, today + AHEAD):
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _events(user: User, since: datetime, until: datetime) -> Iterable[Event]:
    taking_part = user.participations.values("activity")
    mine = Activity.objects.filter(Q(owner=user) | Q(pk__in=taking_part)).for_calendar(since, until)
    for activity in mine.order_by("starts_at", "id")[:MOST]:
        yield _event(
            uid=f"activity-{activity.pk}",
            name=_("Done: %(name)s") % {"name": activity.title} if activity.is_final else activity.title,
            begin=activity.starts_at,
            end=activity.due_at,
            lines=[activity.process_caption, activity.record_caption, activity.details],
            url=absolute(reverse("activities:detail", args=[activity.pk])),
            category=activity.get_category_display(),
            made=activity.created_at,
        )
    steps = ProcessStep.objects.pending().human().filter(assignee=user, activity=None, due_at__isnull=False)
    for step in steps.filter(due_at__gte=since, due_at__lt=until).order_by("due_at", "id")[:MOST]:
        yield _event(
            uid=f"step-{step.pk}",
            name=_("Due: %(name)s") % {"name": step},
            begin=step.due_at - MOMENT,
            end=step.due_at,
            lines=[step.instance_caption, step.record_caption],
            url=absolute(step_url(step.pk)),
            category=_("Task"),
            made=step.opened_at,
        )


def _event(
    *,
    uid: str,
    name: str,
    begin: datetime,
    end: datetime | None,
    lines: Iterable[str],
    url: str,
    category: str,
    made: datetime,
) -> Event:
    end = end if end is not None and end > begin else begin + MOMENT
    event = Event()
    event.add("uid", f"{uid}@{urlsplit(settings.PORTAL_URL).hostname}")
    event.add("dtstamp", made.astimezone(UTC))
    event.add("dtstart", begin.astimezone(UTC))
    event.add("dtend", end.astimezone(UTC))
    event.add("summary", name)
    said = dict.fromkeys(line for line in lines if line and line != name)
    event.add("description", "\n".join([*said, url]))
    event.add("url", url)
    event.add("categories", [category])
    event.add("status", "CONFIRMED")
    event.add("class", "PRIVATE")
    # Work of a process that runs for days is a deadline, not an appointment.
    event.add("transp", "TRANSPARENT" if end - begin > WHOLE_DAY else "OPAQUE")
    return event

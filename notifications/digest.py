"""The daily e-mail: who gets one now, and what it tells: what is overdue, due today and new."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from bpm_portal.accounts.models import User
from notifications.models import DeliveryTimes, Letter, Mail, NewsChoice, Notification
from notifications.reading import my_feed
from notifications.sorts import SORTS, ways_of
from processes.feed import FeedItem, end_of_today
from processes.feed_sql import COUNT_CAP

GRACE = 4  # hours: a worker that stood still in the morning does not send at night
MOST = 50  # tasks in one e-mail
LONGEST = timedelta(days=7)  # what is older is no news, whenever the last e-mail came
#: Sorts that tell of tasks: the e-mail lists the tasks themselves.
TASKS = ("step", "approval", "role")


@dataclass(frozen=True, slots=True)
class Digest:
    """What one e-mail tells; `more` says how many tasks it does not name."""

    overdue: list[FeedItem]
    today: list[FeedItem]
    new: list[FeedItem]
    news: list[Notification]
    more: int

    @property
    def is_empty(self) -> bool:
        """There is nothing worth an e-mail."""
        return not (self.overdue or self.today or self.new or self.news)

    @property
    def is_capped(self) -> bool:
        """There may be still more."""
        return self.more >= COUNT_CAP - MOST


def make_digests(*, now: datetime) -> int:
    """Put the daily e-mail of everybody whose hour has come into the queue, once a day; returns how many."""
    made: list[Letter] = []
    for zone in _readers().order_by().values_list("time_zone", flat=True).distinct():
        today = timezone.localtime(now, ZoneInfo(zone))
        for user in _due(_readers().filter(time_zone=zone), today):
            last = Letter.objects.filter(user=user, day__isnull=False).order_by("-day").first()
            since = max(last.made_at, now - LONGEST) if last else now - timedelta(days=1)
            made.append(Letter(user=user, day=today.date(), since=since, made_at=now, send_at=now))
    # Two workers may look at the same moment: the database lets one row in.
    Letter.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _readers() -> QuerySet[User]:
    return User.objects.filter(is_active=True).exclude(email="")


def _due(readers: QuerySet[User], local: datetime) -> QuerySet[User]:
    """Those who want it about now and have none of this day yet."""
    hours = range(max(local.hour - GRACE + 1, 0), local.hour + 1)
    usual, day = DeliveryTimes(), local.weekday()
    wants = Q(delivery_times__digest_hour__in=hours, delivery_times__digest_days__contains=[day])
    if usual.digest_hour in hours and day in usual.digest_days:
        wants |= Q(delivery_times=None)
    choices = NewsChoice.objects.filter(user=OuterRef("pk"))
    daily = Exists(choices.filter(mail=Mail.DAILY)) | ~Exists(choices.filter(sort__in=_usually_daily()))
    got = Letter.objects.filter(user=OuterRef("pk"), day=local.date())
    return readers.filter(wants, daily, ~Exists(got))


def _usually_daily() -> list[str]:
    """Whoever has chosen nothing for one of these gets it daily."""
    return [code for code, sort in SORTS.items() if sort.usual.mail == Mail.DAILY]


def digest_of(user: Any, *, since: datetime, now: datetime) -> Digest:
    """What there is to tell this user at `now`, in the active time zone; new is what came after `since`."""
    feed = my_feed(user, now, future=False, limit=MOST)
    tomorrow = end_of_today(now, timezone.get_current_timezone())
    due = [item for item in feed.groups["today"] if item.due_at is not None and item.due_at < tomorrow]
    rest = [item for item in feed.groups["today"] if item not in due]
    new = [item for item in rest if item.starts_at > since]
    overdue = feed.groups["overdue"]
    named = sum(item.members for item in (*overdue, *due, *new))
    return Digest(overdue, due, new, _news(user, since), max(feed.count - named, 0))


def _news(user: Any, since: datetime) -> list[Notification]:
    """What else has happened, of the sorts that come with the daily e-mail."""
    ways = ways_of([user.pk])[user.pk]
    daily = [code for code, chosen in ways.items() if chosen.mail == Mail.DAILY and code not in TASKS]
    mine = Notification.objects.of(user).unread().filter(created_at__gt=since, sort__in=daily)
    return list(mine.order_by("-id")[:MOST])

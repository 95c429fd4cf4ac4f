"""What the panel shows of one person: work, unread notifications, what was chosen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from bpm_portal.accounts.substitution import standing_of
from notifications.models import Notification
from processes.feed import (
    COUNT_CAP,
    Card,
    Feed,
    FeedItem,
    Filters,
    Position,
    counted_work,
    read_card,
    read_feed,
)
from processes.models import ProcessEvent

#: A page may have read its lists that long before its bell: what changes then is fetched once too often.
SLOWEST_PAGE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Bell:
    """The bell of one person: how much work waits, whether news is unread, and which changes the page knows."""

    count: int
    has_unread: bool
    seen: int

    @property
    def is_capped(self) -> bool:
        """There may be more than the bell counts."""
        return self.count >= COUNT_CAP

    @property
    def number(self) -> str:
        """What stands on the bell: nothing, a number, or `99+`."""
        if not self.count:
            return ""
        return f"{COUNT_CAP - 1}+" if self.is_capped else str(self.count)


def read_bell(user: Any, now: datetime) -> Bell:
    """The bell as it is at `now`, in the active time zone; two statements with the roles."""
    work, parameters = counted_work(
        standing=standing_of(user, now), now=now, tz=timezone.get_current_timezone()
    )
    unread, more = Notification.objects.visible_to(user).unread().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({work}), EXISTS({unread})", [*parameters, *more])
        count, has_news = cursor.fetchone()
    return Bell(count, has_news, seen=milliseconds(now - SLOWEST_PAGE))


def my_feed(
    user: Any,
    now: datetime,
    *,
    future: bool,
    limit: int,
    after: Position | None = None,
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> Feed:
    """One page of this user's work; two statements with the roles."""
    return read_feed(
        standing=standing_of(user, now),
        now=now,
        tz=timezone.get_current_timezone(),
        future=future,
        limit=limit,
        after=after,
        filters=filters,
    )


def my_card(
    user: Any, card: Card, now: datetime, *, later: bool, limit: int, filters: Filters
) -> list[FeedItem]:
    """The steps of one card of this user's work."""
    return read_card(
        standing=standing_of(user, now),
        card=card,
        now=now,
        tz=timezone.get_current_timezone(),
        later=later,
        limit=limit,
        filters=filters,
    )


def has_unread(user: Any) -> bool:
    """Whether the notification centre has something new."""
    return bool(Notification.objects.visible_to(user).unread().exists())


def last_change() -> int:
    """When any process last moved (milliseconds of the epoch): for pages that cannot hear the live stream."""
    at = ProcessEvent.objects.order_by("-id").values_list("at", flat=True).first()
    return milliseconds(at) if at else 0


def milliseconds(moment: datetime) -> int:
    """Milliseconds since the epoch, as browsers count."""
    return int(moment.timestamp() * 1000)

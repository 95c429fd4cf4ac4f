"""The feed: what waits for one person, and how much of it, as plain SQL over the partial indexes of steps.

Mine are the pending human steps that I perform, and those of my roles that nobody has taken; and those that are theirs
for whom I stand in. Each performer
is a limited branch of its own, since one condition with OR over seven performers costs eighty times as much.
The steps of one element of one instance are one card: see `feed_sql` for how none of them has to be read for it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from django.db import connection

from bpm_portal.accounts.substitution import Standing
from processes.feed_sql import COUNT_CAP, Filters, Position, branches_of, counting, page

__all__ = ["COUNT_CAP", "Feed", "FeedItem", "Filters", "Position", "count_work", "read_feed"]

OVERDUE, TODAY, LATER = "overdue", "today", "later"
GROUPS = (OVERDUE, TODAY, LATER)


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One card: a step that waits for me; every caption in it was copied when the step opened.

    Of several steps of the same element of one instance it is the most urgent; `members` says how many they are for
    me (COUNT_CAP: that many or more), and `altogether`, where I have so many, how many they are for everybody.
    """

    step_id: int
    kind: str
    element_id: str
    name: str
    text: str
    instance_id: int
    instance_caption: str
    record_id: int | None
    record_caption: str
    activity_id: int | None
    assignee_id: int | None
    role_id: int | None
    role_name: str
    starts_at: datetime
    due_at: datetime | None
    settings: dict[str, Any] = field(hash=False)
    members: int = 1
    altogether: int | None = None

    @property
    def is_group(self) -> bool:
        """It stands for several steps."""
        return self.members > 1

    @property
    def number(self) -> str:
        """How many steps it stands for, as people read it."""
        return f"{COUNT_CAP - 1}+" if self.members >= COUNT_CAP else str(self.members)


@dataclass(frozen=True, slots=True)
class Feed:
    """`count` is the number on the bell (through the end of today, capped); `groups` hold one page of items.

    `matching` is how many of that number the filters let pass; both count steps, of which a card may hold many.
    `next` is the position after which the next page begins, None on the last one.
    """

    count: int
    matching: int
    groups: dict[str, list[FeedItem]]
    next: Position | None

    def __iter__(self) -> Iterator[FeedItem]:
        return (item for name in GROUPS for item in self.groups[name])


def count_work(*, standing: Standing, now: datetime, tz: tzinfo) -> int:
    """The number on the bell: what waits for me through the end of today in `tz`, at most COUNT_CAP.

    One statement; `now` is aware.
    """
    sql, parameters = counting(branches_of(standing), end_of_today(now, tz), Filters())
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    return int(row[0])


def read_feed(
    *,
    standing: Standing,
    now: datetime,
    tz: tzinfo,
    future: bool,
    limit: int = 50,
    after: Position | None = None,
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> Feed:
    """One page of what waits for me, by start, and the number on the bell; one statement, thus one moment.

    With `future` what starts after today is included. Overdue is what is due before `now`, unless it was
    postponed to a later day. `now` is aware; `limit` is at least 1.
    """
    tomorrow = end_of_today(now, tz)
    sql, parameters = _feed(standing, tomorrow, future=future, limit=limit, after=after, filters=filters)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    found = [(_item(row[3:]), int(row[2])) for row in rows if row[2] is not None]
    groups: dict[str, list[FeedItem]] = {name: [] for name in GROUPS}
    for name, items in _in_groups([item for item, _branch in found[:limit]], now, tomorrow):
        groups[name] = items
    groups[OVERDUE].sort(key=lambda item: (item.due_at or now, item.step_id))
    next_page = None
    if len(found) > limit:
        last, branch = found[limit - 1]
        next_page = Position(last.starts_at, last.instance_id, last.element_id, branch)
    return Feed(int(rows[0][0]), int(rows[0][1]), groups, next_page)


def end_of_today(now: datetime, tz: tzinfo) -> datetime:
    """The first moment of tomorrow as the clocks of `tz` show it."""
    return datetime.combine(now.astimezone(tz).date() + timedelta(days=1), time(), tzinfo=tz)


def group_of(item: FeedItem, *, now: datetime, tomorrow: datetime) -> str:
    """The group an item stands in; what starts after today is later, whatever its deadline says."""
    if item.starts_at >= tomorrow:
        return LATER
    return OVERDUE if item.due_at is not None and item.due_at < now else TODAY


def _in_groups(
    items: Sequence[FeedItem], now: datetime, tomorrow: datetime
) -> Iterator[tuple[str, list[FeedItem]]]:
    """The items by group; steps of one element that start at different moments are still one card there."""
    for name in GROUPS:
        cards: dict[tuple[Any, ...], FeedItem] = {}
        for item in items:
            if group_of(item, now=now, tomorrow=tomorrow) != name:
                continue
            key = (item.instance_id, item.element_id, item.assignee_id, item.role_id)
            card = cards.get(key)
            cards[key] = item if card is None else _joined(card, item)
        yield name, list(cards.values())


def _joined(card: FeedItem, other: FeedItem) -> FeedItem:
    return replace(card, members=min(card.members + other.members, COUNT_CAP))


def _item(row: tuple[Any, ...]) -> FeedItem:
    *facts, settings, members, altogether = row
    values = [*facts, json.loads(settings), members, int(altogether) if altogether else None]
    return FeedItem(*values)


def _feed(
    standing: Standing,
    tomorrow: datetime,
    *,
    future: bool,
    limit: int,
    after: Position | None,
    filters: Filters,
) -> tuple[str, list[Any]]:
    branches = branches_of(standing)
    all_of_it, parameters = counting(branches, tomorrow, Filters())
    matching, more = ("SELECT NULL::bigint", []) if not filters else counting(branches, tomorrow, filters)
    cards, rest = page(branches, filters, before=None if future else tomorrow, after=after, limit=limit + 1)
    sql = f"""
        SELECT n.n, coalesce(m.n, n.n), f.* FROM ({all_of_it}) n CROSS JOIN ({matching}) m(n)
          LEFT JOIN ({cards}) f ON true ORDER BY f.starts_at, f.instance_id, f.element_id, f.branch
    """  # noqa: S608 - built from constants; every value is a parameter
    return sql, [*parameters, *more, *rest]

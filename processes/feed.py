"""The feed: what waits for one person, and how much of it, as plain SQL over the partial indexes of steps.

Mine are the pending human steps that I perform, and those of my roles that nobody has taken. Each performer
is a limited branch of its own, since one condition with OR over seven performers costs eighty times as much.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

from django.db import connection

#: The bell counts no further; it shows `99+`.
COUNT_CAP = 100
OVERDUE, TODAY, LATER = "overdue", "today", "later"
GROUPS = (OVERDUE, TODAY, LATER)


class Position(NamedTuple):
    """The last item of a page; the next page begins after it."""

    starts_at: datetime
    step_id: int


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One step that waits for me; every caption in it was copied when the step opened."""

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


@dataclass(frozen=True, slots=True)
class Feed:
    """`count` is the number on the bell (through the end of today, capped); `groups` hold one page of items.

    `next` is the position after which the next page begins, None on the last one.
    """

    count: int
    groups: dict[str, list[FeedItem]]
    next: Position | None

    def __iter__(self) -> Iterator[FeedItem]:
        return (item for name in GROUPS for item in self.groups[name])


# The conditions are literals, word for word those of the indexes: nothing can be proved about parameters.
_HUMAN = "status = 'pending' AND waits_on IN ('activity', 'record')"
_MINE = f"assignee_id = %s AND {_HUMAN}"
_OF_ROLE = f"role_id = %s AND assignee_id IS NULL AND {_HUMAN}"

_COLUMNS = """
    s.id, s.kind, s.element_id, s.name,
    coalesce(nullif(s.settings->>'recommendation', ''), nullif(s.name, ''), s.element_id) AS text,
    s.instance_id, s.instance_caption, coalesce(s.record_id, a.record_id) AS record_id, s.record_caption,
    s.activity_id, s.assignee_id, s.role_id, coalesce(g.name, '') AS role_name,
    s.starts_at, s.due_at, s.settings
"""


def count_work(*, user_id: int, role_ids: Sequence[int], now: datetime, tz: tzinfo) -> int:
    """The number on the bell: what waits for me through the end of today in `tz`, at most COUNT_CAP.

    One statement; `now` is aware.
    """
    sql, parameters = _count(user_id, role_ids, end_of_today(now, tz))
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    return int(row[0])


def read_feed(
    *,
    user_id: int,
    role_ids: Sequence[int],
    now: datetime,
    tz: tzinfo,
    future: bool,
    limit: int = 50,
    after: Position | None = None,
) -> Feed:
    """One page of what waits for me, by start, and the number on the bell; one statement, thus one moment.

    With `future` what starts after today is included. Overdue is what is due before `now`, unless it was
    postponed to a later day. `now` is aware; `limit` is at least 1.
    """
    tomorrow = end_of_today(now, tz)
    sql, parameters = _feed(user_id, role_ids, tomorrow, future=future, limit=limit, after=after)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    items = [_item(row[1:]) for row in rows if row[1] is not None]
    page = items[:limit]
    groups: dict[str, list[FeedItem]] = {name: [] for name in GROUPS}
    for item in page:
        groups[group_of(item, now=now, tomorrow=tomorrow)].append(item)
    groups[OVERDUE].sort(key=lambda item: (item.due_at or now, item.step_id))
    more = len(items) > limit
    return Feed(int(rows[0][0]), groups, Position(page[-1].starts_at, page[-1].step_id) if more else None)


def end_of_today(now: datetime, tz: tzinfo) -> datetime:
    """The first moment of tomorrow as the clocks of `tz` show it."""
    return datetime.combine(now.astimezone(tz).date() + timedelta(days=1), time(), tzinfo=tz)


def group_of(item: FeedItem, *, now: datetime, tomorrow: datetime) -> str:
    """The group an item stands in; what starts after today is later, whatever its deadline says."""
    if item.starts_at >= tomorrow:
        return LATER
    return OVERDUE if item.due_at is not None and item.due_at < now else TODAY


def _item(row: tuple[Any, ...]) -> FeedItem:
    return FeedItem(*(*row[:-1], json.loads(row[-1])))


def _branches(
    user_id: int, role_ids: Sequence[int], bounds: str, values: Sequence[Any], limit: int
) -> tuple[str, list[Any]]:
    """One limited branch for me and for each of my roles, each walking its own index in order."""
    conditions = [_MINE, *([_OF_ROLE] * len(role_ids))]
    branches = [
        f"(SELECT id, starts_at FROM processes_processstep WHERE {condition}{bounds}"  # noqa: S608
        " ORDER BY starts_at, id LIMIT %s)"
        for condition in conditions
    ]
    parameters = [value for key in (user_id, *role_ids) for value in (key, *values, limit)]
    return " UNION ALL ".join(branches), parameters


def _count(user_id: int, role_ids: Sequence[int], tomorrow: datetime) -> tuple[str, list[Any]]:
    branches, parameters = _branches(user_id, role_ids, " AND starts_at < %s", [tomorrow], COUNT_CAP)
    sql = f"SELECT count(*) AS n FROM (SELECT 1 FROM ({branches}) b LIMIT {COUNT_CAP}) c"  # noqa: S608
    return sql, parameters


def _feed(
    user_id: int,
    role_ids: Sequence[int],
    tomorrow: datetime,
    *,
    future: bool,
    limit: int,
    after: Position | None,
) -> tuple[str, list[Any]]:
    counting, parameters = _count(user_id, role_ids, tomorrow)
    bounds, values = "", list[Any]()
    if not future:
        bounds, values = " AND starts_at < %s", [tomorrow]
    if after is not None:
        bounds, values = f"{bounds} AND (starts_at, id) > (%s, %s)", [*values, *after]
    branches, more = _branches(user_id, role_ids, bounds, values, limit + 1)
    sql = f"""
        SELECT n.n, f.* FROM ({counting}) n LEFT JOIN (
            SELECT {_COLUMNS}
              FROM (SELECT id FROM ({branches}) b ORDER BY starts_at, id LIMIT %s) p
              JOIN processes_processstep s ON s.id = p.id
              LEFT JOIN activities_activity a ON a.id = s.activity_id
              LEFT JOIN auth_group g ON g.id = s.role_id
        ) f ON true ORDER BY f.starts_at, f.id
    """  # noqa: S608 - built from the constants above; every value is a parameter
    return sql, [*parameters, *more, limit + 1]

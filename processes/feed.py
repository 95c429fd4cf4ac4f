"""The feed: what waits for one person, and how much of it, as plain SQL over the partial indexes of steps.

Mine are the pending human steps that I perform, and those of my roles that nobody has taken; and those that are theirs
for whom I stand in. Each performer is a limited branch of its own, since one condition with OR over seven performers
costs eighty times as much.
The steps of one element of one instance are one card: see `feed_sql` for how none of them has to be read for it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from django.db import connection

from bpm_portal.accounts.substitution import Standing
from bpm_portal.common.compiled import rows_of_all
from processes.feed_sql import (
    COUNT_CAP,
    Branch,
    Filters,
    Part,
    Position,
    Sql,
    branches_of,
    counting,
    first_of_tree,
    members,
    page,
)

__all__ = [
    "COUNT_CAP",
    "Card",
    "Feed",
    "FeedItem",
    "Filters",
    "Position",
    "count_work",
    "count_work_of",
    "counted_work",
    "read_card",
    "read_feed",
    "read_next",
]

TOGETHER = 100  # people whose work one statement counts
OVERDUE, TODAY, LATER = "overdue", "today", "later"
GROUPS = (OVERDUE, TODAY, LATER)


@dataclass(frozen=True, slots=True)
class Card:
    """What makes steps one card: the same element of one instance, with the same performer (who took it, or a role)."""

    instance_id: int
    element_id: str
    assignee_id: int | None
    role_id: int | None


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
    def card(self) -> Card:
        """Which card it is on."""
        role_id = self.role_id if self.assignee_id is None else None
        return Card(self.instance_id, self.element_id, self.assignee_id, role_id)

    def is_overdue(self, now: datetime) -> bool:
        """Its deadline has passed."""
        return self.due_at is not None and self.due_at < now

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


def counted_work(*, standing: Standing, now: datetime, tz: tzinfo) -> Sql:
    """The statement of the number on the bell, for who asks for more with it; `now` is aware."""
    return counting(branches_of(standing), end_of_today(now, tz), Filters())


def count_work(*, standing: Standing, now: datetime, tz: tzinfo) -> int:
    """The number on the bell: what waits for me through the end of today in `tz`, at most COUNT_CAP."""
    sql, parameters = counted_work(standing=standing, now=now, tz=tz)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    return int(row[0])


def read_next(*, standing: Standing, root_id: int, now: datetime) -> int | None:
    """The step of that tree of instances whose page opens next: one of my own before one of a role, the earliest.

    Neither what runs in the background nor what starts later. One statement; `now` is aware.
    """
    sql, parameters = first_of_tree(branches_of(standing), root_id, now)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    return int(row[0]) if row else None


def count_work_of(people: Mapping[int, tuple[Standing, tzinfo]], now: datetime) -> dict[int, int]:
    """The numbers on the bells of many people, by their ids; one statement for a hundred of them."""
    asked = [
        (f"SELECT {int(key)}::bigint, ({sql})", parameters)
        for key, (standing, tz) in people.items()
        for sql, parameters in [counted_work(standing=standing, now=now, tz=tz)]
    ]
    parts = (asked[at : at + TOGETHER] for at in range(0, len(asked), TOGETHER))
    return {key: number for part in parts for key, number in rows_of_all(part)}


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
    """One page of what waits for me and the number on the bell; one statement, thus one moment.

    First what is overdue, by its deadline, then the rest by start. With `future` what starts after today is included.
    Overdue is what is due before `now`, unless it was postponed to a later day. `now` is aware; `limit` is at least 1.
    """
    tomorrow = end_of_today(now, tz)
    sql, parameters = _feed(standing, now, tomorrow, future=future, limit=limit, after=after, filters=filters)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    found = [(_item(row[5:]), row[2:5]) for row in rows if row[2] is not None]
    groups = _in_groups([item for item, _place in found[:limit]], now, tomorrow)
    next_page = None
    if len(found) > limit:
        last, (is_overdue, at, branch) = found[limit - 1]
        next_page = Position(at, last.instance_id, last.element_id, int(branch), is_overdue)
    return Feed(int(rows[0][0]), int(rows[0][1]), groups, next_page)


def read_card(
    *,
    standing: Standing,
    card: Card,
    now: datetime,
    tz: tzinfo,
    later: bool,
    limit: int,
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> list[FeedItem]:
    """The first `limit` steps of a card, the most urgent first; none where the card is not this person's.

    `later` are those that start after today. One statement, which reads all steps of the card: for who asks for it.
    """
    mine = standing.role_ids if card.assignee_id is None else standing.person_ids
    if (card.role_id if card.assignee_id is None else card.assignee_id) not in mine:
        return []
    sql, parameters = members(
        Branch.of(card.assignee_id, card.role_id),
        card.instance_id,
        card.element_id,
        filters,
        tomorrow=end_of_today(now, tz),
        later=later,
        limit=limit,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [_item(row) for row in cursor.fetchall()]


def end_of_today(now: datetime, tz: tzinfo) -> datetime:
    """The first moment of tomorrow as the clocks of `tz` show it."""
    return datetime.combine(now.astimezone(tz).date() + timedelta(days=1), time(), tzinfo=tz)


def group_of(item: FeedItem, *, now: datetime, tomorrow: datetime) -> str:
    """The group an item stands in; what starts after today is later, whatever its deadline says."""
    if item.starts_at >= tomorrow:
        return LATER
    return OVERDUE if item.is_overdue(now) else TODAY


def _in_groups(items: Sequence[FeedItem], now: datetime, tomorrow: datetime) -> dict[str, list[FeedItem]]:
    """The cards by group: the steps of one element are one card, which stands where the most urgent of them does.

    But what starts after today is a card of its own: the bell does not count it.
    """
    cards: dict[tuple[Any, ...], FeedItem] = {}
    for item in items:
        key = (item.card, item.starts_at >= tomorrow)
        cards[key] = _joined(cards[key], item) if key in cards else item
    groups: dict[str, list[FeedItem]] = {name: [] for name in GROUPS}
    for card in cards.values():
        groups[group_of(card, now=now, tomorrow=tomorrow)].append(card)
    groups[OVERDUE].sort(key=lambda card: (card.due_at or now, card.step_id))
    return groups


def _joined(card: FeedItem, other: FeedItem) -> FeedItem:
    """The more urgent of two, for all that both stand for: what is due first, else what has begun first."""
    urgent = min(card, other, key=lambda item: (item.due_at is None, item.due_at or item.starts_at))
    return replace(urgent, members=min(card.members + other.members, COUNT_CAP))


def _item(row: tuple[Any, ...]) -> FeedItem:
    *facts, settings, members, altogether = row
    values = [*facts, json.loads(settings), members, int(altogether) if altogether else None]
    return FeedItem(*values)


def _feed(
    standing: Standing,
    now: datetime,
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
    parts = (Part.overdue(now, tomorrow), Part.rest(now, tomorrow, future=future))
    cards, rest = page(branches, filters, parts, after=after, limit=limit + 1)
    sql = f"""
        SELECT n.n, coalesce(m.n, n.n), f.* FROM ({all_of_it}) n CROSS JOIN ({matching}) m(n)
          LEFT JOIN ({cards}) f ON true
         ORDER BY f.is_overdue DESC, f.at, f.instance_id, f.element_id, f.branch
    """  # noqa: S608 - built from constants; every value is a parameter
    return sql, [*parameters, *more, *rest]

"""The calendar without the database: the days of a period, and where activities lie on them."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

VIEWS = ("day", "week", "month")
DAY = 1440  # minutes
SHORTEST = 30  # minutes that a block takes at least, so that its title can be read
MONTH_ROWS = 3  # bars of a day in the month; what is beyond them is counted
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days shown, and where to go from here; days are those of the reader."""

    view: str
    anchor: date
    days: tuple[date, ...]
    previous: date
    next: date

    @property
    def since(self) -> datetime:
        """The moment the first day begins."""
        return timezone.make_aware(datetime.combine(self.days[0], time.min))

    @property
    def until(self) -> datetime:
        """The moment the last day ends."""
        return timezone.make_aware(datetime.combine(self.days[-1] + timedelta(days=1), time.min))

    @property
    def weeks(self) -> list[tuple[date, ...]]:
        """The days in rows of seven."""
        return [self.days[at : at + 7] for at in range(0, len(self.days), 7)]


def period(view: str, anchor: date) -> Period:
    """A day, the work week or the whole weeks of the month around `anchor`."""
    monday = anchor - timedelta(days=anchor.weekday())
    if view == "day":
        return Period(view, anchor, (anchor,), anchor - timedelta(days=1), anchor + timedelta(days=1))
    if view == "month":
        first = anchor.replace(day=1)
        last = anchor.replace(day=monthrange(anchor.year, anchor.month)[1])
        begin = first - timedelta(days=first.weekday())
        length = (last + timedelta(days=6 - last.weekday()) - begin).days + 1
        days = _days(begin, length)
        return Period(
            view, anchor, days, (first - timedelta(days=1)).replace(day=1), last + timedelta(days=1)
        )
    return Period("week", anchor, _days(monday, 5), anchor - timedelta(days=7), anchor + timedelta(days=7))


@dataclass(frozen=True, slots=True)
class Bar:
    """An activity along days: `column` (from 1) and `span` in days, `row` from 1; what goes on beyond the edges."""

    activity: Any
    column: int
    span: int
    row: int = 0
    began_before: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """An activity within a day: minutes from midnight, and its lane of as many as overlap."""

    activity: Any
    start: int
    end: int
    lane: int = 0
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class MonthWeek:
    """A row of the month: the bars that fit, and per day how many more there are."""

    days: tuple[date, ...]
    bars: list[Bar]
    more: list[int]


def is_long(activity: Any) -> bool:
    """It reaches over midnight: it lies along the days, not within one."""
    first, last = local_days(activity)
    return first != last


def local_days(activity: Any) -> tuple[date, date]:
    """Its first and last day; one that ends at midnight does not reach into the next day."""
    start = timezone.localtime(activity.starts_at)
    end = timezone.localtime(activity.due_at or activity.starts_at)
    return start.date(), max(start.date(), (end - TICK).date())


def bars(activities: Iterable[Any], days: Sequence[date]) -> list[Bar]:
    """The activities that touch these days, packed into as few rows as they need."""
    found = [bar for activity in activities if (bar := _bar(activity, days))]
    found.sort(key=lambda bar: (bar.column, -bar.span, bar.activity.starts_at, bar.activity.pk))
    free_from: list[int] = []  # per row the first column that is free
    packed = []
    for bar in found:
        row = next((at for at, column in enumerate(free_from) if column <= bar.column), len(free_from))
        if row == len(free_from):
            free_from.append(0)
        free_from[row] = bar.column + bar.span
        packed.append(replace(bar, row=row + 1))
    return packed


def blocks(activities: Iterable[Any], day: date) -> list[Block]:
    """The activities within this day, those that overlap side by side."""
    found = sorted(
        (_block(activity) for activity in activities if local_days(activity)[0] == day),
        key=lambda block: (block.start, -block.end, block.activity.pk),
    )
    placed: list[Block] = []
    group: list[Block] = []
    for block in found:
        if group and block.start >= max(one.end for one in group):
            placed += _side_by_side(group)
            group = []
        group.append(block)
    return placed + _side_by_side(group)


def month(activities: Sequence[Any], shown: Period) -> list[MonthWeek]:
    """The weeks of the month with what fits into them."""
    weeks = []
    for days in shown.weeks:
        packed = bars(activities, days)
        more = [0] * len(days)
        for bar in packed:
            if bar.row > MONTH_ROWS:
                for column in range(bar.column - 1, bar.column - 1 + bar.span):
                    more[column] += 1
        weeks.append(MonthWeek(days, [bar for bar in packed if bar.row <= MONTH_ROWS], more))
    return weeks


def minute_of(moment: datetime) -> int:
    """Minutes since midnight on the reader's clock."""
    local = timezone.localtime(moment)
    return local.hour * 60 + local.minute


def _days(first: date, number: int) -> tuple[date, ...]:
    return tuple(first + timedelta(days=at) for at in range(number))


def _bar(activity: Any, days: Sequence[date]) -> Bar | None:
    first, last = local_days(activity)
    if last < days[0] or first > days[-1]:
        return None
    begin, end = max(first, days[0]), min(last, days[-1])
    return Bar(
        activity,
        column=(begin - days[0]).days + 1,
        span=(end - begin).days + 1,
        began_before=first < days[0],
        goes_on=last > days[-1],
    )


def _block(activity: Any) -> Block:
    start, due = minute_of(activity.starts_at), activity.due_at or activity.starts_at
    # By the clock, which is put on or back one night: what has come at its length would end elsewhere than it says.
    end = (
        minute_of(due)
        if timezone.localtime(due).date() == timezone.localtime(activity.starts_at).date()
        else DAY
    )
    return Block(activity, min(start, DAY - SHORTEST), min(max(end, start + SHORTEST), DAY))


def _side_by_side(group: list[Block]) -> list[Block]:
    free_from: list[int] = []  # per lane the minute from which it is free
    placed = []
    for block in group:
        lane = next((at for at, minute in enumerate(free_from) if minute <= block.start), len(free_from))
        if lane == len(free_from):
            free_from.append(0)
        free_from[lane] = block.end
        placed.append(replace(block, lane=lane))
    return [replace(block, lanes=len(free_from)) for block in placed]

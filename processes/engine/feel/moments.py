"""Moving dates and times along, and the parts of them (DMN 1.5)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from .runtime import Run
from .temporal_text import write_offset
from .values import Range, YearsMonths


def plus_months(day: Any, months: int) -> Any:
    """The same day of another month, or that month's last day. Raises ValueError outside the calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def plus_duration(moment: datetime, length: timedelta) -> datetime:
    """`length` later in real time: across a change of clocks, 24 hours are 24 hours."""
    if moment.tzinfo is None:
        return moment + length
    return (moment.astimezone(UTC) + length).astimezone(moment.tzinfo)


def time_plus(at: time, length: timedelta) -> time:
    """The time of day after `length`, past midnight beginning again."""
    return (
        (datetime(2000, 1, 1, at.hour, at.minute, at.second, at.microsecond) + _within_a_day(length))
        .time()
        .replace(tzinfo=at.tzinfo)
    )


def _within_a_day(length: timedelta) -> timedelta:
    return timedelta(seconds=length.seconds, microseconds=length.microseconds)


def datetime_minus(run: Run, left: datetime, right: datetime) -> timedelta | None:
    """How much later `left` is; null when only one of them has a zone."""
    if (left.tzinfo is None) != (right.tzinfo is None):
        run.note("A local time and a time with a zone have no difference.")
        return None
    if left.tzinfo is not None:
        left, right = left.astimezone(UTC), right.astimezone(UTC)
    return left - right


def time_minus(run: Run, left: time, right: time) -> timedelta | None:
    if (left.tzinfo is None) != (right.tzinfo is None):
        run.note("A local time and a time with a zone have no difference.")
        return None
    difference = _since_midnight(left) - _since_midnight(right)
    offsets = left.utcoffset(), right.utcoffset()
    if offsets[0] is not None and offsets[1] is not None:
        difference += offsets[1] - offsets[0]
    return difference


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


def _number(read: Callable[[Any], int]) -> Callable[[Any], Any]:
    return lambda value: Decimal(read(value))


def _second(value: Any) -> Decimal:
    return (
        Decimal(f"{value.second}.{value.microsecond:06}".rstrip("0"))
        if value.microsecond
        else Decimal(value.second)
    )


def _zone_name(value: Any) -> str | None:
    zone = value.tzinfo
    if zone is None:
        return None
    key = getattr(zone, "key", None)
    if isinstance(key, str):
        return key
    offset = value.utcoffset()
    return "Z" if not offset else write_offset(offset)


_DATE: dict[str, Callable[[Any], Any]] = {
    "year": _number(lambda value: value.year),
    "month": _number(lambda value: value.month),
    "day": _number(lambda value: value.day),
    "weekday": _number(lambda value: value.isoweekday()),
}
_TIME: dict[str, Callable[[Any], Any]] = {
    "hour": _number(lambda value: value.hour),
    "minute": _number(lambda value: value.minute),
    "second": _second,
    "time offset": lambda value: value.utcoffset(),
    "timezone": _zone_name,
}


def _part(read: Callable[[timedelta], int]) -> Callable[[Any], Any]:
    """Parts of a duration carry its sign: -PT90M is -1 hours and -30 minutes."""
    return lambda value: Decimal(-read(-value) if value < timedelta(0) else read(value))


PROPERTIES: dict[type, dict[str, Callable[[Any], Any]]] = {
    date: _DATE,
    datetime: _DATE | _TIME,
    time: _TIME,
    timedelta: {
        "days": _part(lambda value: value.days),
        "hours": _part(lambda value: value.seconds // 3600),
        "minutes": _part(lambda value: value.seconds // 60 % 60),
        "seconds": _part(lambda value: value.seconds % 60),
    },
    YearsMonths: {
        "years": _number(lambda value: int(value.months / 12)),
        "months": _number(lambda value: value.months - 12 * int(value.months / 12)),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}

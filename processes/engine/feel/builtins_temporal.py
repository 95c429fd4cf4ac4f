"""Dates, times and durations: making them and asking them (DMN 1.5, 10.3.4).

now() and today() read the moment that the evaluation was given, never a clock.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from .arithmetic import duration_of
from .builtins_conversion import quoted
from .comparison import equal
from .numbers import is_integral
from .runtime import Run
from .signatures import Family
from .temporal_text import read_date, read_datetime, read_duration, read_time, read_zone
from .values import YearsMonths, kind_of

FAMILY = Family()
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _unreadable(run: Run, name: str, text: str) -> Any:
    return run.note(f"{name}() cannot read {quoted(text[:40])}.")


@FAMILY.define("date", "from: string|date|datetime")
def to_date(run: Run, source: str | date) -> date | None:
    if isinstance(source, str):
        return read_date(source) or _unreadable(run, "date", source)
    return source.date() if isinstance(source, datetime) else source


@FAMILY.define("date", "year: number, month: number, day: number")
def date_of(run: Run, year: Decimal, month: Decimal, day: Decimal) -> date:
    return date(_whole(year), _whole(month), _whole(day))


@FAMILY.define("time", "from: string|time|datetime|date")
def to_time(run: Run, source: str | time | date) -> time | None:
    if isinstance(source, str):
        at = read_time(source)
        return at if at is not None else _unreadable(run, "time", source)
    if isinstance(source, datetime):
        return source.timetz()
    return source if isinstance(source, time) else time(0, 0, 0, tzinfo=UTC)


@FAMILY.define("time", "hour: number, minute: number, second: number, offset: days?")
def time_of(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None
) -> time | None:
    zone = None if offset is None else timezone(offset)
    length = duration_of(second)
    if not timedelta(0) <= length < timedelta(minutes=1):
        return run.note("time() takes seconds from 0 to below 60.")
    return time(_whole(hour), _whole(minute), length.seconds, length.microseconds, zone)


@FAMILY.define("date and time", "from: string|date|datetime")
def to_datetime(run: Run, source: str | date) -> datetime | None:
    """From a text; a date alone counts as its midnight."""
    if isinstance(source, str):
        found = read_datetime(source)
        if found is None:
            day = read_date(source)
            return _unreadable(run, "date and time", source) if day is None else datetime.combine(day, time())
        return found
    return source if isinstance(source, datetime) else datetime.combine(source, time())


@FAMILY.define("date and time", "date: date|datetime, time: time")
def datetime_of(run: Run, day: date, at: time) -> datetime:
    return datetime.combine(day.date() if isinstance(day, datetime) else day, at)


@FAMILY.define("date and time", "date: datetime, timezone: string")
def in_zone(run: Run, moment: datetime, zone_name: str) -> datetime | None:
    """The same moment on the clocks of another zone; a local time is taken to be of that zone."""
    zone = read_zone(zone_name)
    if zone is None:
        return run.note(f"There is no time zone {quoted(zone_name[:40])}.")
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


@FAMILY.define("duration", "from: string|days|months")
def to_duration(run: Run, source: str | timedelta | YearsMonths) -> timedelta | YearsMonths | None:
    if not isinstance(source, str):
        return source
    found = read_duration(source)
    return found if found is not None else _unreadable(run, "duration", source)


@FAMILY.define("years and months duration", "from: date|datetime, to: date|datetime")
def months_between(run: Run, start: date, end: date) -> YearsMonths:
    """Whole months from one day to another, towards zero."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsMonths(months)


@FAMILY.define("now", "")
def now(run: Run) -> datetime | None:
    return run.now if run.now is not None else run.note("This evaluation was not told what time it is.")


@FAMILY.define("today", "")
def today(run: Run) -> date | None:
    return (
        run.now.date() if run.now is not None else run.note("This evaluation was not told what time it is.")
    )


@FAMILY.define("day of year", "date: date|datetime")
def day_of_year(run: Run, day: date) -> Decimal:
    return Decimal(day.timetuple().tm_yday)


@FAMILY.define("day of week", "date: date|datetime")
def day_of_week(run: Run, day: date) -> str:
    return _WEEKDAYS[day.weekday()]


@FAMILY.define("month of year", "date: date|datetime")
def month_of_year(run: Run, day: date) -> str:
    return _MONTHS[day.month - 1]


@FAMILY.define("week of year", "date: date|datetime")
def week_of_year(run: Run, day: date) -> Decimal:
    """The ISO 8601 week."""
    return Decimal(day.isocalendar().week)


@FAMILY.define("last day of month", "date: date|datetime")
def last_day_of_month(run: Run, day: date) -> date:
    return date(day.year, day.month, monthrange(day.year, day.month)[1])


@FAMILY.define("is", "value1: any, value2: any")
def is_same(run: Run, left: Any, right: Any) -> bool:
    """Whether both are the same value of the same kind: the same moment in another zone is another value."""
    if kind_of(left) != kind_of(right):
        return False
    if isinstance(left, (datetime, time)):
        return _parts(left) == _parts(right)
    return equal(run, left, right) is True


def _parts(moment: datetime | time) -> tuple[Any, ...]:
    return moment.replace(tzinfo=None), moment.utcoffset(), moment.tzinfo is None


def _whole(number: Decimal) -> int:
    """Raises ValueError for a number with decimals or beyond every calendar."""
    if not is_integral(number) or number.copy_abs() > 10**9:
        raise ValueError
    return int(number)

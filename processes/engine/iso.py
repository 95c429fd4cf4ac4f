"""Moments, durations and cycles of BPMN timers, written in ISO 8601."""

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

_DURATION = re.compile(
    r"P(?=\d|T\d)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=\d)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(?:[.,](\d{1,6}))?S)?)?",
    re.ASCII,
)
_REPEAT = re.compile(r"R(\d{0,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duration:
    """Calendar months plus an exact length; never negative."""

    months: int = 0
    length: timedelta = timedelta()

    def __bool__(self) -> bool:
        return bool(self.months or self.length)

    def after(self, moment: datetime) -> datetime:
        """The same day of a later month, or its last day, plus the length. Raises OverflowError."""
        months = moment.year * 12 + moment.month - 1 + self.months
        year, month = divmod(months, 12)
        if year > 9999:
            raise OverflowError("the year is beyond 9999")
        day = min(moment.day, calendar.monthrange(year, month + 1)[1])
        return moment.replace(year=year, month=month + 1, day=day) + self.length


@dataclass(frozen=True, slots=True)
class Cycle:
    """`times` firings (None: without end), `interval` apart, counted from `start` if there is one."""

    times: int | None
    interval: Duration
    start: datetime | None = None


def read_duration(text: str) -> Duration | None:
    """`P1Y2M`, `P2W`, `P1DT2H30M`; None if it is no duration."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[:7])
    length = timedelta(
        days=days + 7 * weeks,
        hours=hours,
        minutes=minutes,
        seconds=seconds,
        microseconds=int((match[8] or "0").ljust(6, "0")),
    )
    return Duration(years * 12 + months, length)


def read_moment(text: str) -> datetime | None:
    """A date or a date and time, with or without an offset; None if it is neither."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def read_cycle(text: str) -> Cycle | None:
    """`R3/PT10M`, `R/P1D`, `R5/2030-01-01T09:00Z/P1W`; None if it is no cycle.

    A cycle of no length would fire without end and is none.
    """
    first, *rest = text.strip().split("/")
    repeat = _REPEAT.fullmatch(first)
    if repeat is None or len(rest) not in (1, 2):
        return None
    interval = read_duration(rest[-1])
    start = read_moment(rest[0]) if len(rest) == 2 else None
    if not interval or (len(rest) == 2 and start is None):
        return None
    times = int(repeat[1]) if repeat[1] else None
    return None if times == 0 else Cycle(times, interval, start)

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
#: Before and after them a moment has no date in some time zone.
FIRST_YEAR, LAST_YEAR = 2, 9998
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
        return told_everywhere(_months_later(moment, self.months) + self.length)

    def before(self, moment: datetime, times: int) -> datetime:
        """So many times as long before the moment. Raises OverflowError."""
        return _months_later(moment, -self.months * times) - self.length * times


def told_everywhere(moment: datetime) -> datetime:
    """The moment, which every time zone has a date for: calendars end with the year 9999. Raises OverflowError."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise OverflowError(f"the year must be between {FIRST_YEAR} and {LAST_YEAR}")
    return moment


def _months_later(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    if not 0 < year <= 9999:
        raise OverflowError(f"the year must be between {FIRST_YEAR} and {LAST_YEAR}")
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


@dataclass(frozen=True, slots=True)
class Cycle:
    """`times` firings (None: without end), `interval` apart, counted from `start` or back from `end`, if given."""

    times: int | None
    interval: Duration
    start: datetime | None = None
    end: datetime | None = None


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
    """A date or a date and time, with or without an offset; None if it is neither, or in no calendar everywhere."""
    try:
        return told_everywhere(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        return None


def read_cycle(text: str) -> Cycle | None:
    """`R3/PT10M`, `R/P1D`, `R5/2030-01-01T09:00Z/P1W`, `R/P1W/2030-01-01T09:00Z` (until then); None if it is no cycle.

    Instead of the duration a second moment may stand. A cycle of no length would fire without end and is none.
    """
    first, *rest = text.strip().split("/")
    repeat = _REPEAT.fullmatch(first)
    if repeat is None or len(rest) not in (1, 2):
        return None
    start, interval, end = read_moment(rest[0]), read_duration(rest[0]), None
    if len(rest) == 2:
        if interval is None:
            interval = read_duration(rest[1]) or _between(start, read_moment(rest[1]))
        elif (end := read_moment(rest[1])) is None:
            return None
    times = int(repeat[1]) if repeat[1] else None
    if not interval or times == 0 or (len(rest) == 2 and start is None and end is None):
        return None
    return Cycle(times, interval, start, end)


def _between(start: datetime | None, end: datetime | None) -> Duration | None:
    """From one moment to a later one, both with an offset or both without."""
    if start is None or end is None or (start.tzinfo is None) is not (end.tzinfo is None) or end < start:
        return None
    return Duration(0, end - start)

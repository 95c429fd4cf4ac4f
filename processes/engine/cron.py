"""Cycles by the calendar, as engines of the Camunda family write them: `0 0 9 ? * MON-FRI`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_WEEKDAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
_PART = re.compile(r"(?:(\*)|(\w+)(?:-(\w+))?)(?:/(\d{1,4}))?", re.ASCII)
_ANY = ("*", "?")
#: The pattern of a leap day comes true at least once in so many days.
_HORIZON = 366 * 8 + 1

_BOUNDS: Mapping[str, tuple[int, int, list[str]]] = {
    "second": (0, 59, []),
    "minute": (0, 59, []),
    "hour": (0, 23, []),
    "day": (1, 31, []),
    "month": (1, 12, _MONTHS),
    "weekday": (0, 6, _WEEKDAYS),
    "year": (1970, 9999, []),
}


@dataclass(frozen=True, slots=True)
class Cron:
    """What each part of a moment may be; `last_day` stands for the last day of any month."""

    second: frozenset[int]
    minute: frozenset[int]
    hour: frozenset[int]
    day: frozenset[int]
    month: frozenset[int]
    weekday: frozenset[int]
    year: frozenset[int]
    last_day: bool = False

    def after(self, moment: datetime) -> datetime | None:
        """The next moment that fits, in the zone of this one; None if there is none any more."""
        for day in self._days(moment.date()):
            passed = moment.time() if day == moment.date() else None
            at = next(self._times(passed), None)
            if at is not None:
                return datetime.combine(day, at, tzinfo=moment.tzinfo)
        return None

    def _days(self, first: date) -> Iterator[date]:
        if max(self.year) < first.year:
            return
        first = max(first, date(min(self.year), 1, 1))
        for number in range(_HORIZON):
            day = first + timedelta(days=number)
            is_last = self.last_day and (day + timedelta(days=1)).day == 1
            fits = day.month in self.month and day.weekday() in self.weekday and day.year in self.year
            if fits and (is_last or day.day in self.day):
                yield day

    def _times(self, passed: time | None) -> Iterator[time]:
        begin = passed or time()
        for hour in sorted(each for each in self.hour if each >= begin.hour):
            for minute in sorted(self.minute):
                if (hour, minute) < (begin.hour, begin.minute):
                    continue
                for at in (time(hour, minute, second) for second in sorted(self.second)):
                    if passed is None or at > passed:
                        yield at


def read_cron(text: str) -> Cron | None:
    """Six fields, from seconds to days of the week, and maybe years; None for all else.

    Days of the week have names: by number they mean different days to different engines.
    """
    fields = text.upper().split()
    if len(fields) == 6:
        fields.append("*")
    if len(fields) != len(_BOUNDS):
        return None
    last_day, days = fields[3] == "L", frozenset[int]()
    read = {
        name: days if name == "day" and last_day else _read(field, *bounds)
        for (name, bounds), field in zip(_BOUNDS.items(), fields, strict=True)
    }
    known = {name: found for name, found in read.items() if found is not None}
    return Cron(**known, last_day=last_day) if len(known) == len(read) else None


def _read(field: str, least: int, most: int, names: list[str]) -> frozenset[int] | None:
    """The numbers that a field allows; None if it is none."""
    if field in _ANY:
        return frozenset(range(least, most + 1))
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            return None
        every, low, high, step = match.groups()
        first = least if every else _number(low, least, most, names)
        last = most if every or (step and not high) else _number(high or low, least, most, names)
        if first is None or last is None or first > last or step == "0":
            return None
        found.update(range(first, last + 1, int(step or 1)))
    return frozenset(found)


def _number(text: str, least: int, most: int, names: list[str]) -> int | None:
    if text in names:
        return least + names.index(text)
    if names is _WEEKDAYS or not text.isdecimal():
        return None
    return int(text) if least <= int(text) <= most else None

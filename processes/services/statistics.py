"""Statistics of finished instances per process and day, and of their elements.

Numbers and averages are exact. Percentiles are so for a process on a day, and for ranges with few instances; those of
long ranges come from histograms and are off by less than a hundredth.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo
from functools import cached_property
from typing import Any

from processes.compiled import definition_of
from processes.models import Process, ProcessVersion
from processes.services import statistics_sql as sql
from processes.services.durations import Durations

FEW = 500  # finished instances that are read one by one


@dataclass(frozen=True)
class Question:
    """Visible processes or one of them, in one version or all, in a range of days of `tz`, both ends included."""

    user: Any
    first: date
    last: date
    tz: tzinfo
    process: Process | None = None
    version: ProcessVersion | None = None

    @cached_property
    def processes(self) -> dict[int, Process]:
        """The one, or all that the user may see, by id."""
        asked = Process.objects.visible_to(self.user) if self.process is None else [self.process]
        return {process.pk: process for process in asked}

    @property
    def params(self) -> dict[str, Any]:
        """As the statements take it."""
        return {
            "tz": str(self.tz),
            "processes": list(self.processes),
            "version": self.version.pk if self.version else None,
            "first": self.first,
            "last": self.last,
        }


@dataclass(frozen=True, slots=True)
class Finished:
    """Finished instances; durations in seconds, of completed ones alone.

    `process_id` None: of all processes together; `day` None: over the whole range.
    """

    process_id: int | None
    day: date | None
    completed: int
    cancelled: int
    average: float | None
    median: float | None
    p90: float | None


NOTHING = Finished(None, None, 0, 0, None, None, None)


@dataclass(slots=True)
class Report:
    """The finished instances of a range, counted in four ways; only groups with anything in them are there."""

    per_day: list[Finished] = field(default_factory=list)
    totals: list[Finished] = field(default_factory=list)
    days: list[Finished] = field(default_factory=list)
    overall: Finished = NOTHING


@dataclass(slots=True)
class _Group:
    cancelled: int = 0
    durations: Durations = field(default_factory=Durations)


def report(question: Question) -> Report:
    """What has finished; three statements at most."""
    params = question.params
    found = sql.rows(sql.FINISHED, params)
    if 0 < sum(row[2] + row[3] for row in found) <= FEW and any(row[8] is None for row in found):
        found = sql.rows(sql.FINISHED_ROWS, params)
    groups: dict[tuple[int | None, date | None], _Group] = {}
    for process_id, day, completed, cancelled, total, histogram, median, p90, values in found:
        for key in ((process_id, day), (process_id, None), (None, day), (None, None)):
            group = groups.setdefault(key, _Group())
            group.cancelled += cancelled
            if values is None:
                known = {0.5: median, 0.9: p90}
                group.durations.add_summary(completed, total, _read(histogram), known)
            else:
                group.durations.add_values(values)
    return _reported(groups)


def _reported(groups: Mapping[tuple[int | None, date | None], _Group]) -> Report:
    told = Report()
    for (process_id, day), group in groups.items():
        times = group.durations
        entry = Finished(
            process_id, day, times.number, group.cancelled,
            times.average, times.percentile(0.5), times.percentile(0.9),
        )  # fmt: skip
        if process_id is not None:
            (told.totals if day is None else told.per_day).append(entry)
        elif day is not None:
            told.days.append(entry)
        else:
            told.overall = entry
    told.days.sort(key=lambda entry: entry.day or date.min)
    told.per_day.sort(key=lambda entry: (entry.day or date.min, entry.process_id or 0))
    return told


def _read(stored: Any) -> Any:
    """JSON of a plain statement is text."""
    return json.loads(stored) if isinstance(stored, str) else stored


def open_now(question: Question) -> dict[int, tuple[int, int]]:
    """Running and failed instances at this moment, by process."""
    found = sql.rows(sql.NOW_OPEN, question.params)
    return {process_id: (running, failed) for process_id, running, failed in found}


def default_range(today: date) -> tuple[date, date]:
    """The last four weeks."""
    return today - timedelta(days=27), today


def failed_per_day(question: Question) -> dict[tuple[int, date], int]:
    """Instances that stand failed now, by process and the day of their latest incident (both ends included)."""
    counts: dict[tuple[int, date], int] = {}
    for process_id, day in sql.rows(sql.FAILED, question.params):
        if question.first <= day <= question.last:
            counts[process_id, day] = counts.get((process_id, day), 0) + 1
    return counts


@dataclass(frozen=True, slots=True)
class ElementTimes:
    """An element and how long its completed steps took, in seconds.

    `waited` and `worked`: on average until somebody took it, began to type or answered at once, and from then on; of
    the `taken` steps, those of people. `waiting`: tokens that stand there now.
    """

    process_id: int
    element_id: str
    name: str
    number: int
    total: float
    average: float
    median: float
    taken: int
    waited: float | None
    worked: float | None
    waiting: int = 0


@dataclass(slots=True)
class _Steps:
    durations: Durations = field(default_factory=Durations)
    taken: int = 0
    waited: int = 0
    worked: int = 0

    def add(self, taken: int, waited: int, worked: int) -> None:
        self.taken += taken
        self.waited += waited
        self.worked += worked


def element_times(question: Question, *, number: int) -> list[ElementTimes]:
    """Every element of instances that completed in the range, the slowest first; `number` of these are there."""
    params = question.params
    groups: dict[tuple[int, str], _Steps] = {}
    for process_id, element_id, taken, waited, worked, values, elements in sql.rows(
        sql.WORKED_ROWS if number <= FEW else sql.WORKED, params
    ):
        if elements is None:
            group = groups.setdefault((process_id, element_id), _Steps())
            group.add(taken, waited, worked)
            group.durations.add_values(values)
            continue
        for key, (count, total, *parts, histogram) in _read(elements).items():
            group = groups.setdefault((process_id, key), _Steps())
            group.add(*parts)
            group.durations.add_summary(count, total, histogram)
    waiting = {(process, element): n for process, element, n in sql.rows(sql.WAITING, params)}
    names = _element_names({process_id for process_id, _element in (*groups, *waiting)}, question.version)
    found = [
        _times(key, groups.get(key, _Steps()), names, waiting.get(key, 0)) for key in {*groups, *waiting}
    ]
    return sorted(found, key=lambda times: (-times.average, times.name, times.element_id))


def _times(
    key: tuple[int, str], steps: _Steps, names: Mapping[tuple[int, str], str], waiting: int
) -> ElementTimes:
    durations, second = steps.durations, 1_000_000
    return ElementTimes(
        *key,
        name=names.get(key, key[1]),
        number=durations.number,
        total=durations.total / second,
        average=durations.average or 0.0,
        median=durations.percentile(0.5) or 0.0,
        taken=steps.taken,
        waited=steps.waited / steps.taken / second if steps.taken else None,
        worked=steps.worked / steps.taken / second if steps.taken else None,
        waiting=waiting,
    )


def slowest(found: Iterable[ElementTimes], *, limit: int = 10) -> list[ElementTimes]:
    """Where most time was spent per step; what is over within a second is no wait."""
    return [times for times in found if times.average > 1][:limit]


def _element_names(process_ids: set[int], version: ProcessVersion | None) -> dict[tuple[int, str], str]:
    """Names as the current diagrams have them, or that version; those of steps may hold the values of one instance."""
    current = ProcessVersion.objects.filter(is_current=True, process__in=process_ids)
    if version is not None:
        current = ProcessVersion.objects.filter(pk=version.pk, process__in=process_ids)
    return {
        (process_id, element.id): element.name or element.id
        for version_id, process_id in current.values_list("pk", "process")
        for element in definition_of(version_id).elements.values()
    }

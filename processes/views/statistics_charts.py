"""What static/js/charts.js draws of the statistics, each chart with the same numbers as a table, and the heat map."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from bpm_portal.common.templatetags.portal import duration
from processes.services.statistics import ElementTimes, Finished, Question, Report

SERIES = 6  # processes with a colour of their own
LEVELS = 5  # of heat
HEATS = ("time", "count", "waiting")


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: `data` for the script; `head` and `rows` say the same in words."""

    code: str
    title: str
    label: str
    data: Mapping[str, Any]
    head: Sequence[str]
    rows: Sequence[Sequence[str]] = field(default_factory=list)


def charts_of(question: Question, report: Report, slow: Sequence[ElementTimes]) -> list[Chart]:
    """Those that have anything to show."""
    found = []
    if report.overall.completed:
        found += [_throughput(question, report), _durations(question, report)]
    if any(times.taken for times in slow):
        found.append(_waits([times for times in slow if times.taken]))
    return found


def _throughput(question: Question, report: Report) -> Chart:
    """Completed instances per day: the busiest processes apart, the others together."""
    counts: dict[int, Counter[date | None]] = {}
    for entry in report.per_day:
        if entry.completed and entry.process_id is not None:
            counts.setdefault(entry.process_id, Counter())[entry.day] = entry.completed
    processes = question.processes
    ranked = sorted(counts, key=lambda key: (-counts[key].total(), processes[key].name))
    series = [(processes[key].name, counts[key]) for key in ranked[:SERIES]]
    if rest := ranked[SERIES:]:
        series.append((_("Other processes"), sum((counts[key] for key in rest), Counter())))
    calendar = _calendar(question)
    return Chart(
        "completed",
        _("Completed per day"),
        _("Completed instances per day and process"),
        {
            "days": [date_format(day, "SHORT_DATE_FORMAT") for day in calendar],
            "series": [
                {"label": label, "values": [count[day] for day in calendar]} for label, count in series
            ],
        },
        [_("Day"), *(label for label, _count in series)],
        [
            [date_format(day, "SHORT_DATE_FORMAT"), *(number_format(count[day]) for _label, count in series)]
            for day in reversed(calendar)
            if any(count[day] for _label, count in series)
        ],
    )


def _durations(question: Question, report: Report) -> Chart:
    by_day = {entry.day: entry for entry in report.days if entry.completed}
    lines = {"average": _("Average"), "median": _("Median"), "p90": _("90 % within")}
    calendar = _calendar(question)
    return Chart(
        "durations",
        _("Duration per day"),
        _("Average, median and ninth decile of the duration per day, in hours"),
        {
            "days": [date_format(day, "SHORT_DATE_FORMAT") for day in calendar],
            "series": [
                {"label": label, "values": [_hours(by_day.get(day), name) for day in calendar]}
                for name, label in lines.items()
            ],
        },
        [_("Day"), *lines.values()],
        [
            [date_format(day, "SHORT_DATE_FORMAT"), *(duration(getattr(entry, name)) for name in lines)]
            for day, entry in sorted(by_day.items(), reverse=True)
            if day is not None
        ],
    )


def _waits(slow: Sequence[ElementTimes]) -> Chart:
    """Until somebody took it, and from then on; of those of which one knows."""
    parts = {"waited": _("Until somebody begins"), "worked": _("From then on")}
    return Chart(
        "waits",
        _("Waiting and working"),
        _("Average time until somebody begins and from then on, by element, in hours"),
        {
            "days": [times.name for times in slow],
            "series": [
                {"label": label, "values": [round((getattr(times, name) or 0) / 3600, 2) for times in slow]}
                for name, label in parts.items()
            ],
        },
        [_("Element"), *parts.values()],
        [[times.name, *(duration(getattr(times, name)) for name in parts)] for times in slow],
    )


def _calendar(question: Question) -> list[date]:
    return [question.first + timedelta(days=n) for n in range((question.last - question.first).days + 1)]


def _hours(entry: Finished | None, name: str) -> float | None:
    seconds = getattr(entry, name) if entry else None
    return None if seconds is None else round(seconds / 3600, 2)


def heat_of(elements: Iterable[ElementTimes], by: str) -> dict[str, Any]:
    """What the diagram shows: `heat` from 1 to LEVELS by element, and a badge with the number itself."""
    values = {times.element_id: (_heat(times, by), times) for times in elements}
    most = max((value for value, _times in values.values()), default=0)
    shown = {key: (value, times) for key, (value, times) in values.items() if value}
    return {
        "elements": {},
        "heat": {key: max(1, ceil(LEVELS * value / most)) for key, (value, _times) in shown.items()},
        "times": {
            key: {"text": duration(value) if by == "time" else number_format(value), "title": times.name}
            for key, (value, times) in shown.items()
        },
        "icon": {"time": "clock", "count": "check", "waiting": "hourglass"}[by],
    }


def _heat(times: ElementTimes, by: str) -> float:
    """Less than a second is no time."""
    if by == "time":
        return times.average if times.average >= 1 else 0
    return times.number if by == "count" else times.waiting

"""Statistics: exact counts and durations of finished instances, per process and day."""

from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo
from typing import Any

from django.db import connection

from processes.compiled import definition_of
from processes.models import Process, ProcessVersion

# Only completed instances count in durations; cancelled and failed ones are shown apart.
FINISHED = """
    SELECT process_id, day,
           count(*) FILTER (WHERE status = 'completed'),
           count(*) FILTER (WHERE status = 'cancelled'),
           extract(epoch FROM avg(duration) FILTER (WHERE status = 'completed')),
           extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY duration)
                   FILTER (WHERE status = 'completed')),
           extract(epoch FROM percentile_cont(0.9) WITHIN GROUP (ORDER BY duration)
                   FILTER (WHERE status = 'completed'))
      FROM (SELECT process_id, (ended_at AT TIME ZONE %(tz)s)::date AS day, status, duration
              FROM processes_processinstance
             WHERE status IN ('completed', 'cancelled') AND process_id = ANY(%(processes)s)
               AND ended_at >= (%(first)s::date)::timestamp AT TIME ZONE %(tz)s
               AND ended_at < (%(last)s::date + 1)::timestamp AT TIME ZONE %(tz)s) finished
     GROUP BY GROUPING SETS ((process_id, day), (process_id), (day), ()) ORDER BY day NULLS FIRST, process_id
"""
NOW_OPEN = """
    SELECT process_id, count(*) FILTER (WHERE status = 'running'), count(*) FILTER (WHERE status = 'failed')
      FROM processes_processinstance WHERE status IN ('running', 'failed') AND process_id = ANY(%s)
     GROUP BY process_id
"""


@dataclass(frozen=True, slots=True)
class Finished:
    """Finished instances; durations in seconds.

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


def report(*, user: Any, first: date, last: date, tz: tzinfo, process: Process | None = None) -> Report:
    """Visible processes (or one of them), both ends of the range included, days of `tz`; two statements."""
    found = Report()
    params: dict[str, Any] = {
        "tz": str(tz),
        "processes": _visible(user, process),
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(FINISHED, params)
        for row in cursor.fetchall():
            entry = Finished(*row[:4], *(None if value is None else float(value) for value in row[4:]))
            if entry.process_id is not None:
                (found.totals if entry.day is None else found.per_day).append(entry)
            elif entry.day is not None:
                found.days.append(entry)
            else:
                found.overall = entry
    return found


def open_now(*, user: Any, process: Process | None = None) -> dict[int, tuple[int, int]]:
    """Running and failed instances at this moment, by process."""
    with connection.cursor() as cursor:
        cursor.execute(NOW_OPEN, [_visible(user, process)])
        return {process_id: (running, failed) for process_id, running, failed in cursor.fetchall()}


def _visible(user: Any, process: Process | None) -> list[int]:
    processes = Process.objects.visible_to(user)
    if process is not None:
        processes = processes.filter(pk=process.pk)
    return list(processes.values_list("pk", flat=True))


def default_range(today: date) -> tuple[date, date]:
    """The last four weeks."""
    return today - timedelta(days=27), today


FAILED = """
    SELECT i.process_id, (max(s.closed_at) AT TIME ZONE %(tz)s)::date
      FROM processes_processinstance i JOIN processes_processstep s ON s.instance_id = i.id
     WHERE i.status = 'failed' AND s.status = 'failed' AND i.process_id = ANY(%(processes)s)
     GROUP BY i.id
"""


def failed_per_day(
    *, user: Any, first: date, last: date, tz: tzinfo, process: Process | None = None
) -> dict[tuple[int, date], int]:
    """Instances that stand failed now, by process and the day of their latest incident (both ends included)."""
    counts: dict[tuple[int, date], int] = {}
    with connection.cursor() as cursor:
        cursor.execute(FAILED, {"tz": str(tz), "processes": _visible(user, process)})
        for process_id, day in cursor.fetchall():
            if first <= day <= last:
                counts[process_id, day] = counts.get((process_id, day), 0) + 1
    return counts


SLOWEST = """
    SELECT i.process_id, s.element_id, count(*), extract(epoch FROM avg(s.closed_at - s.opened_at)),
           extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY s.closed_at - s.opened_at))
      FROM processes_processinstance i JOIN processes_processstep s ON s.instance_id = i.id
     WHERE i.status = 'completed' AND s.status = 'completed' AND i.process_id = ANY(%(processes)s)
       AND i.ended_at >= (%(first)s::date)::timestamp AT TIME ZONE %(tz)s
       AND i.ended_at < (%(last)s::date + 1)::timestamp AT TIME ZONE %(tz)s
     GROUP BY i.process_id, s.element_id HAVING avg(s.closed_at - s.opened_at) > interval '1 second'
     ORDER BY 4 DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Slow:
    """An element and how long its completed steps took, in seconds."""

    process_id: int
    element_id: str
    name: str
    number: int
    average: float
    median: float


def slowest_elements(
    *, user: Any, first: date, last: date, tz: tzinfo, process: Process | None = None, limit: int = 10
) -> list[Slow]:
    """Where completed instances of the range spent most time per step, the slowest first."""
    params: dict[str, Any] = {
        "tz": str(tz),
        "processes": _visible(user, process),
        "first": first,
        "last": last,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(SLOWEST, params)
        rows = cursor.fetchall()
    names = _element_names({row[0] for row in rows})
    return [
        Slow(
            process_id,
            element_id,
            names.get((process_id, element_id), element_id),
            number,
            float(a),
            float(m),
        )
        for process_id, element_id, number, a, m in rows
    ]


def _element_names(process_ids: set[int]) -> dict[tuple[int, str], str]:
    """Names as the current diagrams have them; those of steps may hold the values of one instance."""
    current = ProcessVersion.objects.filter(is_current=True, process__in=process_ids)
    return {
        (process_id, element.id): element.name or element.id
        for version_id, process_id in current.values_list("pk", "process")
        for element in definition_of(version_id).elements.values()
    }

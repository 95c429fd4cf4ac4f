"""Statistics: exact counts and durations of finished instances, per process and day."""

from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any

from django.db import connection

from processes.models import Process

# Only completed instances count in durations; cancelled and failed ones are shown apart.
PER_DAY = """
    SELECT i.process_id, (i.ended_at AT TIME ZONE %(tz)s)::date AS day,
           count(*) FILTER (WHERE i.status = 'completed'),
           count(*) FILTER (WHERE i.status = 'cancelled'),
           extract(epoch FROM avg(i.duration) FILTER (WHERE i.status = 'completed')),
           extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY i.duration)
                   FILTER (WHERE i.status = 'completed')),
           extract(epoch FROM percentile_cont(0.9) WITHIN GROUP (ORDER BY i.duration)
                   FILTER (WHERE i.status = 'completed'))
      FROM processes_processinstance i
     WHERE i.status IN ('completed', 'cancelled') AND i.process_id = ANY(%(processes)s)
       AND i.ended_at >= (%(first)s::date)::timestamp AT TIME ZONE %(tz)s
       AND i.ended_at < (%(last)s::date + 1)::timestamp AT TIME ZONE %(tz)s
     GROUP BY {groups} ORDER BY 2 NULLS FIRST, 1
"""
NOW_OPEN = """
    SELECT process_id, count(*) FILTER (WHERE status = 'running'), count(*) FILTER (WHERE status = 'failed')
      FROM processes_processinstance WHERE status IN ('running', 'failed') AND process_id = ANY(%s)
     GROUP BY process_id
"""


@dataclass(frozen=True, slots=True)
class Finished:
    """Finished instances of one process on one day (`day` None: over the whole range); durations in seconds."""

    process_id: int
    day: date | None
    completed: int
    cancelled: int
    average: float | None
    median: float | None
    p90: float | None


def per_day(
    *, user: Any, first: date, last: date, tz: tzinfo, process: Process | None = None
) -> list[Finished]:
    """One entry per process and day (both ends included, days of `tz`) with anything finished; visible ones only."""
    return _finished("1, 2", _visible(user, process), first, last, tz)


def totals(
    *, user: Any, first: date, last: date, tz: tzinfo, process: Process | None = None
) -> list[Finished]:
    """One entry per process over the whole range."""
    return _finished("1", _visible(user, process), first, last, tz)


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


def _finished(groups: str, processes: list[int], first: date, last: date, tz: tzinfo) -> list[Finished]:
    day = "(i.ended_at AT TIME ZONE %(tz)s)::date AS day"
    sql = PER_DAY.format(groups=groups)
    if groups == "1":
        sql = sql.replace(day, "NULL::date AS day")
    params = {"tz": str(tz), "processes": processes, "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [
            Finished(*row[:4], *(None if value is None else float(value) for value in row[4:]))
            for row in cursor.fetchall()
        ]


def default_range(today: date) -> tuple[date, date]:
    """The last four weeks."""
    return today - timedelta(days=27), today

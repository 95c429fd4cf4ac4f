"""The builder of the daily summary: counts every finished instance once, however late it finishes.

A batch marks instances as counted and adds them to the cells of every time zone, in one transaction and one builder
at a time: whoever dies leaves no half of it. So cells hold exactly what is marked, and readers add the rest.
"""

import time
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from bpm_portal.accounts.models import User
from bpm_portal.common import working
from processes.models import DailySummary, ProcessInstance, SummaryZone
from processes.services import usual
from processes.services.durations import histogram_of, merged
from processes.services.statistics_sql import DURATIONS, STEP_TIMES

BATCH = 500
LOCK = 7_305_001  # of the one builder
Key = tuple[int, int, date]  # process, version, day

COUNT = """
    UPDATE processes_processinstance SET is_counted = true
     WHERE id IN (SELECT id FROM processes_processinstance
                   WHERE status IN ('completed', 'cancelled') AND NOT is_counted
                   ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING id, process_id
"""
ENDED = f"""
    SELECT process_id, version_id, (ended_at AT TIME ZONE %(zone)s)::date,
           count(*) FILTER (WHERE status = 'cancelled'),
           {DURATIONS}
      FROM processes_processinstance WHERE id = ANY(%(ids)s) GROUP BY 1, 2, 3
"""  # noqa: S608 - a constant
WORKED = f"""
    SELECT i.process_id, i.version_id, (i.ended_at AT TIME ZONE %(zone)s)::date, s.element_id,
           {STEP_TIMES}
      FROM processes_processinstance i JOIN processes_processstep s ON s.instance_id = i.id
     WHERE i.id = ANY(%(ids)s) AND i.status = 'completed' AND s.status = 'completed' GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - a constant
# Percentiles cannot be added up; those of a day are read from its instances, along the index.
PERCENTILES = """
    UPDATE processes_dailysummary cell SET median = found.median, p90 = found.p90
      FROM processes_dailysummary mine, LATERAL (
           SELECT extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY duration)) AS median,
                  extract(epoch FROM percentile_cont(0.9) WITHIN GROUP (ORDER BY duration)) AS p90
             FROM processes_processinstance i
            WHERE i.status = 'completed' AND i.is_counted AND i.id <= %(up_to)s
              AND i.process_id = mine.process_id AND i.version_id = mine.version_id
              AND i.ended_at >= mine.day::timestamp AT TIME ZONE %(zone)s
              AND i.ended_at < (mine.day + 1)::timestamp AT TIME ZONE %(zone)s) found
     WHERE mine.id = cell.id AND cell.id = ANY(%(cells)s)
"""
EVERY_ID = 2**63 - 1


def build_summaries() -> None:
    """Count all that is finished, batch by batch; what is left after a while is left to the next tick."""
    began = time.monotonic()
    processes: set[int] = set()
    while build_batch(processes) and time.monotonic() - began < working.PATIENCE:
        pass
    usual.remember(processes)


def build_batch(processes: set[int]) -> int:
    """Count one batch, and let new time zones catch up by one; returns how many instances were added to anything.

    Adds to `processes` those of which anything has finished.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0  # another builder is at it
        zones = _zones()
        cursor.execute(COUNT, [BATCH])
        counted = cursor.fetchall()
        ids = [instance_id for instance_id, _process in counted]
        processes |= {process_id for _instance, process_id in counted}
        for zone in zones:
            up_to = EVERY_ID if zone.is_ready else zone.after_id
            _add(zone, [key for key in ids if key <= up_to], up_to)
        return len(ids) + sum(_catch_up(zone) for zone in zones if not zone.is_ready)


def _zones() -> Sequence[SummaryZone]:
    """Those of all who may sign in, and the portal's own."""
    names = {settings.TIME_ZONE, *User.objects.filter(is_active=True).values_list("time_zone", flat=True)}
    known = {zone.name for zone in SummaryZone.objects.all()}
    SummaryZone.objects.bulk_create(
        [SummaryZone(name=name) for name in sorted(names - known)], ignore_conflicts=True
    )
    return list(SummaryZone.objects.order_by("id"))


def _catch_up(zone: SummaryZone) -> int:
    """Add the next instances that were counted before the zone was known; how many."""
    counted = ProcessInstance.objects.filter(is_counted=True, pk__gt=zone.after_id).order_by("pk")
    ids = list(counted.values_list("pk", flat=True)[:BATCH])
    zone.is_ready = len(ids) < BATCH
    zone.after_id = ids[-1] if ids else zone.after_id
    _add(zone, ids, zone.after_id)
    zone.save(update_fields=["is_ready", "after_id"])
    return len(ids)


def _add(zone: SummaryZone, ids: Sequence[int], up_to: int) -> None:
    """Add instances to the cells of a zone; it has those up to this id."""
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(ENDED, {"zone": zone.name, "ids": list(ids)})
        ended = {tuple(row[:3]): row[3:] for row in cursor.fetchall()}
        cells = _cells(zone, ended)
        for key, (cancelled, durations) in ended.items():
            cell = cells[key]
            cell.cancelled += cancelled
            cell.completed += len(durations)
            cell.total += sum(durations)
            cell.histogram = merged(cell.histogram, histogram_of(durations))
        cursor.execute(WORKED, {"zone": zone.name, "ids": list(ids)})
        for process_id, version_id, day, element_id, *added in cursor.fetchall():
            elements = cells[process_id, version_id, day].elements
            elements[element_id] = _with_element(elements.get(element_id, (0, 0, 0, 0, 0, {})), *added)
        kept = DailySummary.objects.bulk_create(
            cells.values(),
            update_conflicts=True,
            unique_fields=("zone", "process", "day", "version"),
            update_fields=("completed", "cancelled", "total", "histogram", "elements"),
        )
        params: dict[str, Any] = {"zone": zone.name, "up_to": up_to, "cells": [cell.pk for cell in kept]}
        cursor.execute(PERCENTILES, params)


def _with_element(known: Any, taken: int, waited: int, worked: int, durations: Sequence[int]) -> list[Any]:
    number, total, old_taken, old_waited, old_worked, histogram = known
    return [
        number + len(durations),
        total + sum(durations),
        old_taken + taken,
        old_waited + waited,
        old_worked + worked,
        merged(histogram, histogram_of(durations)),
    ]


def _cells(zone: SummaryZone, keys: Iterable[Any]) -> dict[Any, DailySummary]:
    """The cell of each key, new where there is none yet."""
    keys = list(keys)
    known = DailySummary.objects.filter(
        zone=zone, process__in={key[0] for key in keys}, day__in={key[2] for key in keys}
    )
    cells = {(cell.process_id, cell.version_id, cell.day): cell for cell in known}
    return {
        key: cells.get(key) or DailySummary(zone=zone, process_id=key[0], version_id=key[1], day=key[2])
        for key in keys
    }

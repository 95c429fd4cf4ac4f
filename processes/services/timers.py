"""Timers: due rows, claimed by a beat tick, fired in turns."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from processes.engine.effects import FireTimer
from processes.engine.state import Status, WaitsOn
from processes.errors import ProcessDisabled
from processes.models import ProcessStart, ProcessStep
from processes.services.instances import begin_instance, check_enabled
from processes.services.starts import rearm
from processes.turn import turn

logger = logging.getLogger(__name__)

CLAIM = timedelta(seconds=30)
BATCH = 100


def fire_due_timers(*, now: datetime) -> int:
    """Fire every timer whose time has come, at most BATCH of them; returns how many.

    The claim is a lease of its own short transaction: holding the step's row while waiting for the instance's
    lock would turn the lock order round. Most ticks find nothing, and ask for that in one statement.
    """
    waiting = _due_starts(now).values("pk"), ProcessStep.objects.due_timers(now).values("pk")
    if not waiting[0].union(waiting[1], all=True).exists():
        return 0
    fired = fire_due_starts(now=now)
    for step_id in claim_timers(now):
        try:
            fired += fire_timer(step_id=step_id, now=now)
        except Exception:  # one broken instance must not hold up the timers of the others
            logger.exception("The timer of step %d could not fire; it will be tried again", step_id)
    return fired


def fire_due_starts(*, now: datetime) -> int:
    """Start the enabled processes whose time has come, at most BATCH of them; returns how many."""
    started = 0
    for start_id in _claim_starts(now):
        try:
            started += fire_start(start_id=start_id, now=now)
        except Exception:
            logger.exception("Timer start %d could not fire; it will be tried again", start_id)
    return started


def _due_starts(now: datetime) -> QuerySet[ProcessStart]:
    return ProcessStart.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lt=now),
        waits_on=ProcessStep.WaitsOn.TIMER,
        due_at__lte=now,
        version__process__enabled=True,
    )


@transaction.atomic
def _claim_starts(now: datetime) -> list[int]:
    locked = _due_starts(now).order_by("due_at", "id").select_for_update(skip_locked=True, of=("self",))
    ids = list(locked.values_list("id", flat=True)[:BATCH])
    ProcessStart.objects.filter(pk__in=ids).update(claimed_until=now + CLAIM)
    return ids


@transaction.atomic
def fire_start(*, start_id: int, now: datetime) -> bool:
    """Start the process of one timer, if it is still due; returns whether it was.

    The process is locked before its timer, as a deploy does it, which replaces the timers.
    """
    process_id = ProcessStart.objects.filter(pk=start_id).values_list("version__process", flat=True).first()
    if process_id is None:
        return False  # deployed anew meanwhile
    try:
        check_enabled(process_id)
    except ProcessDisabled:
        return False
    start = ProcessStart.objects.select_for_update().filter(pk=start_id, due_at__lte=now).first()
    if start is None:
        return False
    begin_instance(
        process_id=process_id, by=None, now=now, record=None, variables={}, start_event=start.element_id
    )
    rearm(start, now)
    return True


@transaction.atomic
def claim_timers(now: datetime) -> list[int]:
    """Ids of due timers that nobody else is firing, claimed for half a minute."""
    due = ProcessStep.objects.due_timers(now).order_by("due_at", "id").select_for_update(skip_locked=True)
    ids = list(due.values_list("id", flat=True)[:BATCH])
    ProcessStep.objects.filter(pk__in=ids).update(claimed_until=now + CLAIM)
    return ids


def fire_timer(*, step_id: int, now: datetime) -> bool:
    """Fire one timer, if it is still due under the lock; returns whether it was."""
    with turn(step_id=step_id, now=now) as move:
        row = move.rows.get(step_id)
        due = row.step.due_at if row is not None else None
        if row is None or due is None or due > now:
            return False  # closed or re-armed while we waited for the lock
        if row.step.status is not Status.PENDING or row.step.waits_on is not WaitsOn.TIMER:
            return False
        row.claimed_until = None
        move.run(FireTimer(step_id))
    return True

"""Timers: due rows, claimed by a beat tick, fired in turns."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from processes.engine.effects import FireTimer
from processes.engine.state import Status, WaitsOn
from processes.models import ProcessStep
from processes.turn import turn

logger = logging.getLogger(__name__)

CLAIM = timedelta(seconds=30)
BATCH = 100


def fire_due_timers(*, now: datetime) -> int:
    """Fire every timer whose time has come, at most BATCH of them; returns how many.

    The claim is a lease of its own short transaction: holding the step's row while waiting for the instance's
    lock would turn the lock order round.
    """
    fired = 0
    for step_id in claim_timers(now):
        try:
            fired += fire_timer(step_id=step_id, now=now)
        except Exception:  # one broken instance must not hold up the timers of the others
            logger.exception("The timer of step %d could not fire; it will be tried again", step_id)
    return fired


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

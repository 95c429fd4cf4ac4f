"""Service steps: queued as rows, run by a worker under a lease and outside any transaction."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from processes import service_calls
from processes.engine.effects import Complete, Fail
from processes.engine.feel import decode
from processes.engine.state import Status
from processes.models import ProcessStep
from processes.service_calls import ServiceCall
from processes.turn import turn

logger = logging.getLogger(__name__)

#: Longer than the worker's time limit for a task, so that a lease never ends under a call that still runs.
LEASE = timedelta(seconds=settings.SERVICE_LEASE)


def claim_service_step(*, now: datetime, step_id: int | None = None) -> ProcessStep | None:
    """Lease one queued service step (the one named, or the oldest); None when there is none free."""
    with transaction.atomic():
        free = ProcessStep.objects.queued(now)
        if step_id is not None:
            free = free.filter(pk=step_id)
        free = free.order_by("id").select_for_update(skip_locked=True, of=("self",))
        step: ProcessStep | None = free.first()
        if step is None:
            return None
        step.claimed_until = now + LEASE
        step.save(update_fields=["claimed_until"])
    return step


def run_service_step(*, now: datetime, step_id: int | None = None) -> bool:
    """Run one queued service step and complete it in a turn, or open an incident; False when none was free.

    All of it at the moment `now`: what calls a service that takes its time claims, calls and settles by itself.
    """
    step = claim_service_step(now=now, step_id=step_id)
    if step is None:
        return False
    settle_service_step(step=step, command=call_service(step), now=now)
    return True


def call_service(step: ProcessStep) -> Complete | Fail:
    """Call the function of a claimed step; returns what its turn is to do with the outcome.

    If the worker dies meanwhile, the lease runs out and the step is run again, with the same key.
    """
    try:
        function = service_calls.all_services()[step.topic]
    except KeyError:
        return Fail(step.pk, f"This installation has no service “{step.topic}”.")
    try:
        return Complete(step.pk, result=function(_call(step)))
    except Exception as error:
        logger.exception("Service step %d (%s) has failed", step.pk, step.topic)
        return Fail(step.pk, f"{type(error).__name__}: {error}")


def settle_service_step(*, step: ProcessStep, command: Complete | Fail, now: datetime) -> None:
    """Complete or fail a claimed step, unless the claim was lost."""
    with turn(step_id=step.pk, now=now) as move:
        row = move.rows.get(step.pk)
        # Cancelled meanwhile, or the lease ran out and another worker has the step: its outcome counts, not ours.
        if row is None or row.step.status is not Status.PENDING or row.claimed_until != step.claimed_until:
            return
        move.run(command)


def _call(step: ProcessStep) -> ServiceCall:
    instance = step.instance
    return ServiceCall(
        key=f"step-{step.pk}",
        instance_id=instance.pk,
        caption=instance.caption,
        record_id=instance.record_id,
        starter=instance.starter.username if instance.starter else "",
        variables=decode(instance.variables),
        settings=step.settings,
        attempt=step.attempts + 1,
    )

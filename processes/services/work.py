"""The worker's queue: service steps and the work of answered human steps, as rows.

Each is run under a lease and outside any transaction, then settled in a turn: done, or an incident. When a worker
dies its lease runs out and another one runs the row again, with the same key.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction

from bpm_portal.accounts.models import User
from bpm_portal.common.typed import readable
from processes import kinds, service_calls
from processes.engine.effects import Complete, Fail, Throw
from processes.engine.feel import FeelError, decode, encode
from processes.engine.state import Status
from processes.kinds import Job
from processes.models import ProcessStep
from processes.service_calls import BpmnError, ServiceCall
from processes.services import answers
from processes.turn import turn

logger = logging.getLogger(__name__)

#: Longer than the worker's time limit for a task, so that a lease never ends under a call that still runs.
LEASE = timedelta(seconds=settings.SERVICE_LEASE)


def claim_service_step(*, now: datetime, step_id: int | None = None) -> ProcessStep | None:
    """Lease one queued step (the one named, or the oldest); None when there is none free."""
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


def call_service(step: ProcessStep) -> Complete | Fail | Throw:
    """Do the work of a claimed step; returns what its turn is to do with the outcome, and can keep."""
    try:
        return _carry_out(step) if step.is_human else _call_function(step)
    except BpmnError as error:
        return Throw(step.pk, readable(error.code), "" if str(error) == error.code else readable(str(error)))
    except SoftTimeLimitExceeded:
        logger.warning("Service step %d (%s) took too long", step.pk, step.topic)
        return Fail(step.pk, f"There was no answer within {settings.CELERY_TASK_SOFT_TIME_LIMIT:g} seconds.")
    except Exception as error:
        logger.exception("Service step %d (%s) has failed", step.pk, step.topic)
        return Fail(step.pk, readable(f"{type(error).__name__}: {error}"))


def settle_service_step(*, step: ProcessStep, command: Complete | Fail | Throw, now: datetime) -> None:
    """Complete or fail a claimed step, unless the claim was lost; a human one in the name of who answered it."""
    answer = answers.answer_of_work(step.settings) if step.is_human else None
    with turn(step_id=step.pk, by=_answered_by(step), now=now) as move:
        row = move.rows.get(step.pk)
        # Cancelled meanwhile, or the lease ran out and another worker has the step: its outcome counts, not ours.
        if row is None or row.step.status is not Status.PENDING or row.claimed_until != step.claimed_until:
            return
        if step.is_human:  # in whose name it was answered, whoever stands in for whom by now
            move.on_behalf_of_id = step.settings[answers.WORK].get("on_behalf_of")
        move.run(command, answer=answer)


def _call_function(step: ProcessStep) -> Complete | Fail:
    function = service_calls.all_services().get(step.topic)
    if function is None:
        return Fail(step.pk, f"This installation has no service “{step.topic}”.")
    result = function(_call(step))
    try:  # now: a turn that cannot be saved would have the service called for ever
        encode(result)
    except FeelError as problem:
        return Fail(step.pk, f"The service “{step.topic}” returned what cannot be kept: {problem}")
    return Complete(step.pk, result=result)


def _carry_out(step: ProcessStep) -> Complete:
    work = step.settings[answers.WORK]
    kinds.get(step.kind).run(Job(key_of(step), work["job"], work["by"], step.activity_id))
    answer = answers.answer_of_work(step.settings)
    return Complete(step.pk, answer.result, answer.variables)


def _answered_by(step: ProcessStep) -> Any:
    """Who has answered a human step; nobody for a service step, or when he is gone."""
    return User.objects.filter(pk=step.settings[answers.WORK]["by"]).first() if step.is_human else None


def key_of(step: ProcessStep) -> str:
    """The same at every attempt of the step."""
    return f"step-{step.pk}"


def _call(step: ProcessStep) -> ServiceCall:
    instance = step.instance
    return ServiceCall(
        key=key_of(step),
        instance_id=instance.pk,
        caption=instance.caption,
        record_id=instance.record_id,
        starter=instance.starter.username if instance.starter else "",
        variables=_seen_from(step),
        settings=step.settings,
        attempt=step.attempts + 1,
    )


def _seen_from(step: ProcessStep) -> dict[str, Any]:
    """The variables that the step sees: its own, those of the sub-processes and loops around it, the instance's."""
    scopes: list[dict[str, Any]] = []
    scope: ProcessStep | None = step
    while scope is not None:
        scopes.append(scope.variables)
        scope = scope.scope
    seen: dict[str, Any] = decode(step.instance.variables)
    for variables in reversed(scopes):
        seen |= decode(variables)
    return seen

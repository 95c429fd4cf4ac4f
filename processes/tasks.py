"""What the worker does: publish events, fire timers, run service steps, finish instances, sweep up the rest."""

import time

from celery import shared_task
from django.utils import timezone

from bpm_portal.common import working
from processes import outbox
from processes.models import ProcessInstance, ProcessStep
from processes.services import cancel_jobs, deliveries, instances, summary, timers, work

#: How many rows one sweep looks at; the next one comes within seconds.
SWEEP = 200
SWEEP_EXPIRES = 10  # seconds


@shared_task(name=outbox.PUBLISH)
def publish_events() -> None:
    """Publish events and hand over what they and changes of records have set out, until none is left.

    After a while the next task goes on: the time limit would cut off whatever is being published just then.
    """
    until = time.monotonic() + working.PATIENCE
    while outbox.publish(now=timezone.now()) or deliveries.hand_over_waiting(now=timezone.now()):
        if time.monotonic() >= until:
            return working.wake(outbox.PUBLISH)
    return None


@shared_task(name="processes.fire_due_timers")
def fire_due_timers() -> None:
    """The beat's tick."""
    timers.fire_due_timers(now=timezone.now())


@shared_task(name="processes.run_service_step")
def run_service_step(step_id: int) -> None:
    """Run one queued service step, if no other worker has it."""
    step = work.claim_service_step(now=timezone.now(), step_id=step_id)
    if step is not None:
        command = work.call_service(step)
        work.settle_service_step(step=step, command=command, now=timezone.now())


@shared_task(name="processes.finish_instance")
def finish_instance(instance_id: int) -> None:
    """Complete an instance whose last end event has come."""
    instances.finish_instance(instance_id=instance_id, now=timezone.now())


@shared_task(name="processes.sweep")
def sweep() -> None:
    """Do what a killed worker or a lost message has left: events, finished instances, service steps."""
    publish_events()
    now = timezone.now()
    for instance_id in ProcessInstance.objects.to_finish().values_list("pk", flat=True)[:SWEEP]:
        instances.finish_instance(instance_id=instance_id, now=now)
    for step_id in ProcessStep.objects.queued(now).order_by("id").values_list("pk", flat=True)[:SWEEP]:
        # The next sweep asks again: a worker that is busy finds no heap of the same questions.
        run_service_step.apply_async((step_id,), expires=SWEEP_EXPIRES)


@shared_task(name=cancel_jobs.RUN)
def run_cancel_jobs() -> None:
    """After somebody has set out a cancellation of many, and now and then for what was lost."""
    cancel_jobs.run_cancel_jobs()


@shared_task(name="processes.build_summaries")
def build_summaries() -> None:
    """Count what has finished since the last tick into the daily summary of the statistics."""
    summary.build_summaries()

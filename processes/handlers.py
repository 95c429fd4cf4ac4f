"""What the processes themselves do with published events: finish instances, run services, deliver."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from processes.outbox import PublishedEvent
from processes.services.deliveries import note_thrown
from processes.tasks import finish_instance, run_service_step

#: After these a worker may have something to do: `queued` says so.
QUEUING = ("step-opened", "step-retried", "step-queued")


def handle_events(events: Sequence[PublishedEvent], now: datetime) -> None:
    """Queue the worker's jobs once the events are marked as published; the sweep repeats what gets lost."""
    note_thrown(events)  # handed over by the task that has published them
    ended = {event.instance_id for event in events if event.kind == "instance-ended"}
    queued = {event.step_id for event in events if event.kind in QUEUING and event.data.get("queued")}
    for instance_id in sorted(ended):
        transaction.on_commit(partial(finish_instance.delay, instance_id))
    for step_id in sorted(step for step in queued if step is not None):
        transaction.on_commit(partial(run_service_step.delay, step_id))

"""Starts of the current versions: what a deploy arms, and who begins with what."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bpm_portal.common.errors import Invalid
from processes.compiled import definition_of
from processes.engine.errors import Incident
from processes.engine.model import Definition, EventDefinition
from processes.engine.timers import next_start
from processes.models import Process, ProcessStart, ProcessStep, ProcessVersion

Waits = ProcessStep.WaitsOn


def arm_starts(*, version: ProcessVersion, definition: Definition, now: datetime) -> None:
    """Let the version begin by its events, and no earlier version of the process any more.

    Raises Invalid for a timer that is no moment, duration or cycle.
    """
    ProcessStart.objects.filter(version__process=version.process_id).delete()
    try:
        ProcessStart.objects.bulk_create(
            ProcessStart(version=version, **values) for values in start_values(definition, now)
        )
    except Incident as incident:
        raise Invalid("%(source)s", source=str(incident)) from incident


def start_values(definition: Definition, now: datetime) -> Iterator[dict[str, Any]]:
    """The columns of the start of each event definition that something can come for. Raises Incident."""
    for element in definition.triggers:
        for position, event in enumerate(element.events):
            values = _awaited(definition, event, now)
            if values is not None:
                yield {"element_id": element.id, "position": position, **values}


def _awaited(definition: Definition, event: EventDefinition, now: datetime) -> dict[str, Any] | None:
    if event.type == "timer":
        due_at = next_start(event, fired=0, last=None, now=now)
        if due_at is None or due_at < now:
            return None  # a date that is over
        return {"waits_on": Waits.TIMER.value, "due_at": due_at}
    if event.type in (Waits.MESSAGE, Waits.SIGNAL) and isinstance(event.name, str):
        return {"waits_on": event.type, "topic": event.name[:200]}
    if event.type == "conditional" and definition.section:
        return {"waits_on": Waits.CONDITION.value, "topic": definition.section[:200]}
    return None


def starts_by(*, waits_on: Sequence[str], name: str, by: Any) -> list[tuple[Process, str]]:
    """Pairs of process and start event that begin with this name; `by` (None: the system) may start them."""
    found = ProcessStart.objects.filter(waits_on__in=waits_on, topic=name).select_related("version__process")
    if by is not None:
        found = found.filter(version__process__in=Process.objects.startable_by(by).values("pk"))
    return [
        (start.version.process, start.element_id) for start in found.order_by("version__process_id", "id")
    ]


def postpone_missed(*, process: Process, now: datetime) -> None:
    """Of a process that was disabled: what its timers have missed is not made up for."""
    for start in ProcessStart.objects.filter(version__process=process, waits_on=Waits.TIMER, due_at__lt=now):
        rearm(start, now)


def rearm(start: ProcessStart, now: datetime) -> None:
    """Wait for the next moment after `now`; a timer without one is gone."""
    event = definition_of(start.version_id).elements[start.element_id].events[start.position]
    while start.due_at is not None and start.due_at <= now:
        start.fired += 1
        start.due_at = next_start(event, fired=start.fired, last=start.due_at, now=now)
    if start.due_at is None:
        start.delete()
        return
    start.claimed_until = None
    start.save(update_fields=["due_at", "fired", "claimed_until"])

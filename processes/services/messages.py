"""Messages and signals from outside: they reach the steps that wait for them, or start processes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bpm_portal.common.errors import NotFound
from processes.engine.effects import Deliver
from processes.engine.state import Status, WaitsOn
from processes.errors import ProcessDisabled
from processes.models import ProcessInstance, ProcessStep
from processes.services.instances import begin_instance
from processes.services.starts import starts_by
from processes.turn import turn

NOBODY_WAITS: Mapping[WaitsOn, Promise] = {
    WaitsOn.MESSAGE: _("No process waits for the message “%(name)s”."),
    WaitsOn.SIGNAL: _("No process waits for the signal “%(name)s”."),
}


def send_message(
    *,
    name: str,
    variables: Mapping[str, Any],
    by: Any,
    now: datetime,
    record: Any = None,
    correlation: str = "",
) -> list[ProcessInstance]:
    """Give the message to the one step that waits for it; where none does, start what begins with it.

    `correlation` tells several steps that wait for one name apart; a step without a key of its own takes any.
    Returns the instance that has gone on, or those that have started. Raises NotFound when nobody within the
    reach of `by` waits, ProcessDisabled when only disabled processes begin with it.
    """
    waiting = ProcessStep.objects.waiting_on_topic(WaitsOn.MESSAGE.value, name).reached_by(by)
    for step_id in (*waiting.with_correlation(correlation), *waiting.without_correlation()):
        instance = deliver(
            step_id=step_id, waits_on=WaitsOn.MESSAGE, name=name, variables=variables, by=by, now=now
        )
        if instance is not None:
            return [instance]
    return _begin_all(WaitsOn.MESSAGE, name, variables, by, now, record)


def throw_signal(
    *, name: str, variables: Mapping[str, Any], by: Any, now: datetime, record: Any = None
) -> list[ProcessInstance]:
    """Give the signal to every step that waits for it, and start what begins with it; raises as `send_message`."""
    waiting = ProcessStep.objects.waiting_on_topic(WaitsOn.SIGNAL.value, name).reached_by(by)
    reached = [
        deliver(step_id=step_id, waits_on=WaitsOn.SIGNAL, name=name, variables=variables, by=by, now=now)
        for step_id in waiting.order_by("id").values_list("pk", flat=True)
    ]
    gone_on = {instance.pk: instance for instance in reached if instance is not None}
    starts = starts_by(waits_on=[WaitsOn.SIGNAL.value], name=name, by=by)
    if gone_on and not any(process.enabled for process, _element_id in starts):
        return list(gone_on.values())
    return [*gone_on.values(), *_begin_all(WaitsOn.SIGNAL, name, variables, by, now, record)]


def deliver(
    *, step_id: int, waits_on: WaitsOn, name: str, variables: Mapping[str, Any], by: Any, now: datetime
) -> ProcessInstance | None:
    """Let one step take the message or signal, in a turn of its own; None when it waits no more.

    Two messages may find the same step: the lock lets one of them in, the other one looks further.
    """
    with turn(step_id=step_id, by=by, now=now) as move:
        row = move.rows.get(step_id)
        if row is None or row.step.status is not Status.PENDING:
            return None
        if row.step.waits_on is not waits_on or row.step.topic != name:
            return None
        move.run(Deliver(step_id, variables))
    return ProcessInstance.objects.get(pk=move.instance.id)


def _begin_all(
    kind: WaitsOn, name: str, variables: Mapping[str, Any], by: Any, now: datetime, record: Any
) -> list[ProcessInstance]:
    starts = starts_by(waits_on=[kind.value], name=name, by=by)
    if not starts:
        raise NotFound(NOBODY_WAITS[kind], name=name)
    enabled = [(process, element_id) for process, element_id in starts if process.enabled]
    if not enabled:
        raise ProcessDisabled(process=starts[0][0].name)
    return [
        begin_instance(
            process_id=process.pk, by=by, now=now, record=record, variables=variables, start_event=element_id
        )
        for process, element_id in enabled
    ]

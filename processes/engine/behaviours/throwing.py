"""Events and tasks that throw messages, signals and escalations and go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from processes.engine.behaviours.base import Behaviour
from processes.engine.behaviours.errors import throw_error
from processes.engine.behaviours.event_scopes import catch, nearest_catcher
from processes.engine.behaviours.tasks import ServiceTask
from processes.engine.feel import encode
from processes.engine.state import Step, WaitsOn

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element, EventDefinition


class Throw(Behaviour):
    """Throws all its events and goes on; what they interrupt takes the token along (BPMN 2.0.2, 13.5.5)."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        thrown = [(event, _compose(run, step, element, event)) for event in element.events]
        # The token leaves first: what interrupts its scope finds it on its way, the step has done its part.
        run.close(step)
        run.leave(step, element)
        for event, letter in thrown:
            THROW[event.type](run, step, letter)


class SendTask(ServiceTask):
    """Throws its message, or, where it names a service, lets a worker send it."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        if element.service:
            super().enter(run, step, element)
        else:
            Throw.enter(_THROW, run, step, element)


class MultipleThrow(Behaviour):
    """Throws several events; the one that ends or undoes something comes last (BPMN 2.0.2, 10.5.1)."""

    def __init__(self, last: Mapping[str, Behaviour]) -> None:
        self._last = last

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        rest = [event for event in element.events if event.type not in THROW]
        if not rest:
            Throw.enter(_THROW, run, step, element)
            return
        for event in element.events:
            if event.type in THROW and step.id in run.ledger.steps:
                THROW[event.type](run, step, _compose(run, step, element, event))
        if step.id in run.ledger.steps:
            self._last[rest[0].type].enter(run, step, element)

    def emptied(self, run: Execution, step: Step, element: Element) -> None:
        self._last["compensate"].emptied(run, step, element)


def _compose(run: Execution, step: Step, element: Element, event: EventDefinition) -> dict[str, Any]:
    """What is thrown, as plain JSON data. Raises Incident."""
    caption = run.caption(element)
    if event.type == "escalation":
        return {"code": event.code}
    name = run.resolve(event.name, step.place, f"The {event.type} of “{caption}”")
    correlation = run.resolve(
        element.portal.get("correlation") or event.correlation,
        step.place,
        f"The correlation key of “{caption}”",
    )
    variables: dict[str, Any] = {}
    for transfer in element.inputs if element.type != "callActivity" else ():  # there they are for the called
        if transfer.source is None:
            variables |= run.variables.own(step.place)
        else:
            what = f"“{transfer.target}” of “{caption}”"
            variables[transfer.target] = run.evaluate(transfer.source, step.place, what)[0]
    return {
        "name": str(name or ""),
        "correlation": "" if correlation is None else str(correlation),
        "variables": encode(variables),
        "given": variables,
    }


def throw_event(run: Execution, step: Step, element: Element, event: EventDefinition) -> None:
    """Throw one event from an activity that goes on, unless the event ends it."""
    if event.type == "error":
        throw_error(run, step, event.code, "")
    else:
        THROW[event.type](run, step, _compose(run, step, element, event))


def _throw_message(run: Execution, step: Step, letter: dict[str, Any]) -> None:
    """Whom it reaches is found out once the turn is through."""
    run.ledger.tell("message-thrown", step, **{key: letter[key] for key in letter if key != "given"})


def _throw_signal(run: Execution, step: Step, letter: dict[str, Any]) -> None:
    """Whoever waits in this instance hears it at once, others once the turn is through (10.5.6)."""
    run.ledger.tell("signal-thrown", step, **{key: letter[key] for key in letter if key != "given"})
    for waiting in run.ledger.waiting_on(WaitsOn.SIGNAL, letter["name"]):
        if waiting.id in run.ledger.steps:
            run.deliver(waiting, letter["given"])


def throw_escalation(run: Execution, step: Step, code: str) -> None:
    """The nearest catcher gets it; where there is none nothing happens here (10.5.6)."""
    found = nearest_catcher(run, step, "escalation", code)
    if found is None:
        run.escalated.append(code)
    else:
        catch(run, *found, {"code": code})


THROW: Mapping[str, Callable[[Execution, Step, dict[str, Any]], None]] = {
    "message": _throw_message,
    "signal": _throw_signal,
    "escalation": lambda run, step, letter: throw_escalation(run, step, letter["code"]),
}
_THROW = Throw()

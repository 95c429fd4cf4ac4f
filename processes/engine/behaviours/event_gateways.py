"""The event-based gateway: what happens first decides the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processes.engine.behaviours.gateways import ExclusiveGateway
from processes.engine.state import Step, WaitsOn

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element


class EventBasedGateway(ExclusiveGateway):
    """Holds the token while every event behind it waits; the first that happens takes it (BPMN 2.0.2, 13.4.4).

    The steps of these events are attached to the step of the gateway, which ends with the first of them. They
    get the name of the flow that they came by only then, since the token has taken none before.
    """

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        if element.parallel:  # begins an instance that waits for each of its events
            run.close(step)
            run.send(step, element.outgoing)
            return
        run.wait(step, WaitsOn.EVENTS)
        for flow_id in element.outgoing:
            if step.id not in run.ledger.steps:
                return  # a condition that holds already
            event = run.definition.elements[run.definition.flows[flow_id].target]
            run.enter(run.open(event, scope_id=step.scope_id, host_id=step.id), event)


def begin_at(run: Execution, element: Element) -> None:
    """Begin the instance with an event behind an instantiating gateway, or with a receive task (10.6.6).

    `element` has happened already; the other events of a parallel gateway are still to come.
    """
    for flow_id in element.incoming:
        gateway = run.definition.elements[run.definition.flows[flow_id].source]
        if gateway.type != "eventBasedGateway":
            continue
        run.close(run.open(gateway, scope_id=None))
        step = run.open(element, scope_id=None, flow_id=flow_id)
        if gateway.parallel:
            run.send(step, [other for other in gateway.outgoing if other != flow_id])
        break
    else:
        step = run.open(element, scope_id=None)
    run.close(step)
    run.leave(step, element)


def flow_from(run: Execution, gateway: Element, element: Element) -> str:
    """The flow from the gateway to the element behind it; "" where none leads there."""
    return next((flow for flow in gateway.outgoing if run.definition.flows[flow].target == element.id), "")

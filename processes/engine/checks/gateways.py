"""What gateways demand of their surroundings (BPMN 2.0.2, 10.6)."""

from collections.abc import Iterator

from processes.engine.model import Definition, Element
from processes.engine.problems import Problem, problem


def check(definition: Definition) -> Iterator[Problem]:
    """All problems of event-based gateways that the rules for whole files do not find."""
    for element in definition.elements.values():
        if element.type == "eventBasedGateway":
            yield from _event_based(definition, element)


def _event_based(definition: Definition, gateway: Element) -> Iterator[Problem]:
    if len(gateway.outgoing) == 1:
        yield problem("event_gateway_single", element=gateway.id, line=gateway.line)
    for flow_id in gateway.outgoing:
        target = definition.elements.get(definition.flows[flow_id].target)
        if target is not None and definition.boundaries.get(target.id):
            yield problem("event_gateway_boundary", element=target.id, line=target.line)

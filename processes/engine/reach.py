"""From where in a diagram a token can get to which way into a gateway."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processes.engine.model import Definition, Element

    Before = Callable[[Element], Iterator[str]]


class Reach:
    """Answers about one definition, each worked out when it is first asked for."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._joins: dict[str, Mapping[str, frozenset[str]]] = {}
        self._flowing: dict[str, Mapping[str, frozenset[str]]] = {}
        self._throws: dict[tuple[str | None, object], list[str]] = defaultdict(list)
        for element in definition.elements.values():
            if element.type == "intermediateThrowEvent":
                for event in element.events:
                    if event.type == "link":
                        self._throws[element.scope, event.name].append(element.id)

    def into(self, gateway: Element) -> Mapping[str, frozenset[str]]:
        """By incoming flow: the elements from which a token can get to it without passing the gateway.

        A path may lead through links and from an activity by its boundary events (BPMN 2.0.2, 13.4.3).
        """
        if gateway.id not in self._joins:
            self._joins[gateway.id] = self._ways(gateway, self._before)
        return self._joins[gateway.id]

    def flowing_into(self, gateway: Element) -> Mapping[str, frozenset[str]]:
        """The same by sequence flows and links alone: where no event has to happen for it."""
        if gateway.id not in self._flowing:
            self._flowing[gateway.id] = self._ways(gateway, self._before_by_flow)
        return self._flowing[gateway.id]

    def _ways(self, gateway: Element, before: Before) -> Mapping[str, frozenset[str]]:
        return {flow: self._behind(flow, gateway, before) for flow in gateway.incoming}

    def _behind(self, flow_id: str, gateway: Element, before: Before) -> frozenset[str]:
        found: set[str] = set()
        todo = [self._definition.flows[flow_id].source]
        while todo:
            element_id = todo.pop()
            if element_id not in found and element_id != gateway.id:
                found.add(element_id)
                todo += before(self._definition.elements[element_id])
        return frozenset(found)

    def _before(self, element: Element) -> Iterator[str]:
        yield from self._before_by_flow(element)
        if element.attached_to:
            yield element.attached_to

    def _before_by_flow(self, element: Element) -> Iterator[str]:
        for flow_id in element.incoming:
            yield self._definition.flows[flow_id].source
        if element.type == "intermediateCatchEvent":
            for event in element.events:
                if event.type == "link":
                    yield from self._throws[element.scope, event.name]

"""Token simulation: models without data, in which the person at the screen decides what fires and which way it goes.

Two variables carry these decisions into the instances: the flows chosen, and the conditions declared true.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from lxml import etree

from tests.conformance.translation import (
    BPMN,
    TASKS,
    bpmn,
    elements,
    parse,
    portal,
    sort_of,
    wait_for_person,
)

FLOWS, TRUE_EVENTS = "chosenFlows", "trueEvents"
UNNAMED = "unnamed"
_GATEWAYS = ("exclusiveGateway", "inclusiveGateway", "complexGateway")
_CATCHING = ("startEvent", "intermediateCatchEvent", "boundaryEvent")
_REFERENCES = {
    "signal": ("signalRef", ""),
    "error": ("errorRef", "errorCode"),
    "escalation": ("escalationRef", "escalationCode"),
}


class Simulation:
    """What the person at the screen has decided so far; `choose` and `wait_at` are the case's own and may change."""

    def __init__(self, choose: Mapping[str, Sequence[str]], wait_at: Collection[str]) -> None:
        self._choose = choose
        self._wait_at = wait_at
        self._waited_at: frozenset[str] = frozenset()
        self._sources: list[bytes] = []
        self._starts: dict[str, str] = {}
        self._true_events: list[str] = []
        self._outgoing: dict[str, list[str]] = {}
        self._defaults: dict[str, str] = {}
        self._uncounted: set[str] = set()

    def take(self, source: bytes) -> None:
        """Remember a model, its start events and its gateways."""
        self._sources.append(source)
        root = parse(source)
        for process in elements(root, "process") if root is not None else ():
            for start in process.iterchildren(bpmn("startEvent")):
                self._starts[start.get("id", "")] = process.get("id", "")
        for gateway in elements(root, *_GATEWAYS) if root is not None else ():
            key = gateway.get("id", "")
            self._outgoing[key] = [flow.get("id", "") for flow in _outgoing(root, gateway)]
            self._defaults[key] = gateway.get("default", "")

        for gateway in elements(root, "eventBasedGateway") if root is not None else ():
            self._uncounted.update(flow.get("id", "") for flow in _outgoing(root, gateway))

    def counts(self, flow_id: str) -> bool:
        """To the simulator an event-based gateway and the events behind it are one; it counts no flow between."""
        return flow_id not in self._uncounted

    def process_started_by(self, element_id: str) -> str | None:
        """The process that has this start event at its top."""
        return self._starts.get(element_id)

    def sources_to_deploy_again(self) -> list[bytes]:
        """The models, if somebody is to wait elsewhere than when they were deployed last."""
        if self._waited_at == frozenset(self._wait_at):
            return []
        self._waited_at = frozenset(self._wait_at)
        return self._sources

    def decisions(self) -> dict[str, Any]:
        """The two variables: gateways go as chosen, else by the default, else by the first flow."""
        flows: list[str] = []
        for gateway, outgoing in self._outgoing.items():
            default = self._defaults[gateway]
            flows += self._choose.get(gateway, [default] if default else outgoing[:1])
        return {FLOWS: flows, TRUE_EVENTS: list(self._true_events)}

    @contextmanager
    def declared_true(self, element_id: str) -> Iterator[None]:
        """The condition of that event holds for a moment."""
        self._true_events.append(element_id)
        yield
        self._true_events.remove(element_id)

    def prepare(self, root: etree._Element) -> None:
        """Make a model executable: what the simulator leaves open gets a name, a time, a condition."""
        for process in elements(root, "process"):
            process.set("isExecutable", "true")
        for node in elements(root, *TASKS):
            if node.get("id") in self._waited_at:
                wait_for_person(node)
            elif sort_of(node) != "sendTask":
                node.tag = bpmn("task")
        _name_messages(root)
        _name_throws(root)
        _time_timers(root)
        _declare_conditions(root)
        for gateway in elements(root, *_GATEWAYS):
            _ask_choice(root, gateway)


def _outgoing(root: etree._Element, node: etree._Element) -> Iterator[etree._Element]:
    return (flow for flow in elements(root, "sequenceFlow") if flow.get("sourceRef") == node.get("id"))


def _ask_choice(root: etree._Element, gateway: etree._Element) -> None:
    flows = list(_outgoing(root, gateway))
    for flow in flows if len(flows) > 1 else ():
        if flow.get("id") != gateway.get("default"):
            condition = etree.SubElement(flow, bpmn("conditionExpression"))
            condition.text = f'list contains({FLOWS}, "{flow.get("id")}")'


def _time_timers(root: etree._Element) -> None:
    """Every timer fires by hand, so any time far ahead will do; what does not interrupt may fire again and again."""
    for timer in elements(root, "timerEventDefinition"):
        event = timer.getparent()
        assert event is not None
        if any(sort_of(child).startswith("time") for child in timer):
            continue
        if "false" in (event.get("cancelActivity"), event.get("isInterrupting")):
            etree.SubElement(timer, bpmn("timeCycle")).text = "R/P10D"
        else:
            etree.SubElement(timer, bpmn("timeDuration")).text = "P10D"


def _declare_conditions(root: etree._Element) -> None:
    for definition in elements(root, "conditionalEventDefinition"):
        for child in list(definition):
            definition.remove(child)
        event = definition.getparent()
        assert event is not None
        condition = etree.SubElement(definition, bpmn("condition"))
        condition.text = f'list contains({TRUE_EVENTS}, "{event.get("id")}")'
        process = event.getparent()
        if sort_of(event) == "startEvent" and process is not None and sort_of(process) == "process":
            process.set(portal("section"), UNNAMED)  # a start looks at records; here it is begun by hand


def _name_messages(root: etree._Element) -> None:
    """Who catches a message waits for one of its own name; who throws one names the catcher that its flow leads to."""
    flows = [(flow.get("sourceRef", ""), flow.get("targetRef", "")) for flow in elements(root, "messageFlow")]
    nodes = {node.get("id", ""): node for node in elements(root) if node.get("id")}
    inner = {key for key, node in nodes.items() if sort_of(node) not in ("participant", "process", "")}
    targets = {source: target for source, target in flows if target in inner}
    for end in (end for flow in flows for end in flow if end in inner):
        _make_messenger(nodes[end])
    for node in elements(root, "intermediateCatchEvent", "boundaryEvent"):
        if not any(sort_of(child).endswith("EventDefinition") for child in node):
            etree.SubElement(node, bpmn("messageEventDefinition"))
    for node in [*elements(root, "messageEventDefinition"), *elements(root, "receiveTask", "sendTask")]:
        owner = node.getparent() if sort_of(node) == "messageEventDefinition" else node
        assert owner is not None
        if not node.get("messageRef"):
            key = owner.get("id", "")
            catcher = key if sort_of(owner) in (*_CATCHING, "receiveTask") else targets.get(key, key)
            node.set("messageRef", _root_element(root, "message", f"message-{catcher}"))


def _make_messenger(node: etree._Element) -> None:
    """An end of a message flow that does not say so itself."""
    if sort_of(node) in TASKS:
        node.tag = bpmn("sendTask")
    elif sort_of(node).endswith("Event") and node.find(bpmn("messageEventDefinition")) is None:
        etree.SubElement(node, bpmn("messageEventDefinition"))


def _name_throws(root: etree._Element) -> None:
    """What throws without a reference throws something that only catchers of anything, or of no name, catch."""
    for sort, (attribute, _code) in _REFERENCES.items():
        for definition in elements(root, f"{sort}EventDefinition"):
            event = definition.getparent()
            assert event is not None
            catches = sort_of(event) in _CATCHING
            if not definition.get(attribute) and not (catches and sort != "signal"):
                definition.set(attribute, _root_element(root, sort, UNNAMED))
    for link in elements(root, "linkEventDefinition"):
        if not link.get("name"):
            link.set("name", UNNAMED)


def _root_element(root: etree._Element, sort: str, name: str) -> str:
    """The id of the message, signal, error or escalation of that name, which is made when it is first needed."""
    key = f"{sort}-{name}"
    if root.find(f"{{{BPMN}}}{sort}[@id='{key}']") is None:
        node = etree.Element(bpmn(sort), id=key, name=name)
        code = _REFERENCES.get(sort, ("", ""))[1]
        if code:
            node.set(code, name)
        root.insert(0, node)
    return key

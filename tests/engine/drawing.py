"""Diagrams in few words: `draw(user("a"), flows=["start a", "a end"])`."""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from processes.engine.bpmn import Reading, read
from processes.engine.model import Definition
from processes.engine.validate import validate

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
NAMESPACES = (
    f'xmlns="{BPMN}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:portal="urn:bpm-portal:bpmn:1" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:flowable="http://flowable.org/bpmn" xmlns:activiti="http://activiti.org/bpmn" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
)
KINDS = ("perform-task", "user-question", "form")
SERVICES = ("post", "count")

Flows = Sequence[str]


def node(tag: str, node_id: str, inside: str = "", **attributes: Any) -> str:
    """One element; `portal_assignee` is written as `portal:assignee`."""
    written = "".join(
        f" {name.rstrip('_').replace('_', ':', 1)}={quoteattr(str(value))}"
        for name, value in attributes.items()
    )
    return f'<{tag} id="{node_id}"{written}>{inside}</{tag}>'


def extended(*children: str) -> str:
    return f"<extensionElements>{''.join(children)}</extensionElements>"


def start(node_id: str = "start", inside: str = "") -> str:
    return node("startEvent", node_id, inside)


def end(node_id: str = "end", *, terminate: bool = False) -> str:
    return node("endEvent", node_id, "<terminateEventDefinition/>" if terminate else "")


def user(node_id: str, inside: str = "", **attributes: Any) -> str:
    return node("userTask", node_id, inside, **attributes)


def service(node_id: str, **attributes: Any) -> str:
    return node("serviceTask", node_id, **{"portal_service": "post", **attributes})


def script(node_id: str, text: str, **attributes: Any) -> str:
    return node("scriptTask", node_id, f"<script>{escape(text)}</script>", **attributes)


def xor(node_id: str, **attributes: Any) -> str:
    return node("exclusiveGateway", node_id, **attributes)


def par(node_id: str) -> str:
    return node("parallelGateway", node_id)


def timer(sort: str, text: str) -> str:
    return f"<timerEventDefinition><{sort}>{escape(text)}</{sort}></timerEventDefinition>"


def conditional(text: str) -> str:
    return f"<conditionalEventDefinition><condition>{escape(text)}</condition></conditionalEventDefinition>"


def catch_timer(node_id: str, text: str, sort: str = "timeDuration") -> str:
    return node("intermediateCatchEvent", node_id, timer(sort, text))


def boundary_timer(
    node_id: str, host: str, text: str, sort: str = "timeDuration", *, interrupting: bool = True
) -> str:
    return node(
        "boundaryEvent",
        node_id,
        timer(sort, text),
        attachedToRef=host,
        cancelActivity="true" if interrupting else "false",
    )


def catch(node_id: str, *events: str, **attributes: Any) -> str:
    return node("intermediateCatchEvent", node_id, "".join(events), **attributes)


def throw(node_id: str, *events: str, **attributes: Any) -> str:
    return node("intermediateThrowEvent", node_id, "".join(events), **attributes)


def boundary(node_id: str, host: str, *events: str, interrupting: bool = True, **attributes: Any) -> str:
    kept = "true" if interrupting else "false"
    return node(
        "boundaryEvent", node_id, "".join(events), attachedToRef=host, cancelActivity=kept, **attributes
    )


def event_sub(
    node_id: str, event: str, start_id: str, *inside: str, interrupting: bool = True, flows: Flows = ()
) -> str:
    """An event sub-process; without `inside` it has only its start event."""
    begin = node("startEvent", start_id, event, isInterrupting="true" if interrupting else "false")
    return sub(node_id, begin, *inside, flows=flows, triggeredByEvent="true")


def association(source: str, target: str) -> str:
    return node("association", f"{source}-{target}-bound", sourceRef=source, targetRef=target)


def sub(node_id: str, *inside: str, flows: Flows = (), **attributes: Any) -> str:
    return node("subProcess", node_id, "".join(inside) + _flows(flows), **attributes)


def _flows(flows: Flows) -> str:
    """`a b` or `a b: condition`; the id of a flow is `a-b`."""
    written = []
    for flow in flows:
        ends, _, condition = flow.partition(": ")
        source, target = ends.split()
        inside = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
        written.append(node("sequenceFlow", f"{source}-{target}", inside, sourceRef=source, targetRef=target))
    return "".join(written)


def xml(*nodes: str, flows: Flows = (), roots: str = "", **attributes: Any) -> bytes:
    """A file with one process `p`; each node begins a line of its own, the first in line 3."""
    process = node("process", "p", "\n" + "\n".join(nodes) + "\n" + _flows(flows), **attributes)
    return f'<?xml version="1.0"?>\n<definitions {NAMESPACES}>{roots}{process}</definitions>'.encode()


def draw(*nodes: str, flows: Flows = (), roots: str = "", **attributes: Any) -> Definition:
    """The definition; fails if the engine would refuse it."""
    return draw_source(xml(*nodes, flows=flows, roots=roots, **attributes))


def draw_source(source: bytes) -> Definition:
    """The same of a file."""
    reading = read(source)
    (definition,) = reading.definitions
    problems = reading.problems + validate(definition, kinds=KINDS, services=SERVICES)
    errors = [each.message for each in problems if each.severity == "error"]
    assert errors == [], errors
    return definition


def look(data: bytes) -> tuple[Reading, list[str]]:
    """What reading and validation say about a file: all problem codes, errors and warnings."""
    reading = read(data)
    problems = list(reading.problems)
    for definition in reading.definitions:
        problems += validate(definition, kinds=KINDS, services=SERVICES)
    reading.problems = problems
    return reading, [each.code for each in problems]

"""Diagrams of which only the standard says how they are run: each breaks one rule for such, near ones break none."""

from tests.engine.drawing import (
    NAMESPACES,
    boundary,
    catch,
    end,
    event_sub,
    node,
    par,
    start,
    sub,
    throw,
    xml,
)
from tests.engine.standard_cases import ABOUT_M, OPERATION, REPEATED, TYPED, input_set, specification

ALONE = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'expressionLanguage="http://www.w3.org/1999/XPath"'
)
BY_OPERATION = ABOUT_M.replace("/>", "><operationRef>o</operationRef></messageEventDefinition>")
DATA = specification('<dataInput id="d"/>', inputs=input_set("d"))


def alone(*nodes: str, flows: tuple[str, ...], roots: str = "") -> bytes:
    """An executable process in a file of no engine that names the language of its expressions."""
    return xml(*nodes, flows=flows, roots=roots, isExecutable="true").replace(
        NAMESPACES.encode(), ALONE.encode(), 1
    )


def between(tag: str, *inside: str, roots: str = "", **attributes: object) -> bytes:
    """The same with one element `a` between start and end."""
    drawn = node(tag, "a", "".join(inside), **attributes)
    return alone(start(), drawn, end(), flows=("start a", "a end"), roots=roots)


def timer(sort: str, text: str, mark: str = "") -> bytes:
    return between(
        "intermediateCatchEvent",
        f"<timerEventDefinition id='t'><{sort} {mark}>{text}</{sort}></timerEventDefinition>",
    )


def condition(mark: str = "") -> str:
    return (
        f"<conditionalEventDefinition id='c'><condition {mark}>n = 1</condition></conditionalEventDefinition>"
    )


def link(key: str, *ends: str) -> str:
    return f'<linkEventDefinition id="{key}" name="on">{"".join(ends)}</linkEventDefinition>'


def linked(source: str, target: str) -> bytes:
    return alone(
        start(), throw("a", source), catch("b", target), end(), flows=("start a", "b end"), roots=OPERATION
    )


def begun_by(*events: str) -> bytes:
    """A process that begins when both have come."""
    gateway = node("eventBasedGateway", "g", instantiate="true", eventGatewayType="Parallel")
    caught = [catch(key, event) for key, event in zip("ab", events, strict=True)]
    after = (node("task", "c"), node("task", "d"))
    return alone(gateway, *caught, *after, flows=("g a", "g b", "a c", "b d"), roots=OPERATION)


def each_of(name: str) -> str:
    return node(REPEATED, "l", f"<loopDataInputRef>{name}</loopDataInputRef>")


TO_B, FROM_A = "<target>lb</target>", "<source>la</source>"
OTHER_TARGET = (
    catch("c", link("lc", FROM_A)).encode()
    + node("sequenceFlow", "f", sourceRef="c", targetRef="end").encode()
)
HANDLER = event_sub("h", BY_OPERATION, "h1", end("he"), flows=("h1 he",))
TWICE = sub(
    "h",
    node("startEvent", "h1", BY_OPERATION),
    node("startEvent", "h2", BY_OPERATION),
    end("he"),
    flows=("h1 he", "h2 he"),
    triggeredByEvent="true",
)
UNDONE = alone(
    start(),
    node("task", "a"),
    boundary("b", "a", "<compensateEventDefinition/>"),
    node("task", "u", isForCompensation="true"),
    node("association", "x", sourceRef="b", targetRef="u"),
    end(),
    flows=("start a", "a end"),
)

EXECUTABLE_CASES: dict[str, list[bytes]] = {
    "expression_informal": [
        timer("timeDate", "2030-12-24T20:00:00"),
        timer("timeDuration", "PT1M"),
        timer("timeCycle", "R3/PT1M"),
        between("intermediateCatchEvent", condition()),
        alone(
            start(),
            node("task", "a", default="a-end"),
            node("task", "b"),
            end(),
            flows=("start a", "a b: all is well", "a end", "b end"),
        ),
    ],
    "expression_empty": [
        between(
            "task",
            DATA,
            f"<dataInputAssociation id='x'><targetRef>d</targetRef><assignment><from {TYPED}/>"
            f"<to {TYPED}>d</to></assignment></dataInputAssociation>",
        )
    ],
    "operation_missing": [
        between("intermediateCatchEvent", ABOUT_M, roots=OPERATION),
        between("intermediateThrowEvent", ABOUT_M, roots=OPERATION),
        alone(node("startEvent", "start", ABOUT_M), end(), flows=("start end",), roots=OPERATION),
        alone(start(), node("endEvent", "end", ABOUT_M), flows=("start end",), roots=OPERATION),
    ],
    "link_reference": [
        linked(link("la"), link("lb")),
        linked(link("la", TO_B, "<target>lc</target>"), link("lb", FROM_A)).replace(
            b"</process>", OTHER_TARGET + b"</process>"
        ),
    ],
    "link_one_sided": [
        linked(link("la", TO_B), link("lb", "<source>lc</source>")).replace(
            b"</process>",
            b'<intermediateThrowEvent id="c">'
            + link("lc", TO_B).encode()
            + b'</intermediateThrowEvent><sequenceFlow id="f" sourceRef="start" targetRef="c"/></process>',
        )
    ],
    "loop_collection": [
        between("task", each_of("o")).replace(b"</process>", b'<dataObject id="o"/></process>'),
        between("task", DATA, each_of("other")).replace(
            b"</process>",
            b'<task id="b" isForCompensation="true">'
            + DATA.replace('"d"', '"other"').replace(">d<", ">other<").encode()
            + b"</task></process>",
        ),
    ],
    "data_name": [
        between("task").replace(
            b"</process>",
            b'<dataObject id="o" name="Bill"/><dataObjectReference id="r" dataObjectRef="o" name="Letter [sent]">'
            b'<dataState name="sent"/></dataObjectReference></process>',
        )
    ],
    "compensation_interrupts": [UNDONE.replace(b'cancelActivity="true"', b'cancelActivity="false"')],
    "association_empty": [
        between("task", DATA, "<dataInputAssociation id='x'><targetRef>d</targetRef></dataInputAssociation>")
    ],
    "condition_not_allowed": [
        alone(start(), par("g"), end(), end("e"), flows=("start g", "g end: =n", "g e")),
    ],
    "event_gateway_messages": [
        begun_by(BY_OPERATION, '<signalEventDefinition signalRef="s"/>'),
    ],
    "ad_hoc_empty": [between("adHocSubProcess")],
    "event_sub_process_starts": [alone(start(), end(), TWICE, flows=("start end",), roots=OPERATION)],
    "import_missing": [
        alone(
            start(),
            end(),
            flows=("start end",),
            roots='<import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" location="b.bpmn" namespace="b"/>',
        )
    ],
    "start_without_end": [
        alone(start(), node("task", "a"), flows=("start a",)),
        between(
            "subProcess",
            start("x"),
            node("task", "b"),
            node("sequenceFlow", "f", sourceRef="x", targetRef="b"),
        ),
    ],
    "end_no_incoming": [alone(start(), end(), end("other"), flows=("start end",))],
    "leads_nowhere": [
        alone(start(), par("g"), node("task", "a"), end(), flows=("start g", "g a", "g end")),
        alone(start(), par("g"), throw("a"), end(), flows=("start g", "g a", "g end")),
    ],
    "gateway_idle": [between("exclusiveGateway"), between("parallelGateway")],
    "event_gateway_alone": [
        alone(
            start(),
            node("eventBasedGateway", "g"),
            catch("a", BY_OPERATION),
            end(),
            flows=("start g", "g a", "a end"),
            roots=OPERATION,
        )
    ],
    "reference_missing": [
        alone(start(), end(), '<group id="x" categoryValueRef="gone"/>', flows=("start end",)),
        alone(start(), end(), '<dataStoreReference id="x" dataStoreRef="gone"/>', flows=("start end",)),
    ],
}
EXECUTABLE_GOOD = [
    between(
        "task",
        node(
            REPEATED,
            "l",
            f"<loopCardinality {TYPED}>3</loopCardinality><complexBehaviorDefinition><condition>n = 1</condition>"
            "<event/></complexBehaviorDefinition>",
            behavior="Complex",
        ),
    ),
    begun_by(BY_OPERATION, BY_OPERATION),
    timer("timeDuration", "PT1M", TYPED),
    timer("timeDuration", "=pause"),
    between("intermediateCatchEvent", condition(TYPED)),
    between("intermediateCatchEvent", BY_OPERATION, roots=OPERATION),
    linked(link("la", TO_B), link("lb", FROM_A)),
    between("task", DATA, each_of("d")),
    between("adHocSubProcess", node("task", "b")),
    alone(start(), end(), HANDLER, flows=("start end",), roots=OPERATION),
    between("subProcess", node("task", "b")),
    alone(start(), par("g"), end(), end("e"), flows=("start g", "g end", "g e")),
    UNDONE,
]
#: The same as some of the cases, but written for an engine, or not to be run, or silent about its language.
EXECUTABLE_LENIENT = [
    data.replace(*change, 1)
    for data in (
        EXECUTABLE_CASES["expression_informal"][1],
        EXECUTABLE_CASES["operation_missing"][0],
        EXECUTABLE_CASES["start_without_end"][0],
        EXECUTABLE_CASES["gateway_idle"][0],
    )
    for change in (
        (b"<definitions ", b'<definitions xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '),
        (b"<definitions ", b'<definitions xmlns:flowable="http://flowable.org/bpmn" '),
        (b'isExecutable="true"', b'isExecutable="false"'),
        (b'expressionLanguage="http://www.w3.org/1999/XPath"', b""),
    )
]

"""Small diagrams in which something belongs to another element than the standard says."""

from tests.engine.drawing import end, node, start, throw, user, xml
from tests.engine.standard_cases import (
    ABOUT_M,
    ITEMS,
    MESSAGES,
    event,
    input_set,
    output_set,
    pools,
    specification,
    task,
)

DATA = specification('<dataInput id="d" itemSubjectRef="text"/>', inputs=input_set("d"))
BOUND = (
    MESSAGES
    + '<message id="n" name="sum" itemRef="number"/><interface id="i">'
    + "".join(
        f'<operation id="{key}"><inMessageRef>{message}</inMessageRef></operation>'
        for key, message in (("o", "m"), ("k", "n"))
    )
    + "</interface>"
)


def copied(*sources: str, target: str = "d", more: str = "") -> str:
    listed = "".join(f"<sourceRef>{key}</sourceRef>" for key in sources)
    return (
        f"<dataInputAssociation id='x'>{listed}<targetRef>{target}</targetRef>{more}</dataInputAssociation>"
    )


def beside(data: bytes, inside: str) -> bytes:
    """The same process with more inside."""
    return data.replace(b"</process>", inside.encode() + b"</process>", 1)


OBJECTS = '<dataObject id="p1" itemSubjectRef="text"/><dataObject id="p2" itemSubjectRef="text"/>'


def offered(binding: str) -> bytes:
    """A process that offers the interface of two operations."""
    set_of_d = '<inputSet id="set"><dataInputRefs>d</dataInputRefs></inputSet>'
    inside = (
        "<supportedInterfaceRef>i</supportedInterfaceRef>"
        + specification(
            '<dataInput id="d" itemSubjectRef="text"/>', inputs=set_of_d, outputs='<outputSet id="out"/>'
        )
        + binding
    )
    return xml(inside, start(), end(), flows=["start end"], roots=BOUND)


def binding(operation: str) -> str:
    return f'<ioBinding id="b" operationRef="{operation}" inputDataRef="set" outputDataRef="out"/>'


def two_triggers(first: str, second: str) -> bytes:
    """A multiple event with data for a message about a text, then for one about a number."""
    data = "".join(
        f'<dataOutput id="d{number}" itemSubjectRef="{item}"/>' for number, item in enumerate((first, second))
    )
    numbers = ABOUT_M.replace('"m"', '"n"')
    return event(data, output_set("d0", "d1"), ABOUT_M, numbers, roots=BOUND)


def called(own: str, theirs: str) -> bytes:
    """A call activity with data, and the global task that it calls."""
    return task(own, tag="callActivity", calledElement="g", roots=ITEMS + node("globalTask", "g", theirs))


def talking(source: str, target: str) -> bytes:
    return pools(
        inside=f'<conversation id="talk"/><conversationLink id="x" sourceRef="{source}" targetRef="{target}"/>'
    )


OWNERSHIP_CASES: dict[str, list[bytes]] = {
    "event_definition_owned": [
        xml(
            start(),
            throw("a", ABOUT_M.replace("<messageEventDefinition", '<messageEventDefinition id="told"')),
            node("intermediateThrowEvent", "b", "<eventDefinitionRef>told</eventDefinitionRef>"),
            end(),
            flows=["start a", "a b", "b end"],
            roots=MESSAGES,
        )
    ],
    "association_sources": [beside(task(DATA, copied("p1", "p2"), roots=ITEMS), OBJECTS)],
    "association_foreign": [
        beside(
            task(DATA, copied("p1", target="e"), roots=ITEMS),
            OBJECTS
            + node(
                "task",
                "b",
                specification('<dataInput id="e" itemSubjectRef="text"/>', inputs=input_set("e")),
                isForCompensation="true",
            ),
        ),
    ],
    "binding_missing": [offered("")],
    "binding_item": [offered(binding("k"))],
    "conversation_link": [talking("first", "second"), talking("talk", "talk")],
    "misplaced": [
        xml(start(), end(), node("choreographyTask", "x"), flows=["start end"]),
        xml(start(), end(), '<dataObject id="d"><property id="x"/></dataObject>', flows=["start end"]),
        xml(
            start(),
            end(),
            flows=["start end"],
            roots='<globalConversation id="g"><conversation id="x"/></globalConversation>',
        ),
        xml(
            start(),
            end(),
            flows=["start end"],
            roots='<choreography id="y"/><choreography id="g"><choreographyRef>y</choreographyRef></choreography>',
        ),
    ],
    "event_data_item": [
        two_triggers("number", "text"),
    ],
    "call_data": [called(DATA, DATA.replace("<outputSet/>", input_set("d") + "<outputSet/>"))],
    "public_executable": [
        xml(start(), end(), flows=["start end"], processType="Public", isExecutable="true")
    ],
    "id_needed": [
        beside(
            xml(start(), end(), flows=["start end"]),
            '<task isForCompensation="true"><incoming>start-end</incoming></task>',
        )
    ],
    "flow_pool": [beside(pools(), node("sequenceFlow", "x", sourceRef="send", targetRef="take"))],
    "expression_empty": [
        beside(task(DATA, copied("p1", more="<transformation/>"), roots=ITEMS), OBJECTS),
    ],
    "text_format": [task('<documentation textFormat="bold">Do it</documentation>')],
}
OWNERSHIP_GOOD = [
    xml(
        start(),
        node("intermediateThrowEvent", "a", "<eventDefinitionRef>told</eventDefinitionRef>"),
        node("intermediateThrowEvent", "b", "<eventDefinitionRef>told</eventDefinitionRef>"),
        end(),
        flows=["start a", "a b", "b end"],
        roots=MESSAGES + ABOUT_M.replace("<messageEventDefinition", '<messageEventDefinition id="told"'),
    ),
    beside(task(DATA, copied("p1"), roots=ITEMS), OBJECTS),
    beside(
        task(DATA, copied("p1", "p2", more="<transformation>concat(p1, p2)</transformation>"), roots=ITEMS),
        OBJECTS,
    ),
    offered(binding("o")),
    talking("talk", "first"),
    two_triggers("text", "number"),
    called(DATA, DATA),
    called("", specification()),
    called(specification(), ""),
    task("<extensionElements><properties><property name='a'/></properties></extensionElements>"),
    xml(start(), user("a", '<property id="x"/>'), end(), flows=["start a", "a end"]),
    xml(start(), end(), flows=["start end"], processType="Public", isExecutable="false"),
    task('<documentation textFormat="text/html">Do it</documentation>'),
]

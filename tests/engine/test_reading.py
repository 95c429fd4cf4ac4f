"""What the reader understands of honest files."""

from pathlib import Path

import pytest

from processes.engine.bpmn import read
from processes.engine.feel import Expression
from tests.engine.drawing import (
    boundary_timer,
    draw,
    end,
    extended,
    look,
    node,
    par,
    start,
    sub,
    user,
    xml,
    xor,
)

DIAGRAMS = Path(__file__).parent.parent / "diagrams"


def test_a_file_becomes_a_graph() -> None:
    (definition,) = read((DIAGRAMS / "first_choice.bpmn").read_bytes()).definitions
    assert (definition.id, definition.name, definition.executable) == ("first_choice", "First choice", True)
    assert list(definition.elements) == ["start", "approve", "choice", "agreed", "refused"]
    choice = definition.elements["choice"]
    assert choice.incoming == ("to_choice",)
    assert choice.outgoing == ("to_agreed", "to_refused")
    assert choice.default == "to_refused"
    assert definition.flows["to_agreed"].condition.source == 'approve = "yes"'
    assert definition.elements["approve"].line == 7
    assert definition.names == {"starter", "approve"}


@pytest.mark.parametrize("prefix", ["bpmn", "bpmn2", "semantic", "model"])
def test_any_prefix_will_do(prefix: str) -> None:
    data = (
        f'<{prefix}:definitions xmlns:{prefix}="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        f'xmlns:tns="urn:t" targetNamespace="urn:t"><{prefix}:process id="p">'
        f'<{prefix}:startEvent id="s"/><{prefix}:task id="t"/>'
        f'<{prefix}:boundaryEvent id="b" attachedToRef="tns:t"><{prefix}:timerEventDefinition>'
        f"<{prefix}:timeDuration>PT1H</{prefix}:timeDuration></{prefix}:timerEventDefinition></{prefix}:boundaryEvent>"
        f'<{prefix}:sequenceFlow id="f" sourceRef="s" targetRef="t"/></{prefix}:process></{prefix}:definitions>'
    )
    reading, codes = look(data.encode())
    assert "attached_unknown" not in codes
    assert reading.definitions[0].elements["b"].attached_to == "t"


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [({}, True), ({"isExecutable": "true"}, True), ({"isExecutable": "false"}, False)],
)
def test_a_process_is_executable_unless_it_says_no(attribute: dict[str, str], expected: bool) -> None:
    (definition,) = read(xml(start(), end(), flows=["start end"], **attribute)).definitions
    assert definition.executable is expected


def test_a_file_may_hold_several_processes() -> None:
    data = xml(start(), end(), flows=["start end"]).replace(
        b"</definitions>", b'<process id="q" isExecutable="false"/></definitions>'
    )
    assert [definition.id for definition in read(data).definitions] == ["p", "q"]


def test_a_process_without_a_name_is_called_like_its_file_or_its_id() -> None:
    data = xml(start())
    assert read(data, name="Holiday").definitions[0].name == "Holiday"
    assert read(data).definitions[0].name == "p"


def test_the_process_keeps_caption_section_and_roles() -> None:
    definition = draw(
        start(),
        end(),
        flows=["start end"],
        portal_caption='="Order " + number',
        portal_section="contracts",
        portal_roles="Sales",
    )
    caption = definition.portal["caption"]
    assert isinstance(caption, Expression)
    assert caption.evaluate({"number": "7"}) == "Order 7"
    assert (definition.portal["section"], definition.portal["roles"]) == ("contracts", "Sales")
    assert definition.names == {"number"}


def test_a_lane_reaches_into_sub_processes_and_inner_lanes_win() -> None:
    lanes = (
        '<laneSet id="ls"><lane id="l1" name="Sales"><flowNodeRef>a</flowNodeRef><flowNodeRef>s</flowNodeRef>'
        '<childLaneSet id="cl"><lane id="l2" name="Juniors"><flowNodeRef>a</flowNodeRef></lane></childLaneSet>'
        "</lane></laneSet>"
    )
    definition = draw(
        lanes, start(), user("a"), sub("s", user("b")), end(), flows=["start a", "a s", "s end"]
    )
    assert {each.id: each.lane for each in definition.elements.values()} == {
        "start": "",
        "a": "Juniors",
        "s": "Sales",
        "b": "Sales",
        "end": "",
    }
    assert definition.lanes == {"l1": "Sales", "l2": "Juniors"}


def test_portal_attributes_and_children_are_kept_in_order() -> None:
    children = extended(
        '<portal:option code="b" label="B"/>',
        '<portal:option code="a" label="=who"/>',
        "<portal:hint-text>Look</portal:hint-text>",
    )
    definition = draw(
        start(),
        user("q", children, portal_kind="user-question", portal_hint="=1 + 1"),
        end(),
        flows=["start q", "q end"],
    )
    question = definition.elements["q"]
    assert question.kind == "user-question"
    assert [(extra.tag, extra.attributes.get("code")) for extra in question.extras] == [
        ("option", "b"),
        ("option", "a"),
        ("hint-text", None),
    ]
    assert question.extras[2].attributes["text"] == "Look"
    assert isinstance(question.portal["hint"], Expression)


def test_a_task_is_to_be_performed_by_default() -> None:
    definition = draw(start(), user("a"), flows=["start a"])
    assert definition.elements["a"].kind == "perform-task"


def test_flows_without_an_id_get_one() -> None:
    data = xml(start(), user("a"), end(), flows=["start a", "a end"])
    data = data.replace(b'id="start-a" ', b"").replace(b'id="a-end" ', b"")
    reading, codes = look(data)
    assert codes == []
    (definition,) = reading.definitions
    assert [(flow.source, flow.target) for flow in definition.flows.values()] == [
        ("start", "a"),
        ("a", "end"),
    ]


def test_an_event_resolves_its_message() -> None:
    definition = draw(
        node("startEvent", "s", '<messageEventDefinition messageRef="tns:m1"/>'),
        end(),
        flows=["s end"],
        roots='<message id="m1" name="order received"/>',
    )
    event = definition.elements["s"].event
    assert (event.type, event.name, event.reference) == ("message", "order received", "m1")


def test_an_event_may_refer_to_a_shared_definition() -> None:
    definition = draw(
        node("startEvent", "s", "<eventDefinitionRef>shared</eventDefinitionRef>"),
        end(),
        flows=["s end"],
        roots='<message id="m" name="hello"/><messageEventDefinition id="shared" messageRef="m"/>',
    )
    assert definition.elements["s"].event.name == "hello"


def test_errors_and_escalations_bring_their_codes() -> None:
    reading, _ = look(
        xml(
            start(),
            node("endEvent", "e", '<errorEventDefinition errorRef="x"/>'),
            node("endEvent", "f", '<escalationEventDefinition escalationRef="y"/>'),
            node("endEvent", "g", '<errorEventDefinition errorRef="BARE_CODE"/>'),
            roots='<error id="x" errorCode="E1"/><escalation id="y" escalationCode="E2"/>',
        )
    )
    elements = reading.definitions[0].elements
    assert [elements[each].event.code for each in "efg"] == ["E1", "E2", "BARE_CODE"]


def test_the_graph_is_indexed_once() -> None:
    definition = draw(
        start(),
        sub(
            "s",
            start("inner"),
            user("a"),
            boundary_timer("t", "a", "PT1H"),
            end("e"),
            flows=["inner a", "t e"],
        ),
        flows=["start s"],
    )
    assert [each.id for each in definition.children["s"]] == ["inner", "a", "t", "e"]
    assert [each.id for each in definition.boundaries["a"]] == ["t"]
    assert [each.id for each in definition.starts[None]] == ["start"]
    assert [each.id for each in definition.entries["s"]] == ["inner"]
    assert definition.children is definition.children


def test_conditions_may_be_written_in_juel() -> None:
    definition = draw(
        start(),
        xor("x", default="x-end"),
        node("task", "t"),
        end(),
        flows=["start x", "x t: ${amount > 5 && ok == true}", "x end"],
    )
    condition = definition.flows["x-t"].condition
    assert condition.evaluate({"amount": 6, "ok": True}) is True
    assert condition.evaluate({"amount": 6, "ok": False}) is False


def test_parts_without_effect_on_execution_are_passed_over() -> None:
    silent = (
        '<dataObject id="d"/><textAnnotation id="ta"><text>Hm</text></textAnnotation>'
        '<association id="as" sourceRef="a" targetRef="ta"/><group id="g"/><!-- a comment --><?pi?>'
    )
    _, codes = look(xml(start(), silent, par("a"), end(), flows=["start a", "a end"]))
    assert codes == []

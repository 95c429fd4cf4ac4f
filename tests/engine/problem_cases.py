"""Small diagrams that have one problem each, by its code."""

from tests.engine.drawing import (
    boundary_timer,
    catch,
    catch_timer,
    conditional,
    end,
    extended,
    node,
    par,
    script,
    service,
    start,
    sub,
    timer,
    user,
    xml,
    xor,
)
from tests.engine.event_problems import EVENT_CASES
from tests.engine.test_decisions import CASES as DECISIONS

OK = xml(start(), user("a"), end(), flows=["start a", "a end"])
LONG = b"s" * 201
QUESTION = {"portal_kind": "user-question"}

CASES: dict[str, list[bytes]] = {
    # the file
    "process_id": [OK.replace(b'<process id="p"', b"<process")],
    "process_id_path": [OK.replace(b'<process id="p"', b'<process id="%s"' % key) for key in (b"a/b", b"..")],
    "id_long": [OK.replace(b'"p"', b'"%s"' % LONG), xml(start("s" * 201), end(), flows=[f"{'s' * 201} end"])],
    "name_long": [
        OK.replace(
            b'<startEvent id="start"',
            b'<laneSet id="ls"><lane id="l" name="%s"/></laneSet><startEvent id="start"' % LONG,
        ),
        xml(start(), node("callActivity", "c", calledElement="s" * 201), end(), flows=["start c", "c end"]),
    ],
    "missing_id": [xml(start(), end(), "<task/>", flows=["start end"])],
    "duplicate_id": [xml(start(), user("a"), user("a"), end(), flows=["start a", "a end"])],
    # references
    "flow_source": [xml(start(), end(), flows=["start end", "gone end"])],
    "flow_target": [xml(start(), end(), flows=["start end", "start gone"])],
    "flow_crosses": [xml(start(), sub("s", user("a")), end(), flows=["start s", "s end", "a end"])],
    "default_unknown": [xml(start(), user("a", default="gone"), end(), flows=["start a", "a end"])],
    "default_condition": [xml(start(), user("a", default="a-end"), end(), flows=["start a", "a end: n = 1"])],
    "attached_unknown": [
        xml(start(), boundary_timer("t", "gone", "PT1H"), end(), flows=["start end", "t end"])
    ],
    "attached_not_activity": [
        xml(start(), par("g"), boundary_timer("t", "g", "PT1H"), end(), flows=["start g", "g end", "t end"])
    ],
    "attached_outside": [
        xml(
            start(),
            sub("s", user("a")),
            boundary_timer("t", "a", "PT1H"),
            end(),
            flows=["start s", "s end", "t end"],
        )
    ],
    "event_reference": [
        xml(node("startEvent", "s", '<messageEventDefinition messageRef="gone"/>'), end(), flows=["s end"]),
        xml(node("startEvent", "s", "<eventDefinitionRef>gone</eventDefinitionRef>"), end(), flows=["s end"]),
    ],
    "error_reference": [
        xml(start(), node("endEvent", "e", '<errorEventDefinition errorRef="E1"/>'), flows=["start e"])
    ],
    **EVENT_CASES,
    **{
        code: [xml(start(), task, end(), flows=["start d", "d end"])]
        for code, task in DECISIONS.items()
        if code.startswith("decision")
    },
    "lane_unknown": [
        xml(
            '<laneSet id="ls"><lane id="l"><flowNodeRef>gone</flowNodeRef></lane></laneSet>',
            start(),
            end(),
            flows=["start end"],
        )
    ],
    # the graph
    "no_start": [xml(), xml(user("a"), user("b"), flows=["a b", "b a"])],
    "several_starts": [xml(start(), start("again"), end(), flows=["start end", "again end"])],
    "sub_process_starts": [
        xml(
            start(),
            sub("s", start("x"), start("y"), end("e"), flows=["x e", "y e"]),
            end(),
            flows=["start s", "s end"],
        )
    ],
    "start_not_executable": [
        xml(
            start(),
            sub("s", node("startEvent", "x", timer("timeDuration", "PT1H"))),
            end(),
            flows=["start s", "s end"],
        )
    ],
    "start_incoming": [xml(start(), user("a"), end(), flows=["start a", "a start", "a end"])],
    "end_outgoing": [xml(start(), end(), user("a"), flows=["start end", "end a"])],
    "boundary_incoming": [
        xml(
            start(),
            user("a"),
            boundary_timer("t", "a", "PT1H"),
            end(),
            flows=["start a", "a t", "a end", "t end"],
        )
    ],
    "boundary_catch": [
        xml(
            start(),
            user("a"),
            node("boundaryEvent", "b", attachedToRef="a"),
            end(),
            flows=["start a", "a end", "b end"],
        )
    ],
    "gateway_condition": [
        xml(start(), xor("x"), end("e"), end("f"), flows=["start x", "x e: n = 1", "x f"]),
    ],
    "condition_ignored": [
        xml(start(), par("g"), end("e"), end("f"), flows=["start g", "g e: n = 1", "g f"]),
    ],
    "condition_not_allowed": [
        xml(start(), end(), flows=["start end: n = 1"]),
    ],
    "event_gateway_single": [
        xml(
            start(),
            node("eventBasedGateway", "g"),
            catch_timer("t", "PT1H"),
            end(),
            flows=["start g", "g t", "t end"],
        )
    ],
    "event_gateway_boundary": [
        xml(
            start(),
            node("eventBasedGateway", "g"),
            catch_timer("t", "PT1H"),
            node("receiveTask", "r", messageRef="m"),
            boundary_timer("b", "r", "PT1H"),
            end(),
            flows=["start g", "g t", "g r", "t end", "r end", "b end"],
            roots='<message id="m" name="m"/>',
        )
    ],
    "gateway_no_outgoing": [xml(start(), xor("x"), end(), flows=["start x", "start end"])],
    "not_executable": [
        xml(start(), end(), node("choreographyTask", "x"), flows=["start end"]),
    ],
    "split_no_default": [
        xml(start(), xor("x"), end("e"), end("f"), flows=["start x", "x e: n = 1", "x f: n = 2"])
    ],
    "unreachable": [xml(start(), end(), user("a"), flows=["start end"])],
    "no_end": [xml(start(), user("a"), flows=["start a"])],
    # what elements say
    "unknown_kind": [xml(start(), user("a", portal_kind="dance"), end(), flows=["start a", "a end"])],
    "unknown_service": [xml(start(), service("s", portal_service="gone"), end(), flows=["start s", "s end"])],
    "called_missing": [xml(start(), node("callActivity", "c"), end(), flows=["start c", "c end"])],
    "service_missing": [xml(start(), node("serviceTask", "s"), end(), flows=["start s", "s end"])],
    "script_missing": [xml(start(), node("scriptTask", "s"), end(), flows=["start s", "s end"])],
    "expression_syntax": [
        xml(start(), user("a"), end(), flows=["start a", "a end: 1 +"]),
        xml(start(), user("a", portal_assignee="=)"), end(), flows=["start a", "a end"]),
        xml(start(), user("a", camunda_assignee="${bean.call()}"), end(), flows=["start a", "a end"]),
        xml(start(), catch_timer("t", "=)"), end(), flows=["start t", "t end"]),
        xml(start(), script("s", "x = "), end(), flows=["start s", "s end"]),
        xml(start(), end(), flows=["start end"], portal_caption="=)"),
    ],
    "expression_language": [
        xml(start(), script("s", "print(1)", scriptFormat="python"), end(), flows=["start s", "s end"]),
        xml(start(), user("a"), end(), flows=["start a", "a end: n = 1"]).replace(
            b"<conditionExpression", b'<conditionExpression language="http://www.w3.org/1999/XPath"'
        ),
    ],
    "condition_empty": [
        xml(start(), user("a"), end(), flows=["start a", "a end: n"]).replace(b">n</cond", b"> </cond")
    ],
    "timer_missing": [
        xml(
            start(),
            node("intermediateCatchEvent", "t", "<timerEventDefinition/>"),
            end(),
            flows=["start t", "t end"],
        ),
        xml(
            start(),
            user("a"),
            node("boundaryEvent", "t", "<timerEventDefinition/>", attachedToRef="a"),
            end(),
            flows=["start a", "a end", "t end"],
        ),
    ],
    "timer_several": [
        xml(start(), catch_timer("t", "PT1H"), end(), flows=["start t", "t end"]).replace(
            b"</timerEventDefinition>", b"<timeDate>2030-01-01</timeDate></timerEventDefinition>"
        )
    ],
    "timer_value": [
        xml(start(), catch_timer("t", "one hour"), end(), flows=["start t", "t end"]),
        xml(start(), catch_timer("t", "31.12.2030", "timeDate"), end(), flows=["start t", "t end"]),
        xml(start(), catch_timer("t", "0 0 9 ? * 2-6", "timeCycle"), end(), flows=["start t", "t end"]),
    ],
    "quantity_large": [
        xml(start(), user("a", completionQuantity="1001"), end(), flows=["start a", "a end"]),
        xml(start(), user("a", startQuantity="9" * 5000), end(), flows=["start a", "a end"]),
    ],
    "duration_value": [
        xml(start(), user("a", **{f"portal_{name}": "2 days"}), end(), flows=["start a", "a end"])
        for name in ("startIn", "duration", "remindBefore")
    ],
    "message_missing": [xml(node("startEvent", "s", "<messageEventDefinition/>"), end(), flows=["s end"])],
    "condition_section": [
        xml(node("startEvent", "x", conditional("record.n = 1")), end(), flows=["x end"], **more)
        for more in ({}, {"portal_section": "=section"})
    ],
    "condition_missing": [
        xml(start(), catch("s", "<conditionalEventDefinition/>"), end(), flows=["start s", "s end"])
    ],
    "child_code": [
        xml(
            start(),
            user("a", extended('<portal:option label="A"/>'), **QUESTION),
            end(),
            flows=["start a", "a end"],
        )
    ],
    "duplicate_code": [
        xml(
            start(),
            user("a", extended(f'<portal:{tag} code="x"/>', f'<portal:{tag} code="x"/>')),
            end(),
            flows=["start a", "a end"],
        )
        for tag in ("option", "button", "field", "result")
    ],
    "several_defaults": [
        xml(
            start(),
            user(
                "a",
                extended(
                    '<portal:option code="x" default="true"/>', '<portal:option code="y" default="true"/>'
                ),
                **QUESTION,
            ),
            end(),
            flows=["start a", "a end"],
        )
    ],
    "outcome_value": [
        xml(
            start(),
            user("a", extended('<portal:result code="x" outcome="fine"/>')),
            end(),
            flows=["start a", "a end"],
        )
    ],
    "portal_misspelt": [xml(start(), user("a", portal_asignee="anna"), end(), flows=["start a", "a end"])],
    "vendor_ignored": [
        xml(start(), user("a", camunda_formKey="x"), end(), flows=["start a", "a end"]),
        xml(
            start(),
            user(
                "a",
                node(
                    "multiInstanceLoopCharacteristics",
                    "m",
                    camunda_collection="x",
                    camunda_asyncBefore="true",
                ),
            ),
            end(),
            flows=["start a", "a end"],
        ),
        xml(
            start(),
            user(
                "a",
                node(
                    "multiInstanceLoopCharacteristics",
                    "m",
                    extended('<zeebe:loopCharacteristics inputCollection="=x" surprise="y"/>'),
                ),
            ),
            end(),
            flows=["start a", "a end"],
        ),
    ],
    "element_ignored": [
        xml(start(), end(), node("surprise", "x"), flows=["start end"]),
        *(
            xml(
                '<dataObject id="d" name="sum"/><dataObjectReference id="r" dataObjectRef="d"/>',
                start(),
                user("a", f"<dataOutputAssociation><targetRef>r</targetRef>{said}</dataOutputAssociation>"),
                end(),
                flows=["start a", "a end"],
            )
            for said in (
                "<transformation>amount * 2</transformation>",
                "<assignment><from>amount</from><to>sum</to></assignment>",
            )
        ),
    ],
}

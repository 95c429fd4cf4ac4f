"""Small diagrams that break one rule of the standard each, by the code of the problem."""

from tests.engine.drawing import (
    NAMESPACES,
    boundary,
    end,
    node,
    start,
    sub,
    timer,
    user,
    xml,
    xor,
)

ITEMS = (
    '<itemDefinition id="text" structureRef="string"/><itemDefinition id="number" structureRef="int"/>'
    '<itemDefinition id="texts" structureRef="string" isCollection="true"/>'
)
MESSAGES = (
    ITEMS + '<message id="m" name="order" itemRef="text"/><signal id="s" name="go" structureRef="text"/>'
)
OPERATION = (
    MESSAGES + '<interface id="i"><operation id="o"><inMessageRef>m</inMessageRef></operation></interface>'
)
PAUSE = timer("timeDuration", "PT1H")
ABOUT_M = '<messageEventDefinition messageRef="m"/>'
TYPED = 'xsi:type="tFormalExpression"'


def task(*inside: str, tag: str = "task", roots: str = "", **attributes: object) -> bytes:
    """A process whose only task has this inside."""
    drawn = node(tag, "a", "".join(inside), **attributes)
    return xml(start(), drawn, end(), flows=["start a", "a end"], roots=roots)


def event(*inside: str, tag: str = "intermediateCatchEvent", roots: str = "", **attributes: object) -> bytes:
    """The same with an event."""
    return task(*inside, tag=tag, roots=roots, **attributes)


def specification(*data: str, inputs: str = "<inputSet/>", outputs: str = "<outputSet/>") -> str:
    return f"<ioSpecification>{''.join(data)}{inputs}{outputs}</ioSpecification>"


def input_set(*keys: str) -> str:
    return "<inputSet>" + "".join(f"<dataInputRefs>{key}</dataInputRefs>" for key in keys) + "</inputSet>"


def output_set(*keys: str) -> str:
    return "<outputSet>" + "".join(f"<dataOutputRefs>{key}</dataOutputRefs>" for key in keys) + "</outputSet>"


def pools(*flows: str, inside: str = "") -> bytes:
    """Two processes in pools, `p` with `send` and `q` with `take`, an empty pool `other`, and message flows."""
    drawn = "".join(
        node("messageFlow", f"f{number}", sourceRef=ends.split()[0], targetRef=ends.split()[1])
        for number, ends in enumerate(flows)
    )
    processes = "".join(
        node("process", key, f"\n<startEvent id='{key}-start'/>{middle}<endEvent id='{key}-end'/>{links}")
        for key, middle, links in (
            (
                "p",
                f'<intermediateThrowEvent id="send">{ABOUT_M}</intermediateThrowEvent>',
                _chain("p", "send"),
            ),
            (
                "q",
                f'<intermediateCatchEvent id="take">{ABOUT_M}</intermediateCatchEvent>',
                _chain("q", "take"),
            ),
        )
    )
    participants = (
        '<participant id="first" processRef="p"/><participant id="second" processRef="q"/>'
        '<participant id="other"/>'
    )
    head = f"\n<collaboration id='c'>{participants}{inside}{drawn}</collaboration>\n"
    return f"<definitions {NAMESPACES}>{MESSAGES}{head}{processes}</definitions>".encode()


def _chain(key: str, middle: str) -> str:
    return node("sequenceFlow", f"{key}1", sourceRef=f"{key}-start", targetRef=middle) + node(
        "sequenceFlow", f"{key}2", sourceRef=middle, targetRef=f"{key}-end"
    )


def after_gateway(*targets: str, flows: tuple[str, ...], **attributes: object) -> bytes:
    """An event-based gateway `g` and what stands behind it."""
    gateway = node("eventBasedGateway", "g", **attributes)
    return xml(start(), gateway, *targets, end(), flows=["start g", *flows], roots=MESSAGES)


def catch(key: str, inside: str = PAUSE) -> str:
    return node("intermediateCatchEvent", key, inside)


def looped(condition: str) -> str:
    return f"<standardLoopCharacteristics><loopCondition>{condition}</loopCondition></standardLoopCharacteristics>"


def in_xpath(data: bytes) -> bytes:
    """The same in a file that says which language its formal expressions have."""
    return data.replace(
        b"<definitions ", b'<definitions expressionLanguage="http://www.w3.org/1999/XPath" ', 1
    )


FLOWS = ("g b", "g c", "b end", "c end")
REPEATED = "multiInstanceLoopCharacteristics"
LISTED = start("start", "<outgoing>start-a</outgoing>")

STANDARD_CASES: dict[str, list[bytes]] = {
    "reference_type": [
        event(ABOUT_M, roots=MESSAGES + '<error id="e" errorCode="E" structureRef="m"/>'),
        task(tag="sendTask", messageRef="s", roots=MESSAGES),
        task(specification('<dataInput id="d"/>', inputs=input_set("d", "a"))),
        task(node(REPEATED, "l", "<loopDataInputRef>text</loopDataInputRef>"), roots=ITEMS),
        xml(start(), end(), "<lane id='l'><flowNodeRef>start-end</flowNodeRef></lane>", flows=["start end"]),
    ],
    "reference_missing": [
        task(tag="sendTask", messageRef="gone"),
        task(tag="serviceTask", operationRef="gone"),
        event(ABOUT_M, roots='<message id="m" name="order" itemRef="gone"/>'),
        task(specification('<dataInput id="d"/>', inputs=input_set("d", "gone"))),
        xml(start(), end(), '<association id="x" sourceRef="start" targetRef="gone"/>', flows=["start end"]),
    ],
    "event_unnamed": [event("<messageEventDefinition/>"), event("<signalEventDefinition/>")],
    "misplaced": [
        xml(start(), end(), flows=["start end"], roots='<property id="x"/>'),
        xml(start(), node("adHocSubProcess", "a", start("b")), end(), flows=["start a", "a end"]),
        task(specification(), tag="subProcess"),
        xml(start(), end(), '<conversation id="c"/>', flows=["start end"]),
    ],
    "boundary_no_outgoing": [
        xml(start(), user("a"), boundary("b", "a", PAUSE), end(), flows=["start a", "a end"])
    ],
    "two_loops": [
        task(
            "<standardLoopCharacteristics/>",
            node(REPEATED, "l", f"<loopCardinality {TYPED}>3</loopCardinality>"),
        )
    ],
    "loop_number": [task(node(REPEATED, "l"))],
    "number_value": [
        task(startQuantity="0"),
        task(completionQuantity="-1"),
        task(completionQuantity="9" * 5000),
        task('<standardLoopCharacteristics loopMaximum="-1"/>'),
    ],
    "end_without_start": [xml(user("a"), end(), flows=["a end"])],
    "nothing_leads_in": [
        xml(start(), user("a"), user("b"), end(), flows=["start a", "a end", "b end"]),
        xml(
            start(),
            sub("a", start("b"), end("c"), user("d"), flows=["b c"]),
            end(),
            flows=["start a", "a end"],
        ),
    ],
    "start_no_outgoing": [xml(start(), start("other"), end(), flows=["start end"])],
    "intermediate_no_incoming": [xml(user("a"), catch("b"), user("c"), flows=["a c", "b c"])],
    "intermediate_no_outgoing": [xml(user("a"), catch("b"), flows=["a b"])],
    "instantiate_incoming": [
        task(tag="receiveTask", instantiate="true", messageRef="m", roots=MESSAGES),
        after_gateway(catch("b"), catch("c"), flows=FLOWS, instantiate="true"),
    ],
    "flow_not_listed": [
        xml(LISTED, user("a"), end("end", terminate=False), flows=["start a", "a end"]),
    ],
    "flow_listed": [
        xml(
            start("start", "<outgoing>start-end</outgoing>"),
            end().replace("/>", ">").replace("></endEvent>", "><incoming>start-end</incoming></endEvent>"),
            node("task", "a", "<incoming>start-end</incoming>", isForCompensation="true"),
            flows=["start end"],
        )
    ],
    "flow_not_immediate": [
        xml(
            start(),
            end(),
            '<sequenceFlow id="x" sourceRef="start" targetRef="end" isImmediate="false"/>',
            isExecutable="true",
        )
    ],
    "gateway_direction": [
        xml(start(), xor("g", gatewayDirection="Converging"), end(), flows=["start g", "g end"]),
        xml(start(), xor("g", gatewayDirection="Mixed"), end(), flows=["start g", "g end"]),
    ],
    "event_gateway_parallel": [
        after_gateway(catch("b"), catch("c"), flows=FLOWS, eventGatewayType="Parallel"),
    ],
    "event_gateway_condition": [
        after_gateway(catch("b"), catch("c"), flows=("g b: true", "g c", "b end", "c end")),
    ],
    "event_gateway_target": [after_gateway(catch("b"), user("c"), flows=FLOWS)],
    "event_gateway_shared": [after_gateway(catch("b"), catch("c"), flows=(*FLOWS, "b c"))],
    "event_gateway_mixed": [
        after_gateway(catch("b", ABOUT_M), node("receiveTask", "c", messageRef="m"), flows=FLOWS),
    ],
    "condition_alone": [xml(start(), user("a"), end(), flows=["start a", "a end: n = 1"])],
    "message_flow_end": [pools("c take"), pools("gone take")],
    "message_flow_source": [pools("take other")],
    "message_flow_target": [pools("other send")],
    "message_flow_inside": [pools("other other"), pools("second take")],
    "message_flow_event": [pools("p-end other"), pools("other q-start")],
    "multiplicity": [
        pools(inside='<participant id="x"><participantMultiplicity minimum="3" maximum="2"/></participant>'),
        pools(inside='<participant id="x"><participantMultiplicity maximum="many"/></participant>'),
    ],
    "data_collection": [
        task(specification('<dataInput id="d" itemSubjectRef="texts"/>', inputs=input_set("d")), roots=ITEMS),
        xml(
            start(),
            end(),
            '<dataObject id="d" itemSubjectRef="text" isCollection="true"/>',
            flows=["start end"],
            roots=ITEMS,
        ),
    ],
    "data_in_no_set": [
        task(specification('<dataInput id="d"/>')),
        task(specification('<dataOutput id="d"/>')),
    ],
    "data_not_in_set": [
        task(
            specification(
                '<dataInput id="d"/><dataInput id="e"/>',
                inputs="<inputSet><dataInputRefs>d</dataInputRefs><optionalInputRefs>e</optionalInputRefs></inputSet>"
                + input_set("e"),
            )
        )
    ],
    "sets_disagree": [
        task(
            specification(
                inputs='<inputSet id="one"><outputSetRefs>two</outputSetRefs></inputSet>',
                outputs='<outputSet id="two"/>',
            )
        )
    ],
    "data_state": [
        xml(
            start(),
            end(),
            '<dataObject id="d"/>',
            node(
                "dataObjectReference", "r", '<dataState name="paid"/>', name="Bill [sent]", dataObjectRef="d"
            ),
            flows=["start end"],
        )
    ],
    "association_item": [
        task(
            specification('<dataInput id="d" itemSubjectRef="number"/>', inputs=input_set("d")),
            "<dataInputAssociation id='x'><sourceRef>r</sourceRef><targetRef>d</targetRef></dataInputAssociation>",
            roots=ITEMS,
        ).replace(
            b"</process>",
            b'<dataObject id="o" itemSubjectRef="text"/><dataObjectReference id="r" dataObjectRef="o"/></process>',
        )
    ],
    "resource_both": [
        task(
            '<performer id="x"><resourceRef>r</resourceRef><resourceAssignmentExpression>'
            "<formalExpression>user(boris)</formalExpression></resourceAssignmentExpression></performer>",
            roots='<resource id="r" name="people"/>',
        )
    ],
    "task_data_number": [
        task(tag="serviceTask", operationRef="o", roots=OPERATION),
        task(
            specification('<dataInput id="d"/><dataInput id="e"/>', inputs=input_set("d", "e")),
            tag="sendTask",
            messageRef="m",
            roots=MESSAGES,
        ),
    ],
    "task_data_item": [
        task(
            specification('<dataInput id="d" itemSubjectRef="number"/>', inputs=input_set("d")),
            tag="serviceTask",
            operationRef="o",
            roots=OPERATION,
        ),
        task(
            specification('<dataOutput id="d" itemSubjectRef="number"/>', outputs=output_set("d")),
            tag="receiveTask",
            messageRef="m",
            roots=MESSAGES,
        ),
    ],
    "event_data_number": [
        event(
            '<dataOutput id="d" itemSubjectRef="text"/>',
            output_set("d"),
            ABOUT_M + '<signalEventDefinition signalRef="s"/>',
            roots=MESSAGES,
        )
    ],
    "event_data_item": [
        event('<dataOutput id="d" itemSubjectRef="number"/>', output_set("d"), ABOUT_M, roots=MESSAGES)
    ],
    "call_data": [
        task(
            tag="callActivity",
            calledElement="g",
            roots=node("globalTask", "g", specification("<dataInput id='d'/>", inputs=input_set("d"))),
        )
    ],
    "call_start": [
        task(
            tag="callActivity",
            calledElement="q",
            roots=MESSAGES
            + node(
                "process",
                "q",
                f'<startEvent id="qs">{ABOUT_M}</startEvent><endEvent id="qe"/>'
                '<sequenceFlow id="qf" sourceRef="qs" targetRef="qe"/>',
            ),
        )
    ],
    "loop_item": [
        task(
            specification(
                '<dataInput id="d" itemSubjectRef="texts" isCollection="true"/>', inputs=input_set("d")
            ),
            node(
                REPEATED,
                "l",
                f"<loopDataInputRef>d</loopDataInputRef><inputDataItem id='e' itemSubjectRef='{item}'/>",
            ),
            roots=ITEMS,
        )
        for item in ("number", "texts")
    ],
    "expression_informal": [
        task("<completionCondition>all done</completionCondition>", tag="adHocSubProcess"),
        in_xpath(task(looped("until it works"))),
        in_xpath(task(node(REPEATED, "l", "<loopCardinality>as often as you like</loopCardinality>"))),
    ],
    "expression_empty": [
        task(
            node(
                REPEATED,
                "l",
                f"<loopCardinality {TYPED}>3</loopCardinality><complexBehaviorDefinition><condition/>"
                "</complexBehaviorDefinition>",
            )
        ),
        task(looped("")),
    ],
    "condition_value": [
        xml(
            start(),
            xor("g", default="g-end"),
            user("a"),
            end(),
            flows=["start g", "g a: 23", "g end", "a end"],
        ),
        xml(
            start(),
            xor("g", default="g-end"),
            user("a"),
            end(),
            flows=["start g", 'g a: "yes"', "g end", "a end"],
        ),
    ],
    "text_format": [
        xml(start(), end(), '<textAnnotation id="x" textFormat="bold"/>', flows=["start end"]),
    ],
}
#: Rules that cannot be broken alone.
COMPANY = {
    "message_flow_event": {"message_flow_inside", "message_flow_source", "message_flow_target"},
    "message_flow_source": {"message_flow_event"},
    "message_flow_target": {"message_flow_event"},
    "reference_type": {"loop_number", "task_data_item"},
    "flow_not_listed": {"flow_listed"},
    "id_needed": {"flow_listed", "flow_not_listed"},
    "misplaced": {"start_no_outgoing"},
}

"""Who catches what, where handlers stand in handlers, scopes in scopes (BPMN 2.0.2, 10.5.6, 13.5.3, 13.5.4)."""

import pytest

from processes.engine.model import Definition
from tests.engine.drawing import boundary, draw, end, event_sub, node, par, start, sub, timer, user
from tests.engine.scenarios import Scenario, play_both_ways

ROOTS = (
    '<error id="e1" errorCode="E1"/><error id="e2" errorCode="E2"/>'
    '<escalation id="x1" escalationCode="X1"/><escalation id="x2" escalationCode="X2"/>'
    '<signal id="sig" name="alarm"/><message id="msg" name="order"/>'
)
E1, E2 = ('<errorEventDefinition errorRef="e1"/>', '<errorEventDefinition errorRef="e2"/>')
X1, X2 = (
    '<escalationEventDefinition escalationRef="x1"/>',
    '<escalationEventDefinition escalationRef="x2"/>',
)
ANY_ERROR = "<errorEventDefinition/>"
SIGNAL = '<signalEventDefinition signalRef="sig"/>'
MESSAGE = '<messageEventDefinition messageRef="msg"/>'


def fails(key: str, event: str = E1, *beside: str, task: str = "a") -> str:
    """A sub-process that throws the error once its task is done."""
    return sub(
        key, user(task), node("endEvent", f"{key}-wrong", event), *beside, flows=[f"{task} {key}-wrong"]
    )


def caught(*nodes: str, flows: list[str]) -> Definition:
    return draw(start(), *nodes, flows=["start s", *flows], roots=ROOTS)


def inside_of(inner: str, catches: str, border: str) -> Definition:
    """`inner` in a sub-process: at the border of `border` something that `catches`, at that of the whole E1 or all."""
    outer = E1 if border == "t" else ANY_ERROR
    return caught(
        sub("s", inner, boundary("b", border, catches), user("x"), flows=["b x"]),
        boundary("outer", "s", outer),
        user("y"),
        flows=["outer y"],
    )


def throwing_on(event: str) -> Definition:
    """A handler of E1 that throws in turn, in a scope at whose border that is caught."""
    handler = event_sub("h", E1, "hs", node("endEvent", "again", event), flows=["hs again"])
    return caught(fails("s", E1, handler), boundary("b", "s", event), user("x"), flows=["b x"])


def handler_in_handler(*, interrupting: bool) -> Definition:
    inner = event_sub("g", MESSAGE, "gs", user("c"), interrupting=interrupting, flows=["gs c"])
    return draw(
        start(),
        user("a"),
        event_sub("h", SIGNAL, "hs", user("b"), inner, interrupting=False, flows=["hs b"]),
        flows=["start a"],
        roots=ROOTS,
    )


CALL = node("callActivity", "call", calledElement="q")
ERRORS = [
    Scenario(
        "the catcher that names the code wins over one that catches all, whatever their order",
        caught(
            fails("s"),
            boundary("all", "s", ANY_ERROR),
            boundary("exact", "s", E1),
            user("x"),
            user("y"),
            flows=["all x", "exact y"],
        ),
        [("start", "a s"), ("complete a", "y"), ("complete y", "")],
    ),
    Scenario(
        "an inner catcher of all errors wins over an outer one that names the code",
        inside_of(fails("t"), ANY_ERROR, "t"),
        [("start", "a s t"), ("complete a", "s x"), ("complete x", "")],
    ),
    Scenario(
        "an error passes the catcher of another code on its way out",
        inside_of(fails("t"), E2, "t"),
        [("start", "a s t"), ("complete a", "y"), ("complete y", "")],
    ),
    Scenario(
        "an event sub-process catches before the boundary of its scope",
        caught(
            fails("s", E1, event_sub("h", E1, "hs", user("c"), flows=["hs c"])),
            boundary("b", "s", E1),
            user("x"),
            user("y"),
            flows=["b x", "s y"],
        ),
        [("start", "a s"), ("complete a", "c h s"), ("complete c", "y"), ("complete y", "")],
    ),
    Scenario(
        "what a handler of errors throws goes to the boundary of its scope",
        throwing_on(E2),
        [("start", "a s"), ("complete a", "x"), ("complete x", "")],
    ),
    Scenario(
        "the same error thrown again by its handler is not caught by the handler itself",
        throwing_on(E1),
        [("start", "a s"), ("complete a", "x"), ("complete x", "")],
    ),
    Scenario(
        "an error of one branch ends the others and what runs beside them",
        caught(
            sub(
                "s",
                start("s1"),
                par("f"),
                user("a"),
                user("b"),
                node("endEvent", "wrong", E1),
                event_sub("g", SIGNAL, "gs", user("d"), interrupting=False, flows=["gs d"]),
                event_sub("h", E1, "hs", user("c"), flows=["hs c"]),
                flows=["s1 f", "f a", "f b", "a wrong"],
            ),
            user("y"),
            flows=["s y"],
        ),
        [
            ("start", "a b gs s"),
            ("deliver gs", "a b d g gs s"),
            ("complete a", "c h s"),
            ("complete c", "y"),
            ("complete y", ""),
        ],
    ),
    Scenario(
        "an error inside a handler that runs beside its scope is caught by that scope's other handler",
        caught(
            sub(
                "s",
                user("a"),
                event_sub("g", SIGNAL, "gs", node("endEvent", "w", E1), interrupting=False, flows=["gs w"]),
                event_sub("h", E1, "hs", user("c"), flows=["hs c"]),
            ),
            flows=[],
        ),
        [("start", "a gs s"), ("deliver gs", "c h s"), ("complete c", "")],
    ),
    Scenario(
        "an error of a called process is caught at the call activity",
        inside_of(CALL, E1, "call"),
        [("start", "call s"), ("throw call E1", "s x"), ("complete x", "")],
    ),
    Scenario(
        "one that the call activity does not catch goes further out",
        inside_of(CALL, E2, "call"),
        [("start", "call s"), ("throw call E1", "y"), ("complete y", "")],
    ),
]

HANDLERS = [
    Scenario(
        "a handler in a handler lives as long as that",
        handler_in_handler(interrupting=False),
        [
            ("start", "a hs"),
            ("deliver hs", "a b gs h hs"),
            ("deliver gs", "a b c g gs h hs"),
            ("complete b", "a c g gs h hs"),
            ("complete c", "a hs"),
            ("complete a", ""),
        ],
    ),
    Scenario(
        "an interrupting handler in a handler ends only that",
        handler_in_handler(interrupting=True),
        [
            ("start", "a hs"),
            ("deliver hs", "a b gs h hs"),
            ("deliver gs", "a c g h hs"),
            ("complete c", "a hs"),
            ("complete a", ""),
        ],
    ),
    Scenario(
        "terminate of the process ends its handlers",
        draw(
            start(),
            user("a"),
            end("stop", terminate=True),
            event_sub("h", SIGNAL, "hs", user("b"), interrupting=False, flows=["hs b"]),
            flows=["start a", "a stop"],
            roots=ROOTS,
        ),
        [("start", "a hs"), ("deliver hs", "a b h hs"), ("complete a", "")],
    ),
    Scenario(
        "an interrupting message ends scopes however deep, and the other handlers",
        draw(
            start(),
            sub("s", sub("t", user("a"), boundary("late", "a", timer("timeDuration", "PT1H"))), user("b")),
            event_sub("g", SIGNAL, "gs", user("d"), interrupting=False, flows=["gs d"]),
            event_sub("h", MESSAGE, "hs", user("c"), flows=["hs c"]),
            flows=["start s"],
            roots=ROOTS,
        ),
        [
            ("start", "a b gs hs late s t"),
            ("deliver gs", "a b d g gs hs late s t"),
            ("deliver hs", "c h"),
            ("complete c", ""),
        ],
    ),
    Scenario(
        "each instance of a repeated sub-process has handlers of its own",
        draw(
            start(),
            sub(
                "s",
                node("multiInstanceLoopCharacteristics", "two", "<loopCardinality>2</loopCardinality>"),
                user("a"),
                event_sub("h", MESSAGE, "hs", user("b"), flows=["hs b"]),
            ),
            user("z"),
            flows=["start s", "s z"],
            roots=ROOTS,
        ),
        [
            ("start", "a a hs hs s s s*"),
            ("deliver hs", "a b h hs s s s*"),
            ("complete b", "a hs s s*"),
            ("complete a", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "what a boundary event has sent on outlives its activity",
        caught(
            sub("s", user("a")),
            boundary("b", "s", MESSAGE, interrupting=False),
            user("x"),
            user("y"),
            flows=["b x", "s y"],
        ),
        [
            ("start", "a b s"),
            ("deliver b", "a b s x"),
            ("complete a", "x y"),
            ("complete x", "y"),
            ("complete y", ""),
        ],
    ),
]


@pytest.mark.parametrize("scenario", [*ERRORS, *HANDLERS], ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)

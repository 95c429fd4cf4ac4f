"""Who hears of an escalation, and how far it gets (BPMN 2.0.2, 10.5.6)."""

import pytest

from processes.engine.model import Definition
from tests.engine.drawing import boundary, draw, event_sub, node, start, sub, throw, user
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
ANY_ESCALATION = "<escalationEventDefinition/>"


def caught(*nodes: str, flows: list[str]) -> Definition:
    return draw(start(), *nodes, flows=["start s", *flows], roots=ROOTS)


ESCALATIONS = [
    Scenario(
        "caught without interrupting, both go on",
        caught(
            sub("s", throw("t", X1), user("a"), flows=["t a"]),
            boundary("b", "s", X1, interrupting=False),
            user("x"),
            flows=["b x"],
        ),
        [("start", "a s x"), ("complete a", "x"), ("complete x", "")],
    ),
    Scenario(
        "interrupting, it takes the token of its thrower along",
        caught(
            sub("s", throw("t", X1), user("a"), flows=["t a"]),
            boundary("b", "s", X1),
            user("x"),
            flows=["b x"],
        ),
        [("start", "x"), ("complete x", "")],
    ),
    Scenario(
        "exact before all, inner before outer",
        caught(
            sub(
                "s",
                sub("t", throw("one", X1), throw("two", X2), user("a"), flows=["one two", "two a"]),
                boundary("all", "t", ANY_ESCALATION, interrupting=False),
                boundary("exact", "t", X1, interrupting=False),
                user("x"),
                user("y"),
                flows=["all x", "exact y"],
            ),
            boundary("outer", "s", X2, interrupting=False),
            user("z"),
            flows=["outer z"],
        ),
        [("start", "a s t x y"), ("cancel", "")],
    ),
    Scenario(
        "an escalation end event inside wakes a handler of the scope around and goes on",
        caught(
            sub(
                "s",
                sub("t", user("a"), node("endEvent", "te", X1), flows=["a te"]),
                user("d"),
                event_sub("h", X1, "hs", user("c"), interrupting=False, flows=["hs c"]),
                flows=["t d"],
            ),
            user("y"),
            flows=["s y"],
        ),
        [
            ("start", "a s t"),
            ("complete a", "c d h s"),
            ("complete d", "c h s"),
            ("complete c", "y"),
            ("complete y", ""),
        ],
    ),
    Scenario(
        "nobody needs to catch it",
        draw(start(), throw("t", X1), user("a"), flows=["start t", "t a"], roots=ROOTS),
        [("start", "a"), ("complete a", "")],
    ),
    Scenario(
        "that of a called process is caught beside the call, as often as it comes",
        draw(
            start(),
            node("callActivity", "call", calledElement="q"),
            boundary("b", "call", X1, interrupting=False),
            user("x"),
            user("y"),
            flows=["start call", "b x", "call y"],
            roots=ROOTS,
        ),
        [
            ("start", "call"),
            ("escalate call X1", "call x"),
            ("escalate call X1", "call x x"),
            ("come_back call", "x x y"),
            ("cancel", ""),
        ],
    ),
    Scenario(
        "that of a called process may interrupt the call, or find an event sub-process",
        draw(
            start(),
            node("callActivity", "call", calledElement="q"),
            event_sub("h", X2, "hs", user("c"), flows=["hs c"]),
            boundary("b", "call", X1),
            user("x"),
            flows=["start call", "b x"],
            roots=ROOTS,
        ),
        [("start", "call"), ("escalate call X2", "c h"), ("complete c", "")],
    ),
    Scenario(
        "a handler may pass it on to the scope around",
        caught(
            sub(
                "s",
                throw("t", X1),
                user("a"),
                event_sub(
                    "h", X1, "hs", throw("on", X1), user("c"), interrupting=False, flows=["hs on", "on c"]
                ),
                flows=["t a"],
            ),
            boundary("b", "s", X1, interrupting=False),
            user("x"),
            flows=["b x"],
        ),
        [("start", "a c h s x"), ("cancel", "")],
    ),
]


@pytest.mark.parametrize("scenario", ESCALATIONS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)

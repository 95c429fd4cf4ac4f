"""Repeated activities in repeated ones, and what ends them before their time."""

import pytest

from tests.engine.drawing import (
    boundary,
    boundary_timer,
    draw,
    end,
    event_sub,
    node,
    script,
    start,
    sub,
    user,
    xor,
)
from tests.engine.repeating import loop, multi, repeated
from tests.engine.scenarios import Scenario, play_both_ways

ROOTS = (
    '<signal id="sig" name="alarm"/><message id="msg" name="order"/><message id="other" name="other"/>'
    '<error id="e1" errorCode="E1"/>'
)
MESSAGE = '<messageEventDefinition messageRef="msg"/>'
ERROR = '<errorEventDefinition errorRef="e1"/>'


REPEATED = [
    Scenario(
        "repeated activities in repeated sub-processes",
        draw(
            start(),
            sub("s", multi(number=2), user("a", multi(number=2))),
            user("z"),
            flows=["start s", "s z"],
        ),
        [
            ("start", "a a a a a* a* s s s*"),
            ("complete a", "a a a a* a* s s s*"),
            ("complete a", "a a a* s s*"),
            ("complete a", "a a* s s*"),
            ("complete a", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "a sequence of instances is cut off by a timer",
        draw(
            start(),
            user("a", multi(number=3, sequential=True)),
            boundary_timer("t", "a", "PT1H"),
            user("late"),
            user("z"),
            flows=["start a", "t late", "a z"],
        ),
        [("start", "a a* t"), ("complete a", "a a* t"), ("later 60", "late"), ("complete late", "")],
    ),
    Scenario(
        "an error caught inside one instance leaves the others alone",
        draw(
            start(),
            sub(
                "s",
                multi(number=2),
                sub("t", user("a"), node("endEvent", "wrong", ERROR), flows=["a wrong"]),
                boundary("b", "t", ERROR),
                user("m"),
                flows=["b m"],
            ),
            user("z"),
            flows=["start s", "s z"],
            roots=ROOTS,
        ),
        [
            ("start", "a a s s s* t t"),
            ("complete a", "a m s s s* t"),
            ("complete m", "a s s* t"),
            ("complete a", "m s s*"),
            ("complete m", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "outputs of nested repetitions are lists of lists",
        draw(
            start(),
            sub(
                "s",
                multi(
                    sequential=True,
                    portal_collection="=[1, 2]",
                    portal_item="row",
                    portal_output="table",
                    portal_outputItem="=cells",
                ),
                repeated(
                    script("a", "row * 10 + cell"),
                    multi(portal_collection="=[1, 2]", portal_item="cell", portal_output="cells"),
                ),
            ),
            user("z"),
            flows=["start s", "s z"],
        ),
        [("start", "z"), ("complete z", "")],
        variables={"table": [[11, 12], [21, 22]]},
    ),
    Scenario(
        "the completion condition ends instances with all that is inside them",
        draw(
            start(),
            sub(
                "s",
                multi(number=3, until="nrOfCompletedInstances = 1"),
                user("a"),
                boundary_timer("t", "a", "PT1H"),
                event_sub("h", MESSAGE, "hs", user("c"), interrupting=False, flows=["hs c"]),
            ),
            user("z"),
            flows=["start s", "s z"],
            roots=ROOTS,
        ),
        [("start", "a a a hs hs hs s s s s* t t t"), ("complete a", "z"), ("complete z", "")],
    ),
    Scenario(
        "a border that does not interrupt a repeated activity rings once for all instances",
        draw(
            start(),
            user("a", multi(number=2)),
            boundary("b", "a", MESSAGE, interrupting=False),
            user("x"),
            user("z"),
            flows=["start a", "b x", "a z"],
            roots=ROOTS,
        ),
        [
            ("start", "a a a* b"),
            ("deliver b", "a a a* b x"),
            ("complete a", "a a* b x"),
            ("complete a", "x z"),
            ("cancel", ""),
        ],
    ),
    Scenario(
        "a loop that tests first may do nothing, and one that tests last does it once",
        draw(
            start(),
            user(
                "a",
                loop("n &gt; 0", testBefore="true"),
            ),
            user("b", loop("n &gt; 0")),
            user("z"),
            flows=["start a", "a b", "b z"],
        ),
        [(["start", {"n": 0}], "b b*"), ("complete b", "z"), ("complete z", "")],
    ),
    Scenario(
        "an error ends a loop, whatever its condition says",
        draw(
            start(),
            sub(
                "s",
                loop("true", loopMaximum=5),
                user("a"),
                xor("x", default="x-ok"),
                end("ok"),
                node("endEvent", "wrong", ERROR),
                flows=["a x", "x wrong: bad = true", "x ok"],
            ),
            boundary("b", "s", ERROR),
            user("m"),
            user("z"),
            flows=["start s", "b m", "s z"],
            roots=ROOTS,
        ),
        [
            ("start", "a s s*"),
            (["complete a", {"bad": False}], "a s s*"),
            (["complete a", {"bad": True}], "m"),
            ("complete m", ""),
        ],
    ),
]


@pytest.mark.parametrize("scenario", REPEATED, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)

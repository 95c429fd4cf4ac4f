"""Patterns of control flow that people draw: splits, merges, choices, waits, repetitions side by side."""

import pytest

from tests.engine.drawing import (
    boundary,
    boundary_timer,
    catch,
    catch_timer,
    conditional,
    draw,
    end,
    event_sub,
    node,
    par,
    script,
    start,
    sub,
    throw,
    user,
    xor,
)
from tests.engine.repeating import loop, multi
from tests.engine.scenarios import Scenario, play_both_ways

ROOTS = (
    '<signal id="sig" name="alarm"/><message id="msg" name="order"/><message id="other" name="other"/>'
    '<error id="e1" errorCode="E1"/>'
)
SIGNAL = '<signalEventDefinition signalRef="sig"/>'
MESSAGE = '<messageEventDefinition messageRef="msg"/>'
ERROR = '<errorEventDefinition errorRef="e1"/>'


def inclusive(key: str, **attributes: object) -> str:
    return node("inclusiveGateway", key, **attributes)


WAYS = draw(
    start(),
    user("a", default="a-d"),
    user("b"),
    user("c"),
    user("d"),
    flows=["start a", "a b: n > 1", "a c: n > 2", "a d"],
)

FLOW = [
    Scenario(
        "every true condition out of an activity takes a token",
        WAYS,
        [("start", "a"), (["complete a", {"n": 3}], "b c"), ("complete b", "c"), ("complete c", "")],
    ),
    Scenario(
        "the default out of an activity is taken when none is true",
        WAYS,
        [("start", "a"), (["complete a", {"n": 0}], "d"), ("complete d", "")],
    ),
    Scenario(
        "a merge without a gateway lets each token pass (WCP-8)",
        draw(
            start(), par("f"), user("a"), user("b"), user("c"), flows=["start f", "f a", "f b", "a c", "b c"]
        ),
        [
            ("start", "a b"),
            ("complete a", "b c"),
            ("complete b", "c c"),
            ("complete c", "c"),
            ("complete c", ""),
        ],
    ),
    Scenario(
        "a gateway may join and fork at once",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            par("j"),
            user("c"),
            user("d"),
            flows=["start f", "f a", "f b", "a j", "b j", "j c", "j d"],
        ),
        [("start", "a b"), ("complete a", "b j+"), ("complete b", "c d"), ("cancel", "")],
    ),
    Scenario(
        "two tokens by the same way do not make a join complete",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            user("c"),
            xor("m"),
            par("j"),
            user("z"),
            flows=["start f", "f a", "f b", "f c", "a m", "b m", "m j", "c j", "j z"],
        ),
        [
            ("start", "a b c"),
            ("complete a", "b c j+"),
            ("complete b", "c j+ j+"),
            ("complete c", "j+ z"),
            ("cancel", ""),
        ],
    ),
    Scenario(
        "an inclusive join does not wait for a branch that has ended",
        draw(
            start(),
            inclusive("o"),
            user("a"),
            user("b"),
            xor("x", default="x-gone"),
            end("gone"),
            inclusive("j"),
            user("z"),
            flows=["start o", "o a: true", "o b: true", "a j", "b x", "x j: back = true", "x gone", "j z"],
        ),
        [
            ("start", "a b"),
            ("complete a", "b j+"),
            (["complete b", {"back": False}], "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "an inclusive join waits for a branch that goes round",
        draw(
            start(),
            inclusive("o"),
            user("a"),
            user("b"),
            xor("x", default="x-j"),
            inclusive("j"),
            user("z"),
            flows=["start o", "o a: true", "o b: true", "a j", "b x", "x b: again = true", "x j", "j z"],
        ),
        [
            ("start", "a b"),
            ("complete a", "b j+"),
            (["complete b", {"again": True}], "b j+"),
            (["complete b", {"again": False}], "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "an inclusive join goes on when an event has taken the other branch elsewhere",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            boundary("m", "b", MESSAGE),
            user("c"),
            inclusive("j"),
            user("z"),
            flows=["start f", "f a", "f b", "m c", "a j", "b j", "j z"],
            roots=ROOTS,
        ),
        [("start", "a b m"), ("complete a", "b j+ m"), ("deliver m", "c z"), ("cancel", "")],
    ),
    Scenario(
        "a default way of an inclusive gateway is taken alone",
        draw(
            start(),
            inclusive("o", default="o-c"),
            user("a"),
            user("b"),
            user("c"),
            inclusive("j"),
            user("z"),
            flows=["start o", "o a: n = 1", "o b: n = 2", "o c", "a j", "b j", "c j", "j z"],
        ),
        [(["start", {"n": 0}], "c"), ("complete c", "z"), ("complete z", "")],
    ),
    Scenario(
        "a process without start and end events runs what nothing leads to",
        draw(user("a"), user("b"), user("c"), flows=["a c"]),
        [("start", "a b"), ("complete a", "b c"), ("complete b", "c"), ("complete c", "")],
    ),
    Scenario(
        "every end event ends its own token",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            end("one"),
            end("two"),
            flows=["start f", "f a", "f b", "a one", "b two"],
        ),
        [("start", "a b"), ("complete b", "a"), ("complete a", "")],
    ),
    Scenario(
        "a process begins at the start event that its trigger belongs to",
        draw(
            start(),
            node("startEvent", "by-message", MESSAGE),
            user("a"),
            user("b"),
            flows=["start a", "by-message b"],
            roots=ROOTS,
        ),
        [("start by-message", "b"), ("complete b", "")],
    ),
]

WAITS = [
    Scenario(
        "a signal reaches whoever waits: a catch event, a boundary event, an event sub-process",
        draw(
            start(),
            par("f"),
            catch("c", SIGNAL),
            user("x"),
            user("u"),
            boundary("bs", "u", SIGNAL, interrupting=False),
            user("y"),
            user("a"),
            throw("t", SIGNAL),
            user("z"),
            event_sub("h", SIGNAL, "hs", user("w"), interrupting=False, flows=["hs w"]),
            flows=["start f", "f c", "c x", "f u", "bs y", "f a", "a t", "t z"],
            roots=ROOTS,
        ),
        [("start", "a bs c hs u"), ("complete a", "bs h hs u w x y z"), ("cancel", "")],
    ),
    Scenario(
        "a signal that ends a sub-process is heard beside it",
        draw(
            start(),
            par("f"),
            sub("s", user("a"), node("endEvent", "se", SIGNAL), flows=["a se"]),
            catch("c", SIGNAL),
            user("x"),
            user("y"),
            flows=["start f", "f s", "f c", "s x", "c y"],
            roots=ROOTS,
        ),
        [("start", "a c s"), ("complete a", "x y"), ("cancel", "")],
    ),
    Scenario(
        "a receive task is given up when its time is over",
        draw(
            start(),
            node("receiveTask", "r", messageRef="msg"),
            boundary_timer("t", "r", "PT1H"),
            user("x"),
            user("y"),
            flows=["start r", "r x", "t y"],
            roots=ROOTS,
        ),
        [("start", "r t"), ("later 60", "y"), ("complete y", "")],
    ),
    Scenario(
        "its message ends the wait for the time",
        draw(
            start(),
            node("receiveTask", "r", messageRef="msg"),
            boundary_timer("t", "r", "PT1H"),
            user("x"),
            user("y"),
            flows=["start r", "r x", "t y"],
            roots=ROOTS,
        ),
        [("start", "r t"), ("deliver r", "x"), ("complete x", "")],
    ),
    Scenario(
        "the first of receive tasks and timers behind an event-based gateway wins",
        draw(
            start(),
            node("eventBasedGateway", "g"),
            node("receiveTask", "r", messageRef="msg"),
            node("receiveTask", "q", messageRef="other"),
            catch_timer("t", "PT1H"),
            user("x"),
            flows=["start g", "g r", "g q", "g t", "r x", "q x", "t x"],
            roots=ROOTS,
        ),
        [("start", "g q r t"), ("deliver q", "x"), ("complete x", "")],
    ),
    Scenario(
        "a date that has passed is due at once",
        draw(
            start(),
            catch_timer("t", "2020-01-01T00:00:00Z", "timeDate"),
            user("x"),
            flows=["start t", "t x"],
        ),
        [("start", "t"), ("later 0", "x"), ("complete x", "")],
    ),
    Scenario(
        "a counted cycle rings that often and no more",
        draw(
            start(),
            user("a"),
            boundary_timer("t", "a", "R3/PT10M", "timeCycle", interrupting=False),
            script("count", "{n: n + 1}"),
            flows=["start a", "t count"],
        ),
        [(["start", {"n": 0}], "a t"), ("later 20", "a t"), ("later 100", "a"), ("complete a", "")],
        variables={"n": 3},
    ),
    Scenario(
        "the first of two timers that interrupts ends the other",
        draw(
            start(),
            user("a"),
            boundary_timer("t1", "a", "PT2H"),
            boundary_timer("t2", "a", "PT1H"),
            user("x"),
            user("y"),
            flows=["start a", "t1 x", "t2 y"],
        ),
        [("start", "a t1 t2"), ("later 300", "y"), ("complete y", "")],
    ),
    Scenario(
        "a condition on the border of an activity is asked when a parallel branch writes variables",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            boundary("c", "a", conditional("n > 3")),
            user("x"),
            flows=["start f", "f a", "f b", "c x"],
        ),
        [
            (["start", {"n": 0}], "a b c"),
            (["complete b", {"n": 3}], "a c"),
            (["set", {"n": 4}], "x"),
            ("complete x", ""),
        ],
    ),
    Scenario(
        "a condition of the process begins its handler in its stead",
        draw(
            start(),
            user("a"),
            user("b"),
            event_sub("h", conditional("n > 3"), "hs", user("x"), flows=["hs x"]),
            flows=["start a", "a b"],
        ),
        [(["start", {"n": 0}], "a hs"), (["complete a", {"n": 4}], "h x"), ("complete x", "")],
    ),
    Scenario(
        "a condition that does not interrupt happens each time it becomes true",
        draw(
            start(),
            user("a"),
            boundary("c", "a", conditional("n > 3"), interrupting=False),
            user("x"),
            flows=["start a", "c x"],
        ),
        [
            (["start", {"n": 4}], "a c x"),
            (["set", {"n": 5}], "a c x"),
            (["set", {"n": 0}], "a c x"),
            (["set", {"n": 6}], "a c x x"),
            ("cancel", ""),
        ],
    ),
]

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
                    portal_collection="=[[1, 2], [3]]",
                    portal_item="row",
                    portal_output="table",
                    portal_outputItem="=cells",
                ),
                script("none", "{dummy: 0}"),
                script(
                    "a",
                    "[]",
                ),
            ),
            user("z"),
            flows=["start s", "s z"],
        ),
        [("start", "z"), ("complete z", "")],
        variables={"table": [None, None]},
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


@pytest.mark.parametrize("scenario", [*FLOW, *WAITS, *REPEATED], ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)

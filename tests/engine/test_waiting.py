"""Signals, messages, moments and conditions that people wait for side by side."""

import pytest

from tests.engine.drawing import (
    boundary,
    boundary_timer,
    catch,
    catch_timer,
    conditional,
    draw,
    event_sub,
    node,
    par,
    script,
    start,
    sub,
    throw,
    user,
)
from tests.engine.scenarios import Scenario, play_both_ways

ROOTS = (
    '<signal id="sig" name="alarm"/><message id="msg" name="order"/><message id="other" name="other"/>'
    '<error id="e1" errorCode="E1"/>'
)
SIGNAL = '<signalEventDefinition signalRef="sig"/>'


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


@pytest.mark.parametrize("scenario", WAITS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)

"""Event-based gateways: the first event wins; some begin an instance (BPMN 2.0.2, 10.6.6 and 13.4.4)."""

from typing import Any

import pytest

from processes.engine.model import Definition
from tests.engine.drawing import (
    boundary_timer,
    catch,
    catch_timer,
    conditional,
    draw,
    end,
    node,
    par,
    start,
    sub,
    throw,
    user,
)
from tests.engine.game import Game
from tests.engine.scenarios import Scenario, play_both_ways

ROOTS = '<signal id="s" name="go"/><message id="m" name="hello"/><message id="n" name="bye"/>'
SIGNAL = '<signalEventDefinition signalRef="s"/>'
MESSAGE = '<messageEventDefinition messageRef="m"/>'


def gate(node_id: str = "g", **attributes: Any) -> str:
    return node("eventBasedGateway", node_id, **attributes)


def choice(
    *events: str, into: str = "", beside: tuple[str, ...] = (), flows: tuple[str, ...] = ()
) -> Definition:
    """`start`, the gateway `g` and behind it these events by their ids, each with a user task of its own."""
    ids = [event.split('id="')[1].split('"')[0] for event in events]
    return draw(
        start(),
        gate(),
        *events,
        *[user(f"{name}-done") for name in ids],
        *beside,
        flows=[
            "start g" if not into else f"{into} g",
            *[f"g {name}" for name in ids],
            *[f"{name} {name}-done" for name in ids],
            *flows,
        ],
        roots=ROOTS,
    )


BOTH = choice(catch("a", SIGNAL), catch_timer("t", "PT1H"), node("receiveTask", "r", messageRef="m"))
SCENARIOS = [
    Scenario(
        "the first to happen takes the token, the others are cancelled",
        BOTH,
        [("start", "a g r t"), ("deliver r", "r-done"), ("complete r-done", "")],
    ),
    Scenario(
        "a timer may win", BOTH, [("start", "a g r t"), ("later 60", "t-done"), ("complete t-done", "")]
    ),
    Scenario(
        "what waits can be skipped",
        BOTH,
        [("start", "a g r t"), ("skip a", "a-done"), ("complete a-done", "")],
    ),
    Scenario(
        "the gateway is skipped by a flow that is named",
        BOTH,
        [("start", "a g r t"), ("skip g g-t", "t"), ("fire t", "t-done"), ("complete t-done", "")],
    ),
    Scenario(
        "a condition that holds already wins at once",
        choice(catch("a", SIGNAL), catch("c", conditional("n = 1")), catch("b", MESSAGE)),
        [(["start", {"n": 1}], "c-done"), ("complete c-done", "")],
    ),
    Scenario(
        "a condition that comes true later wins",
        choice(catch("a", SIGNAL), catch("c", conditional("n = 1"))),
        [(["start", {"n": 0}], "a c g"), (["set", {"n": 1}], "c-done"), ("complete c-done", "")],
    ),
    Scenario(
        "an event of several definitions is one of the choices",
        choice(catch("a", SIGNAL, MESSAGE), catch_timer("t", "PT1H")),
        [("start", "a a g t"), ("deliver a", "a-done"), ("complete a-done", "")],
    ),
    Scenario(
        "a signal thrown beside the gateway is heard",
        draw(
            start(),
            par("f"),
            gate(),
            catch("a", SIGNAL),
            catch("b", MESSAGE),
            throw("t", SIGNAL),
            end("x"),
            user("z"),
            flows=["start f", "f t", "f g", "g a", "g b", "t x", "a z", "b x"],
            roots=ROOTS,
        ),
        [("start", "z"), ("complete z", "")],
    ),
    Scenario(
        "a sub-process that is left takes gateway and events along",
        draw(
            start(),
            sub("sub", gate(), catch("a", SIGNAL), catch("b", MESSAGE), flows=["g a", "g b"]),
            boundary_timer("t", "sub", "PT1H"),
            user("z"),
            end(),
            flows=["start sub", "sub end", "t z"],
            roots=ROOTS,
        ),
        [("start", "a b g sub t"), ("fire t", "z"), ("complete z", "")],
    ),
    Scenario(
        "an event that fails leaves the others waiting",
        choice(catch_timer("t", "=when"), catch("a", SIGNAL)),
        [("start", "a g t!"), ("retry t", "a g t!"), ("deliver a", "a-done"), ("complete a-done", "")],
    ),
    Scenario(
        "an inclusive join waits for what is behind the gateway",
        draw(
            start(),
            par("f"),
            gate(),
            catch("a", SIGNAL),
            catch("b", MESSAGE),
            user("u"),
            node("inclusiveGateway", "j"),
            user("z"),
            end(),
            flows=["start f", "f g", "f u", "g a", "g b", "a j", "b end", "u j", "j z"],
            roots=ROOTS,
        ),
        [("start", "a b g u"), ("complete u", "a b g j+"), ("deliver b", "z"), ("complete z", "")],
    ),
]

#: Begins with either of two messages; the parallel one waits for both.
BEGINS = {
    sort: draw(
        gate(instantiate="true", eventGatewayType=sort),
        catch("a", MESSAGE),
        catch("b", '<messageEventDefinition messageRef="n"/>'),
        user("x"),
        user("y"),
        flows=["g a", "g b", "a x", "b y"],
        roots=ROOTS,
    )
    for sort in ("Exclusive", "Parallel")
}
BEGINNINGS = [
    Scenario(
        "an exclusive gateway begins the instance with the event that has come",
        BEGINS["Exclusive"],
        [(["start b", {"n": 1}], "y"), ("complete y", "")],
        variables={"n": 1},
    ),
    Scenario(
        "a parallel gateway goes on to wait for the other events",
        BEGINS["Parallel"],
        [("start b", "a y"), ("complete y", "a"), ("deliver a", "x"), ("complete x", "")],
    ),
    Scenario(
        "by hand the exclusive gateway waits for either",
        BEGINS["Exclusive"],
        [("start", "a b g"), ("deliver a", "x"), ("complete x", "")],
    ),
    Scenario(
        "by hand the parallel gateway waits for both",
        BEGINS["Parallel"],
        [
            ("start", "a b"),
            ("deliver a", "b x"),
            ("deliver b", "x y"),
            ("complete x", "y"),
            ("complete y", ""),
        ],
    ),
    Scenario(
        "a receive task begins the instance with its message",
        draw(
            node("receiveTask", "r", messageRef="m", instantiate="true"),
            user("a"),
            flows=["r a"],
            roots=ROOTS,
        ),
        [(["start r", {"n": 1}], "a"), ("complete a", "")],
        variables={"n": 1},
    ),
]


@pytest.mark.parametrize("scenario", [*SCENARIOS, *BEGINNINGS], ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)


def test_only_the_event_that_happens_has_come_by_a_flow() -> None:
    game = Game(BOTH)
    game.start()
    assert {step.flow_id for step in game.live() if step.element_id != "g"} == {""}
    game.deliver("a")
    flows = {step.element_id: step.flow_id for step in game.history.values()}
    assert (flows["a"], flows["r"], flows["t"]) == ("g-a", "", "")


def test_what_events_can_begin_an_instance_at_is_known() -> None:
    assert [element.id for element in BEGINS["Parallel"].triggers] == ["a", "b"]
    assert [element.id for element in BOTH.triggers] == ["start"]

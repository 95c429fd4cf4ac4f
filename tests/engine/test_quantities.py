"""Activities that need several tokens to begin, or send several on (BPMN 2.0.2, 10.3)."""

import pytest

from tests.engine.drawing import (
    association,
    boundary,
    draw,
    end,
    node,
    par,
    start,
    throw,
    user,
)
from tests.engine.game import Game
from tests.engine.repeating import multi
from tests.engine.scenarios import Scenario, play_both_ways

SCENARIOS = [
    Scenario(
        "one task sends two tokens, another one needs both",
        draw(
            start(),
            user("a", completionQuantity="2"),
            user("b"),
            user("c", startQuantity="2"),
            user("d"),
            flows=["start a", "a b", "b c", "c d"],
        ),
        [
            ("start", "a"),
            ("complete a", "b b"),
            ("complete b", "b c+"),
            ("complete b", "c"),
            ("complete c", "d"),
            ("complete d", ""),
        ],
    ),
    Scenario(
        "the tokens may come by different flows",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            user("c", startQuantity="2"),
            flows=["start f", "f a", "f b", "a c", "b c"],
        ),
        [("start", "a b"), ("complete a", "b c+"), ("complete b", "c"), ("complete c", "")],
    ),
    Scenario(
        "what is not enough waits, and may be let in by hand",
        draw(start(), user("a", startQuantity="3"), user("b"), flows=["start a", "a b"]),
        [("start", "a+"), ("skip a", "a"), ("complete a", "b"), ("complete b", "")],
    ),
    Scenario(
        "a token that cannot leave leaves with all it stands for",
        draw(
            start(),
            user("a", completionQuantity="2"),
            user("b"),
            user("c"),
            flows=["start a", "a b: n = 1", "a c: n = 2"],
        ),
        [
            ("start", "a"),
            ("complete a", "a!"),
            (["set", {"n": 1}], "a!"),
            ("retry a", "b b"),
            ("complete b", "b"),
            ("complete b", ""),
        ],
    ),
    Scenario(
        "several instances begin with several tokens and send several on",
        draw(
            start(),
            user("x", completionQuantity="2"),
            user("a", multi(number=1), startQuantity="2", completionQuantity="2"),
            user("b"),
            flows=["start x", "x a", "a b"],
        ),
        [("start", "x"), ("complete x", "a a*"), ("complete a", "b b"), ("cancel", "")],
    ),
    Scenario(
        "what has begun with two tokens is undone once",
        draw(
            start(),
            user("x", completionQuantity="2"),
            user("a", startQuantity="2"),
            boundary("on", "a", "<compensateEventDefinition/>"),
            user("undo", isForCompensation="true"),
            association("on", "undo"),
            throw("t", "<compensateEventDefinition/>"),
            end(),
            flows=["start x", "x a", "a t", "t end"],
        ),
        [("start", "x"), ("complete x", "a"), ("complete a", "t undo"), ("complete undo", "")],
    ),
    Scenario(
        "an inclusive join waits for what has not gathered yet",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b", startQuantity="2"),
            node("inclusiveGateway", "j"),
            user("z"),
            flows=["start f", "f a", "f b", "a j", "b j", "j z"],
        ),
        [
            ("start", "a b+"),
            ("complete a", "b+ j+"),
            ("skip b", "b j+"),
            ("complete b", "z"),
            ("complete z", ""),
        ],
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)


def test_the_step_that_gathers_is_told_from_the_activity() -> None:
    game = Game(draw(start(), user("a", startQuantity="2"), flows=["start a"]))
    game.start()
    (step,) = game.live()
    assert (step.element_type, step.kind, step.flow_id) == ("gathering", "", "start-a")

"""Conditions that hold already when somebody begins to watch them, and ends that reach what a turn has not loaded."""

import pytest

from tests.engine.drawing import boundary, conditional, draw, end, event_sub, node, par, start, sub, user
from tests.engine.game import Game
from tests.engine.scenarios import Scenario, play_both_ways

TRUE = conditional("true")

AT_ONCE = [
    Scenario(
        "a sub-process whose border is crossed at once never begins",
        draw(
            start(),
            sub("s", user("a")),
            boundary("b", "s", TRUE),
            user("x"),
            user("y"),
            flows=["start s", "s x", "b y"],
        ),
        [("start", "y"), ("complete y", "")],
    ),
    Scenario(
        "an event sub-process that interrupts at once is alone, whatever else listens there",
        draw(
            start(),
            user("a"),
            event_sub("h", TRUE, "hs", user("x"), flows=["hs x"]),
            event_sub("i", conditional("go"), "is", user("y"), flows=["is y"]),
            flows=["start a"],
        ),
        [("start", "h x"), (["set", {"go": True}], "h x"), ("complete x", "")],
    ),
    Scenario(
        "a terminate event ends what stands deep inside another branch, beside something that watches a condition",
        draw(
            start(),
            par("f"),
            user("a"),
            end("t", terminate=True),
            sub("s", user("b")),
            boundary("w", "s", conditional("go")),
            user("x"),
            flows=["start f", "f a", "a t", "f s", "w x"],
        ),
        [("start", "a b s w"), ("complete a", "")],
    ),
]


@pytest.mark.parametrize("scenario", AT_ONCE, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)


def test_a_call_that_is_interrupted_at_once_calls_nobody() -> None:
    game = Game(
        draw(
            start(),
            node("callActivity", "c", calledElement="other"),
            boundary("b", "c", TRUE),
            user("x"),
            flows=["start c", "b x"],
        )
    )
    assert game.start().calls == []
    assert game.waiting() == "x"

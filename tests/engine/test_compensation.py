"""Compensation: what is undone, in which order, and with which data."""

import pytest

from tests.engine.drawing import (
    draw,
    end,
    event_sub,
    node,
    par,
    script,
    service,
    start,
    sub,
    throw,
    user,
)
from tests.engine.game import Game
from tests.engine.scenarios import Scenario, play_both_ways
from tests.engine.undoing import ERROR, ROOTS, UNDO, noted, undo, undone

SCENARIOS = [
    Scenario(
        "all completed activities of the scope are undone, the last first",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            par("j"),
            throw("t", undo()),
            user("c"),
            undone("a"),
            undone("b"),
            flows=["start f", "f a", "f b", "a j", "b j", "j t", "t c"],
        ),
        [
            ("start", "a b"),
            ("complete b", "a j+"),
            ("complete a", "t undo_a"),
            ("complete undo_a", "t undo_b"),
            ("complete undo_b", "c"),
            ("complete c", ""),
        ],
    ),
    Scenario(
        "one named activity is undone, as often as it was completed",
        draw(
            start(),
            user("a"),
            user("b"),
            node("endEvent", "t", undo("a")),
            undone("a"),
            undone("b"),
            flows=["start a", "a b", "b t"],
        ),
        [("start", "a"), ("complete a", "b"), ("complete b", "t undo_a"), ("complete undo_a", "")],
    ),
    Scenario(
        "what is not completed is not undone",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            throw("t", undo()),
            user("c"),
            undone("a"),
            flows=["start f", "f a", "f b", "b t", "t c"],
        ),
        [("start", "a b"), ("complete b", "a c"), ("complete a", "c"), ("complete c", "")],
    ),
    Scenario(
        "what is undone is not undone again",
        draw(
            start(),
            user("a"),
            throw("t", undo()),
            user("b"),
            throw("u", undo()),
            end(),
            undone("a"),
            flows=["start a", "a t", "t b", "b u", "u end"],
        ),
        [
            ("start", "a"),
            ("complete a", "t undo_a"),
            ("complete undo_a", "b"),
            ("complete b", ""),
        ],
    ),
    Scenario(
        "a thrower that does not wait goes on at once",
        draw(
            start(),
            user("a"),
            throw("t", undo(waits=False)),
            user("b"),
            undone("a"),
            flows=["start a", "a t", "t b"],
        ),
        [("start", "a"), ("complete a", "b t undo_a"), ("complete b", "t undo_a"), ("complete undo_a", "")],
    ),
    Scenario(
        "what another branch completes meanwhile is left as it is",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            throw("t", undo()),
            end(),
            undone("a"),
            undone("b"),
            flows=["start f", "f a", "f b", "a t", "t end"],
        ),
        [("start", "a b"), ("complete a", "b t undo_a"), ("complete b", "t undo_a"), ("complete undo_a", "")],
    ),
    Scenario(
        "a completed sub-process is undone from the inside",
        draw(
            start(),
            sub("s", start("s1"), user("a"), user("b"), undone("a"), undone("b"), flows=["s1 a", "a b"]),
            throw("t", undo("s")),
            user("c"),
            flows=["start s", "s t", "t c"],
        ),
        [
            ("start", "a s"),
            ("complete a", "b s"),
            ("complete b", "s t undo_b"),
            ("complete undo_b", "s t undo_a"),
            ("complete undo_a", "c"),
            ("complete c", ""),
        ],
    ),
    Scenario(
        "its own handler undoes a sub-process as a whole",
        draw(
            start(),
            sub("s", start("s1"), user("a"), undone("a"), flows=["s1 a"]),
            undone("s"),
            node("endEvent", "t", undo()),
            flows=["start s", "s t"],
        ),
        [("start", "a s"), ("complete a", "t undo_s"), ("complete undo_s", "")],
    ),
    Scenario(
        "an event sub-process undoes its scope, and may undo what is in it",
        draw(
            start(),
            sub(
                "s",
                start("s1"),
                user("a"),
                undone("a"),
                event_sub(
                    "h",
                    UNDO,
                    "hs",
                    user("first"),
                    node("endEvent", "he", undo("a")),
                    flows=["hs first", "first he"],
                ),
                flows=["s1 a"],
            ),
            throw("t", undo()),
            user("c"),
            flows=["start s", "s t", "t c"],
        ),
        [
            ("start", "a s"),
            ("complete a", "first h s t"),
            ("complete first", "h he s t undo_a"),
            ("complete undo_a", "c"),
            ("complete c", ""),
        ],
    ),
    Scenario(
        "an event sub-process that hears an error undoes what its scope has completed",
        draw(
            start(),
            sub(
                "s",
                start("s1"),
                user("a"),
                node("endEvent", "boom", ERROR),
                undone("a"),
                event_sub("h", ERROR, "hs", node("endEvent", "he", undo()), flows=["hs he"]),
                flows=["s1 a", "a boom"],
            ),
            user("c"),
            flows=["start s", "s c"],
            roots=ROOTS,
        ),
        [("start", "a s"), ("complete a", "h he s undo_a"), ("complete undo_a", "c"), ("complete c", "")],
    ),
    Scenario(
        "nothing to undo is no hindrance",
        draw(start(), throw("t", undo()), end(), flows=["start t", "t end"]),
        [("start", "")],
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)


@pytest.mark.parametrize("stored", [False, True])
def test_nested_scopes_are_undone_in_the_reverse_order_of_completion(stored: bool) -> None:
    game = Game(
        draw(
            start(),
            node("task", "a"),
            sub(
                "s",
                start("s1"),
                node("task", "b"),
                sub("t", start("t1"), node("task", "c"), noted("c"), flows=["t1 c"]),
                node("task", "d"),
                noted("b"),
                noted("d"),
                flows=["s1 b", "b t", "t d"],
            ),
            user("e"),
            node("endEvent", "stop", undo()),
            noted("a"),
            noted("e"),
            flows=["start a", "a s", "s e", "e stop"],
        ),
        stored=stored,
    )
    game.start(log=[])
    game.complete("e")
    assert game.state.variables["log"] == ["e", "d", "c", "b", "a"]
    assert game.ended_at is not None


THRICE = (
    '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>3</loopCardinality>'
    "</multiInstanceLoopCharacteristics>"
)


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize(
    ("inside", "log"),
    [
        (noted("a", "{log: append(log, loopCounter)}"), [3, 2, 1]),
        (
            event_sub(
                "h", UNDO, "hs", script("again", "{log: append(log, loopCounter)}"), flows=["hs again"]
            ),
            [3, 2, 1],
        ),
    ],
    ids=["handlers of activities", "event sub-process"],
)
def test_each_instance_of_a_sub_process_is_undone_with_its_own_data(
    inside: str, log: list[int], stored: bool
) -> None:
    game = Game(
        draw(
            start(),
            sub("s", THRICE, start("s1"), user("a"), inside, flows=["s1 a"]),
            node("endEvent", "stop", undo("s")),
            flows=["start s", "s stop"],
        ),
        stored=stored,
    )
    game.start(log=[])
    for _ in range(3):
        game.complete("a")
    assert game.state.variables["log"] == log
    assert game.ended_at is not None


def test_an_error_in_a_handler_is_caught_around_the_thrower() -> None:
    game = Game(
        draw(
            start(),
            node("task", "a"),
            undone("a", service("undo_a", isForCompensation="true")),
            sub("s", start("s1"), user("wait"), flows=["s1 wait"]),
            throw("t", undo()),
            event_sub("h", ERROR, "hs", user("rescue"), flows=["hs rescue"]),
            end(),
            flows=["start a", "a s", "s t", "t end"],
            roots=ROOTS,
        )
    )
    game.start()
    game.complete("wait")
    assert game.waiting() == "t undo_a"
    game.throw("undo_a", "E1")
    assert game.waiting() == "h rescue"


def test_a_handler_that_fails_is_retried_and_then_the_others_follow() -> None:
    game = Game(
        draw(
            start(),
            node("task", "a"),
            node("task", "b"),
            throw("t", undo()),
            end(),
            undone("b", service("undo_b", isForCompensation="true")),
            noted("a"),
            flows=["start a", "a b", "b t", "t end"],
        )
    )
    game.start(log=[])
    game.fail("undo_b")
    assert game.waiting() == "t undo_b!"
    game.retry("undo_b")
    game.complete("undo_b")
    assert game.state.variables["log"] == ["a"]
    assert game.ended_at is not None

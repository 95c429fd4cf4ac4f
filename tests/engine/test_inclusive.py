"""Inclusive gateways: they take every open way, and wait only for what may still come (BPMN 2.0.2, 13.4.3)."""

from typing import Any

import pytest

from tests.engine.drawing import (
    boundary,
    boundary_timer,
    catch,
    draw,
    end,
    node,
    par,
    start,
    sub,
    throw,
    user,
    xor,
)
from tests.engine.game import Game
from tests.engine.scenarios import Scenario, play_both_ways


def ior(node_id: str, **attributes: Any) -> str:
    return node("inclusiveGateway", node_id, **attributes)


def link(name: str) -> str:
    return f'<linkEventDefinition name="{name}"/>'


PAIR = draw(
    start(),
    ior("s", default="s-c"),
    user("a"),
    user("b"),
    user("c"),
    ior("j"),
    user("z"),
    flows=["start s", "s a: n > 0", "s b: n > 1", "s c", "a j", "b j", "c j", "j z"],
)
#: The way from `b` may lead to the join or past it.
PAST = draw(
    start(),
    par("f"),
    user("a"),
    user("b"),
    xor("x", default="x-past"),
    user("past"),
    ior("j"),
    user("z"),
    flows=["start f", "f a", "f b", "a j", "b x", "x j: n = 1", "x past", "j z"],
)
#: One of two branches gets to the join by a timer at its border only.
BY_BORDER = draw(
    start(),
    par("f"),
    user("a"),
    user("b"),
    boundary_timer("t", "b", "PT1H"),
    end(),
    ior("j"),
    user("z"),
    flows=["start f", "f a", "f b", "a j", "b end", "t j", "j z"],
)
SPLITS = [
    Scenario(
        "every flow that is true is taken, and the join waits for just these",
        PAIR,
        [(["start", {"n": 2}], "a b"), ("complete b", "a j+"), ("complete a", "z"), ("complete z", "")],
    ),
    Scenario(
        "a single way is not waited for",
        PAIR,
        [(["start", {"n": 1}], "a"), ("complete a", "z"), ("complete z", "")],
    ),
    Scenario(
        "the default is taken where nothing is true",
        PAIR,
        [(["start", {"n": 0}], "c"), ("complete c", "z"), ("complete z", "")],
    ),
    Scenario(
        "a split without a way out fails, and goes on once the variables allow it",
        draw(
            start(),
            par("f"),
            user("fix"),
            ior("s"),
            user("a"),
            flows=["start f", "f fix", "f s", "s a: n = 1"],
        ),
        [
            ("start", "fix s!"),
            ("retry s", "fix s!"),
            (["complete fix", {"n": 1}], "s!"),
            ("retry s", "a"),
            ("complete a", ""),
        ],
    ),
    Scenario(
        "a join whose choice fails keeps one token, that can be skipped by a named flow",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            ior("j"),
            user("y"),
            user("z"),
            flows=["start f", "f a", "f b", "a j", "b j", "j y: n = 1", "j z: n = 2"],
        ),
        [
            ("start", "a b"),
            ("complete a", "b j+"),
            ("complete b", "j!"),
            ("retry j", "j!"),
            ("skip j j-z", "z"),
            ("complete z", ""),
        ],
    ),
]
JOINS = [
    Scenario(
        "the join goes on as soon as the other token has gone past it",
        PAST,
        [
            ("start", "a b"),
            ("complete a", "b j+"),
            (["complete b", {"n": 0}], "past z"),
            ("complete z", "past"),
        ],
        ends=False,
    ),
    Scenario(
        "a token that dies elsewhere frees the join",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            xor("x", default="x-out"),
            end("out"),
            ior("j"),
            user("z"),
            flows=["start f", "f a", "f b", "a j", "b x", "x j: n = 1", "x out", "j z"],
        ),
        [("start", "a b"), ("complete a", "b j+"), (["complete b", {"n": 0}], "z"), ("complete z", "")],
    ),
    Scenario(
        "a token that can still come by a boundary event is waited for",
        BY_BORDER,
        [("start", "a b t"), ("complete a", "b j+ t"), ("fire t", "z"), ("complete z", "")],
    ),
    Scenario(
        "a boundary event that can no more happen is not",
        BY_BORDER,
        [("start", "a b t"), ("complete a", "b j+ t"), ("complete b", "z"), ("complete z", "")],
    ),
    Scenario(
        "a token that can still come through a link is waited for",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            throw("l1", link("l")),
            catch("l2", link("l")),
            ior("j"),
            user("z"),
            flows=["start f", "f a", "f b", "a j", "b l1", "l2 j", "j z"],
        ),
        [("start", "a b"), ("complete a", "b j+"), ("complete b", "z"), ("complete z", "")],
    ),
    Scenario(
        "a token inside a sub-process stands for the sub-process",
        draw(
            start(),
            par("f"),
            user("a"),
            sub("s", user("b")),
            ior("j"),
            user("z"),
            flows=["start f", "f a", "f s", "a j", "s j", "j z"],
        ),
        [("start", "a b s"), ("complete a", "b j+ s"), ("complete b", "z"), ("complete z", "")],
    ),
    Scenario(
        "two tokens on one flow go on one after the other",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            user("c"),
            xor("m"),
            ior("j"),
            user("z"),
            flows=["start f", "f a", "f b", "f c", "a m", "b m", "m j", "c j", "j z"],
        ),
        [
            ("start", "a b c"),
            ("complete a", "b c j+"),
            ("complete b", "c j+ j+"),
            ("complete c", "z z"),
            ("complete z", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "what may come either to an empty flow or behind a waiting token is not waited for",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            xor("x", default="x-m"),
            xor("m"),
            ior("j"),
            user("z"),
            flows=["start f", "f a", "f b", "a m", "b x", "x m", "x j: n = 1", "m j", "j z"],
        ),
        [
            ("start", "a b"),
            ("complete a", "b z"),
            ("complete z", "b"),
            ("complete b", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "what flows lead to an empty way is waited for, though an event could lead it behind a waiting token",
        draw(
            start(),
            user("a"),
            boundary_timer("b", "a", "PT1H", interrupting=False),
            ior("j"),
            user("z"),
            flows=["start a", "a j", "b j", "j z"],
        ),
        [("start", "a b"), ("later 60", "a j+"), ("complete a", "z"), ("complete z", "")],
    ),
    Scenario(
        "a join in a loop does not wait for what has to pass it first",
        draw(
            start(),
            ior("j"),
            user("a"),
            xor("x", default="x-end"),
            end(),
            flows=["start j", "j a", "a x", "x j: n = 1", "x end"],
        ),
        [("start", "a"), (["complete a", {"n": 1}], "a"), (["complete a", {"n": 0}], "")],
    ),
    Scenario(
        "an incident is waited for, and cancelling what it is about frees the join",
        draw(
            start(),
            par("f"),
            user("a"),
            sub("s", xor("x"), user("b"), flows=["x b: n = 1"]),
            boundary("t", "s", '<signalEventDefinition signalRef="sig"/>'),
            end(),
            ior("j"),
            user("z"),
            flows=["start f", "f a", "f s", "a j", "s j", "t end", "j z"],
            roots='<signal id="sig" name="stop"/>',
        ),
        [("start", "a s t x!"), ("complete a", "j+ s t x!"), ("deliver t", "z"), ("complete z", "")],
    ),
]


@pytest.mark.parametrize("scenario", [*SPLITS, *JOINS], ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)


def test_a_token_that_waits_can_be_sent_on_by_hand() -> None:
    game = Game(PAIR)
    game.start(n=2)
    game.complete("a")
    game.skip("j")
    assert game.waiting() == "b z"


def test_a_round_of_joins_that_never_rests_is_an_incident() -> None:
    game = Game(
        draw(
            start(),
            ior("j"),
            ior("k"),
            node("task", "t"),
            flows=["start j", "j k", "k j: true", "k t: false"],
        )
    )
    game.start()
    assert "endless loop" in game.live()[0].error

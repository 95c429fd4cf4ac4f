"""Patterns of control flow that people draw: splits, merges, choices."""

import pytest

from tests.engine.drawing import (
    boundary,
    draw,
    end,
    node,
    par,
    start,
    user,
    xor,
)
from tests.engine.scenarios import Scenario, play_both_ways

ROOTS = (
    '<signal id="sig" name="alarm"/><message id="msg" name="order"/><message id="other" name="other"/>'
    '<error id="e1" errorCode="E1"/>'
)
MESSAGE = '<messageEventDefinition messageRef="msg"/>'


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


@pytest.mark.parametrize("scenario", FLOW, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)

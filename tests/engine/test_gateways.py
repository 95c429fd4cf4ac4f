"""Gateways that choose, split and join; and how instances end."""

import pytest

from tests.engine.drawing import (
    boundary_timer,
    catch_timer,
    draw,
    end,
    node,
    par,
    script,
    start,
    sub,
    user,
    xor,
)
from tests.engine.scenarios import Scenario, play_both_ways

GATEWAYS = [
    Scenario(
        "the first true flow in the order of the document is taken",
        draw(
            start(),
            xor("x", default="x-d"),
            user("b"),
            user("c"),
            user("d"),
            flows=["start x", "x d", "x b: n > 1", "x c: n > 0"],
        ),
        [(["start", {"n": 5}], "b"), ("complete b", "")],
    ),
    Scenario(
        "the default flow is taken if none is true",
        draw(start(), xor("x", default="x-d"), user("b"), user("d"), flows=["start x", "x b: n > 1", "x d"]),
        [(["start", {"n": 1}], "d"), ("complete d", "")],
    ),
    Scenario(
        "without a true flow the gateway fails, and goes on once the variables allow it",
        draw(
            start(),
            par("f"),
            user("fix"),
            xor("x"),
            user("b"),
            flows=["start f", "f fix", "f x", "x b: n = 1"],
        ),
        [
            ("start", "fix x!"),
            ("retry x", "fix x!"),
            (["complete fix", {"n": 1}], "x!"),
            ("retry x", "b"),
            ("complete b", ""),
        ],
    ),
    Scenario(
        "a parallel gateway takes every flow, whatever conditions they have",
        draw(start(), par("f"), user("b"), user("c"), flows=["start f", "f b: n > 1", "f c: n > 1"]),
        [(["start", {"n": 1}], "b c"), ("complete b", "c"), ("complete c", "")],
    ),
    Scenario(
        "a process without start events begins at everything that no flow leads to",
        draw(user("a"), par("j"), user("b"), user("c"), flows=["a j", "b j", "j c"]),
        [("start", "a b"), ("complete a", "b j+"), ("complete b", "c"), ("complete c", "")],
    ),
    Scenario(
        "a failed gateway is skipped by the flow that is named",
        draw(
            start(),
            xor("x"),
            user("b"),
            user("c"),
            flows=["start x", "x b: n = 1", "x c: n = 2"],
        ),
        [("start", "x!"), ("skip x x-c", "c"), ("complete c", "")],
    ),
    Scenario(
        "an exclusive gateway lets every token through",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            xor("x"),
            user("c"),
            flows=["start f", "f a", "f b", "a x", "b x", "x c"],
        ),
        [
            ("start", "a b"),
            ("complete b", "a c"),
            ("complete a", "c c"),
            ("complete c", "c"),
            ("complete c", ""),
        ],
    ),
    Scenario(
        "a parallel join waits for a token on each flow",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            par("j"),
            user("c"),
            flows=["start f", "f a", "f b", "a j", "b j", "j c"],
        ),
        [("start", "a b"), ("complete b", "a j+"), ("complete a", "c"), ("complete c", "")],
    ),
    Scenario(
        "a parallel join takes one token of each flow and keeps the surplus",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            xor("x"),
            user("c"),
            par("j"),
            user("d"),
            flows=["start f", "f a", "f b", "f c", "a x", "b x", "x j", "c j", "j d"],
        ),
        [
            ("start", "a b c"),
            ("complete a", "b c j+"),
            ("complete b", "c j+ j+"),
            ("complete c", "d j+"),
            ("complete d", "j+"),
            ("skip j", "d"),
            ("complete d", ""),
        ],
    ),
    Scenario(
        "a loop runs until its condition is false",
        draw(
            start(),
            script("count", "{n: n + 1}"),
            xor("x", default="x-end"),
            end(),
            flows=["start count", "count x", "x count: n < 10", "x end"],
        ),
        [(["start", {"n": 0}], "")],
        variables={"n": 10},
    ),
]

ENDS = [
    Scenario(
        "the instance ends with its last token",
        draw(
            start(),
            par("f"),
            user("a"),
            user("b"),
            end("e1"),
            end("e2"),
            flows=["start f", "f a", "f b", "a e1", "b e2"],
        ),
        [("start", "a b"), ("complete a", "b"), ("complete b", "")],
    ),
    Scenario(
        "a terminate end event cancels everything",
        draw(
            start(),
            par("f"),
            user("a"),
            sub("s", user("b")),
            end("stop", terminate=True),
            boundary_timer("t", "s", "PT1H"),
            end(),
            flows=["start f", "f a", "f s", "a stop", "s end", "t end"],
        ),
        [("start", "a b s t"), ("complete a", "")],
    ),
    Scenario(
        "tokens on their way die with the instance",
        draw(
            start(),
            par("f"),
            end("stop", terminate=True),
            node("task", "never"),
            user("a"),
            flows=["start f", "f stop", "f never", "never a"],
        ),
        [("start", "")],
    ),
    Scenario(
        "inside a sub-process a terminate end event ends the sub-process only",
        draw(
            start(),
            sub(
                "s",
                start("s1"),
                par("f"),
                user("a"),
                user("b"),
                end("stop", terminate=True),
                flows=["s1 f", "f a", "f b", "a stop"],
            ),
            user("after"),
            end(),
            flows=["start s", "s after", "after end"],
        ),
        [("start", "a b s"), ("complete a", "after"), ("complete after", "")],
    ),
    Scenario(
        "cancelling ends everything",
        draw(
            start(),
            par("f"),
            sub("s", user("a")),
            catch_timer("t", "PT1H"),
            xor("x"),
            end(),
            flows=["start f", "f s", "f t", "f x", "x end: n", "s end", "t end"],
        ),
        [("start", "a s t x!"), ("cancel", "")],
    ),
]


@pytest.mark.parametrize("scenario", [*GATEWAYS, *ENDS], ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)

"""Sub-processes, and timers inside, between and on activities."""

import pytest

from tests.engine.drawing import (
    boundary_timer,
    catch_timer,
    draw,
    end,
    node,
    par,
    script,
    service,
    start,
    sub,
    user,
    xor,
)
from tests.engine.scenarios import Scenario, play_both_ways

SCOPES = [
    Scenario(
        "a sub-process ends when nothing is live inside",
        draw(
            start(),
            sub("s", start("s1"), par("f"), user("a"), user("b"), flows=["s1 f", "f a", "f b"]),
            user("c"),
            flows=["start s", "s c"],
        ),
        [("start", "a b s"), ("complete a", "b s"), ("complete b", "c"), ("complete c", "")],
    ),
    Scenario(
        "a sub-process without a start event begins at every node without incoming flows",
        draw(
            start(),
            sub("s", user("a"), user("b"), user("c"), flows=["a c"]),
            end(),
            flows=["start s", "s end"],
        ),
        [("start", "a b s"), ("complete a", "b c s"), ("complete b", "c s"), ("complete c", "")],
    ),
    Scenario(
        "an empty sub-process is passed",
        draw(start(), sub("s"), user("a"), flows=["start s", "s a"]),
        [("start", "a"), ("complete a", "")],
    ),
    Scenario(
        "sub-processes nest",
        draw(
            start(),
            sub("s", sub("t", sub("u", user("a")), end("te"), flows=["u te"])),
            end(),
            flows=["start s", "s end"],
        ),
        [("start", "a s t u"), ("complete a", "")],
    ),
    Scenario(
        "two activations of one sub-process join their own tokens only",
        draw(
            start(),
            par("f"),
            xor("x"),
            sub(
                "s",
                start("s1"),
                par("g"),
                user("a"),
                user("b"),
                par("j"),
                end("e"),
                flows=["s1 g", "g a", "g b", "a j", "b j", "j e"],
            ),
            node("task", "other"),
            flows=["start f", "f x", "f other", "other x", "x s"],
        ),
        [
            ("start", "a a b b s s"),
            ("complete a", "a b b j+ s s"),
            ("complete a", "b b j+ j+ s s"),
            ("complete b", "b j+ s"),
            ("complete b", ""),
        ],
    ),
    Scenario(
        "skipping a sub-process cancels what is inside",
        draw(start(), sub("s", sub("t", user("a"))), user("b"), flows=["start s", "s b"]),
        [("start", "a s t"), ("skip s", "b"), ("complete b", "")],
    ),
]

TIMERS = [
    Scenario(
        "a timer event waits for its duration",
        draw(start(), catch_timer("t", "PT30M"), user("a"), flows=["start t", "t a"]),
        [("start", "t"), ("later 29", "t"), ("later 1", "a"), ("complete a", "")],
    ),
    Scenario(
        "a timer event waits for its date",
        draw(
            start(),
            catch_timer("t", "2030-01-07T10:00:00Z", "timeDate"),
            end(),
            flows=["start t", "t end"],
        ),
        [("start", "t"), ("later 59", "t"), ("later 1", "")],
    ),
    Scenario(
        "the duration may be an expression",
        draw(start(), catch_timer("t", '= duration("PT" + wait + "M")'), end(), flows=["start t", "t end"]),
        [(["start", {"wait": "5"}], "t"), ("later 4", "t"), ("later 1", "")],
    ),
    Scenario(
        "an expression that is no duration is an incident",
        draw(start(), catch_timer("t", "= wait"), end(), flows=["start t", "t end"]),
        [(["start", {"wait": "soon"}], "t!"), ("retry t", "t!"), ("skip t", "")],
    ),
    Scenario(
        "an interrupting boundary timer cancels the task",
        draw(
            start(),
            user("a"),
            boundary_timer("t", "a", "PT1H"),
            user("late"),
            end(),
            flows=["start a", "a end", "t late"],
        ),
        [("start", "a t"), ("later 60", "late"), ("complete late", "")],
    ),
    Scenario(
        "the subscription goes with the task that is done in time",
        draw(
            start(),
            user("a"),
            boundary_timer("t", "a", "PT1H"),
            user("late"),
            user("b"),
            flows=["start a", "a b", "t late"],
        ),
        [("start", "a t"), ("complete a", "b"), ("later 120", "b"), ("complete b", "")],
    ),
    Scenario(
        "an interrupting boundary timer on a sub-process cancels all inside",
        draw(
            start(),
            sub("s", sub("i", user("a")), user("b")),
            boundary_timer("t", "s", "PT1H"),
            user("late"),
            flows=["start s", "t late"],
        ),
        [("start", "a b i s t"), ("later 60", "late"), ("complete late", "")],
    ),
    Scenario(
        "a non-interrupting boundary timer fires once beside the task",
        draw(
            start(),
            user("a"),
            boundary_timer("t", "a", "PT1H", interrupting=False),
            user("remind"),
            flows=["start a", "t remind"],
        ),
        [
            ("start", "a t"),
            ("later 60", "a remind"),
            ("later 600", "a remind"),
            ("complete a", "remind"),
            ("complete remind", ""),
        ],
    ),
    Scenario(
        "a repeating boundary timer fires as often as it says",
        draw(
            start(),
            user("a"),
            boundary_timer("t", "a", "R2/PT1H", "timeCycle", interrupting=False),
            script("count", "{n: n + 1}"),
            end(),
            flows=["start a", "t count", "count end", "a end"],
        ),
        [
            (["start", {"n": 0}], "a t"),
            ("later 60", "a t"),
            ("later 60", "a"),
            ("later 600", "a"),
            ("complete a", ""),
        ],
        variables={"n": 2},
    ),
    Scenario(
        "an endless repeating boundary timer goes on as long as the task",
        draw(
            start(),
            user("a"),
            boundary_timer("t", "a", "R/PT1H", "timeCycle", interrupting=False),
            script("count", "{n: n + 1}"),
            end(),
            flows=["start a", "t count", "count end", "a end"],
        ),
        [(["start", {"n": 0}], "a t"), ("later 300", "a t"), ("complete a", "")],
        variables={"n": 5},
    ),
    Scenario(
        "a subscription that cannot be evaluated fails alone",
        draw(
            start(),
            user("a"),
            boundary_timer("t", "a", "= missing"),
            end(),
            flows=["start a", "a end", "t end"],
        ),
        [("start", "a t!"), ("complete a", "")],
    ),
    Scenario(
        "a boundary timer interrupts a failed service",
        draw(
            start(),
            service("s"),
            boundary_timer("t", "s", "PT1H"),
            user("by_hand"),
            flows=["start s", "t by_hand"],
        ),
        [("start", "s t"), ("fail s", "s! t"), ("later 60", "by_hand"), ("complete by_hand", "")],
    ),
    Scenario(
        "a retried service keeps its subscriptions as they are",
        draw(
            start(),
            service("s"),
            boundary_timer("t", "s", "PT1H", interrupting=False),
            end(),
            flows=["start s", "t end", "s end"],
        ),
        [("start", "s t"), ("later 60", "s"), ("fail s", "s!"), ("retry s", "s"), ("complete s", "")],
    ),
]


@pytest.mark.parametrize("scenario", [*SCOPES, *TIMERS], ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)

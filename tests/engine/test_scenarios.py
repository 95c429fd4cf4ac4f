"""Every construct, played twice: in one go, and with all live steps stored as rows between the moves."""

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
from tests.engine.scenarios import Scenario, play

TASKS = [
    Scenario(
        "a person's answer is a variable named like the element",
        draw(start(), user("a"), end(), flows=["start a", "a end"]),
        [("start", "a"), (["complete a yes", {"amount": 5}], "")],
        variables={"a": "yes", "amount": 5},
    ),
    Scenario(
        "plain and manual tasks and none events are passed",
        draw(
            start(),
            node("task", "t"),
            node("manualTask", "m"),
            node("intermediateThrowEvent", "here"),
            end(),
            flows=["start t", "t m", "m here", "here end"],
        ),
        [("start", "")],
    ),
    Scenario(
        "a script that yields a context assigns each entry",
        draw(start(), script("s", "{total: a + b, big: a > 1}"), end(), flows=["start s", "s end"]),
        [(["start", {"a": 2, "b": 3}], "")],
        variables={"total": 5, "big": True},
    ),
    Scenario(
        "a script with a result variable assigns the whole",
        draw(
            start(),
            script("s", "{total: 1}", portal_resultVariable="sum", scriptFormat="feel"),
            end(),
            flows=["start s", "s end"],
        ),
        [("start", "")],
        variables={"sum": {"total": 1}},
    ),
    Scenario(
        "a script that has no value fails, is retried in vain, and can be skipped",
        draw(start(), script("s", "1 / n", portal_resultVariable="x"), user("u"), flows=["start s", "s u"]),
        [(["start", {"n": 0}], "s!"), ("retry s", "s!"), ("skip s", "u"), ("complete u", "")],
    ),
    Scenario(
        "a service waits for its worker and merges what it returns",
        draw(start(), service("s"), end(), flows=["start s", "s end"]),
        [("start", "s"), (["complete s", {"rate": 3}], "")],
        variables={"rate": 3},
    ),
    Scenario(
        "a service with a result variable keeps its result there",
        draw(start(), service("s", portal_resultVariable="r"), end(), flows=["start s", "s end"]),
        [("start", "s"), ("complete s ok", "")],
        variables={"r": "ok"},
    ),
    Scenario(
        "a failed service is retried, fails again, and is completed at last",
        draw(start(), service("s"), end(), flows=["start s", "s end"]),
        [
            ("start", "s"),
            ("fail s", "s!"),
            ("retry s", "s"),
            ("fail s", "s!"),
            ("retry s", "s"),
            ("complete s", ""),
        ],
    ),
    Scenario(
        "a pending step can be skipped with a result",
        draw(start(), user("a"), user("b"), flows=["start a", "a b: a = 'no'".replace("'", '"')]),
        [("start", "a"), ("skip a no", "b"), ("complete b", "")],
        variables={"a": "no"},
    ),
]

FLOWS = [
    Scenario(
        "several flows out of a task fork",
        draw(start(), user("a"), user("b"), user("c"), flows=["start a", "a b", "a c"]),
        [("start", "a"), ("complete a", "b c"), ("complete b", "c"), ("complete c", "")],
    ),
    Scenario(
        "several flows into a task run it once for each token",
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
        "conditional flows out of a task: all that are true, the default only if none is",
        draw(
            start(),
            user("a", default="a-d"),
            user("b"),
            user("c"),
            user("d"),
            flows=["start a", "a b: n > 1", "a c: n > 2", "a d"],
        ),
        [("start", "a"), (["complete a", {"n": 5}], "b c"), ("complete b", "c"), ("complete c", "")],
    ),
    Scenario(
        "the default flow out of a task is taken if no condition is true",
        draw(
            start(),
            user("a", default="a-d"),
            user("b"),
            user("d"),
            flows=["start a", "a b: n > 1", "a d"],
        ),
        [("start", "a"), (["complete a", {"n": 0}], "d"), ("complete d", "")],
    ),
    Scenario(
        "a finished task whose token no flow accepts is not asked again",
        draw(start(), user("a"), user("b"), user("c"), flows=["start a", "a b: n > 1", "a c: n > 2", "c b"]),
        [
            ("start", "a"),
            (["complete a", {"n": 0}], "a!"),
            ("retry a", "a!"),
            ("skip a a-c", "c"),
            ("complete c", "b"),
            ("complete b", ""),
        ],
    ),
]

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

ALL = [*TASKS, *FLOWS, *GATEWAYS, *ENDS, *SCOPES, *TIMERS]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    in_one_go = play(scenario, stored=False)
    by_rows = play(scenario, stored=True)
    assert in_one_go.trace == by_rows.trace
    assert in_one_go.events == by_rows.events
    assert in_one_go.state.variables == by_rows.state.variables

"""Tasks of every sort, and flows that fork, meet and choose without a gateway."""

import pytest

from tests.engine.drawing import draw, end, node, par, script, service, start, user
from tests.engine.scenarios import Scenario, play_both_ways

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


@pytest.mark.parametrize("scenario", [*TASKS, *FLOWS], ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)

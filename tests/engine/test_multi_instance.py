"""Multi-instance activities whose instances run at the same time (BPMN 2.0.2, 13.3.7)."""

import pytest

from tests.engine.drawing import (
    association,
    boundary,
    boundary_timer,
    draw,
    end,
    node,
    par,
    script,
    start,
    sub,
    throw,
    user,
)
from tests.engine.repeating import ERROR, SIGNAL, alone, multi, repeated
from tests.engine.scenarios import Scenario, play_both_ways

SCENARIOS = [
    Scenario(
        "all instances run at once, and the last one sends the token on",
        alone(user("a", multi(number=3))),
        [
            ("start", "a a a a*"),
            ("complete a", "a a a*"),
            ("complete a", "a a*"),
            ("complete a", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "automatic instances are done in one go",
        alone(repeated(script("a", "{n: n + loopCounter}"), multi(number=3))),
        [(["start", {"n": 0}], "z"), ("complete z", "")],
        variables={"n": 6},
    ),
    Scenario(
        "no instance at all passes at once",
        alone(user("a", multi(number=0))),
        [("start", "z"), ("complete z", "")],
        variables={"a": []},
    ),
    Scenario(
        "answers are collected in the order of the items, whatever the order in which they come",
        alone(
            user(
                "a",
                multi(portal_collection="=people", portal_item="person", portal_output="said"),
                portal_hint="=person",
            )
        ),
        [
            (["start", {"people": ["x", "y"]}], "a a a*"),
            ("skip a", "a a*"),
            ("complete a later", "z"),
            ("complete z", ""),
        ],
        variables={"said": [None, "later"]},
    ),
    Scenario(
        "a number of instances that makes no sense is an incident",
        alone(user("a", multi(number="n"))),
        [(["start", {"n": "many"}], "a!"), (["set", {"n": 1}], "a!"), ("retry a", "a a*"), ("cancel", "")],
    ),
    Scenario(
        "so are a collection that is none, a negative number, and far too many",
        draw(
            start(),
            par("f"),
            user("a", multi(portal_collection="=n")),
            user("b", multi(number="-1")),
            user("c", multi(number="10001")),
            user("d", multi()),
            flows=["start f", "f a", "f b", "f c", "f d"],
        ),
        [(["start", {"n": 1}], "a! b! c! d!"), ("cancel", "")],
    ),
    Scenario(
        "the completion condition ends what is left",
        alone(user("a", multi(number=3, until="nrOfCompletedInstances &gt;= 2"))),
        [("start", "a a a a*"), ("complete a", "a a a*"), ("complete a", "z"), ("complete z", "")],
    ),
    Scenario(
        "the completion condition knows the names of the standard, and sees what an instance sees",
        alone(
            user(
                "a",
                multi(number=3, until='numberOfActiveInstances = 1 or a = "no"'),
            )
        ),
        [("start", "a a a a*"), ("complete a yes", "a a a*"), ("complete a no", "z"), ("complete z", "")],
        variables={"a": ["yes", "no", None]},
    ),
    Scenario(
        "a completion condition that fails is an incident of the whole, and is asked again",
        alone(user("a", multi(number=2, until="sum(for i in 1..limit return i) &gt; 0"))),
        [
            (["start", {"limit": 100000000}], "a a a*"),
            ("complete a", "a a!"),
            ("complete a", "a!"),
            (["set", {"limit": 1}], "a!"),
            ("retry a", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "boundary events belong to the whole",
        alone(
            user("a", multi(number=2)),
            boundary_timer("t", "a", "PT1H"),
            boundary_timer("r", "a", "R/PT40M", "timeCycle", interrupting=False),
            user("reminded"),
            user("late"),
            flows=("r reminded", "t late"),
        ),
        [
            ("start", "a a a* r t"),
            ("later 45", "a a a* r reminded t"),
            ("later 20", "late reminded"),
            ("cancel", ""),
        ],
    ),
    Scenario(
        "an error in one instance ends all",
        alone(
            sub("a", multi(number=3), user("b"), node("endEvent", "wrong", ERROR), flows=["b wrong"]),
            boundary("c", "a", ERROR),
            user("mend"),
            flows=("c mend",),
        ),
        [("start", "a a a a* b b b"), ("complete b", "mend"), ("complete mend", "")],
    ),
    Scenario(
        "so does an error of a worker",
        alone(
            node("serviceTask", "a", multi(number=2), portal_service="post"),
            boundary("c", "a", ERROR),
            user("mend"),
            flows=("c mend",),
        ),
        [("start", "a a a*"), ("throw a E", "mend"), ("complete mend", "")],
    ),
    Scenario(
        "terminate ends one instance",
        alone(
            sub(
                "a",
                multi(number=2),
                start("as"),
                par("f"),
                user("b"),
                user("c"),
                end("stop", terminate=True),
                flows=["as f", "f b", "f c", "b stop"],
            )
        ),
        [("start", "a a a* b b c c"), ("complete b", "a a* b c"), ("complete b", "z"), ("complete z", "")],
    ),
    Scenario(
        "a failed instance is retried alone",
        alone(node("serviceTask", "a", multi(number=2), portal_service="post")),
        [
            ("start", "a a a*"),
            ("fail a", "a a! a*"),
            ("retry a", "a a a*"),
            ("complete a", "a a*"),
            ("complete a", "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "receive tasks take a message each",
        alone(node("receiveTask", "a", multi(number=2), messageRef="m")),
        [("start", "a a a*"), ("deliver a", "a a*"), ("deliver a", "z"), ("complete z", "")],
    ),
    Scenario(
        "call activities return one by one",
        alone(node("callActivity", "a", multi(number=2), calledElement="other")),
        [("start", "a a a*"), ("come_back a", "a a*"), ("come_back a", "z"), ("complete z", "")],
    ),
    Scenario(
        "two tokens have a body each",
        draw(
            start(),
            par("f"),
            user("x"),
            user("y"),
            user("a", multi(number=2)),
            flows=["start f", "f x", "f y", "x a", "y a"],
        ),
        [("start", "x y"), ("complete x", "a a a* y"), ("complete y", "a a a a a* a*"), ("cancel", "")],
    ),
    Scenario(
        "an inclusive join waits for the whole",
        draw(
            start(),
            par("f"),
            user("u"),
            user("a", multi(number=1)),
            node("inclusiveGateway", "j"),
            user("z"),
            flows=["start f", "f u", "f a", "u j", "a j", "j z"],
        ),
        [("start", "a a* u"), ("complete u", "a a* j+"), ("complete a", "z"), ("complete z", "")],
    ),
    Scenario(
        "each instance of a cancelled transaction leaves the whole",
        alone(
            node(
                "transaction",
                "a",
                multi(number=2)
                + user("b")
                + node("endEvent", "no", "<cancelEventDefinition/>")
                + node("sequenceFlow", "b-no", sourceRef="b", targetRef="no"),
            ),
            boundary("c", "a", "<cancelEventDefinition/>"),
            user("mend"),
            flows=("c mend",),
        ),
        [("start", "a a a* b b"), ("complete b", "mend"), ("complete mend", "")],
    ),
    Scenario(
        "every instance is undone, the last completed first",
        alone(
            user("a", multi(portal_collection="=[1, 2]")),
            boundary("on", "a", "<compensateEventDefinition/>"),
            user("undo", isForCompensation="true"),
            association("on", "undo"),
            throw("t", "<compensateEventDefinition/>"),
            end(),
            flows=("z t", "t end"),
        ),
        [
            ("start", "a a a*"),
            ("complete a", "a a*"),
            ("complete a", "z"),
            ("complete z", "a t undo"),
            ("complete undo", "a t undo"),
            ("complete undo", ""),
        ],
    ),
    Scenario(
        "a signal thrown by an instance may interrupt the whole",
        alone(
            sub("a", multi(number=2), throw("t", SIGNAL), user("b"), flows=["t b"]),
            boundary("c", "a", SIGNAL),
            user("mend"),
            flows=("c mend",),
        ),
        [("start", "mend"), ("complete mend", "")],
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)

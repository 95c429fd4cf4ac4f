"""Activities done one time after the other, and what any repetition says and costs (BPMN 2.0.2, 13.3.6 and 13.3.7)."""

import sys
from typing import Any

import pytest

from processes.engine.effects import Complete, Start
from processes.engine.execute import execute
from processes.engine.state import State
from tests.engine.drawing import (
    draw,
    extended,
    node,
    script,
    start,
    sub,
    user,
)
from tests.engine.game import MORNING, Game
from tests.engine.repeating import alone, loop, multi, repeated
from tests.engine.scenarios import Scenario, play_both_ways

LOOPS = [
    Scenario(
        "a loop goes on as long as its condition holds",
        alone(user("a", loop("again"))),
        [
            ("start", "a a*"),
            (["complete a", {"again": True}], "a a*"),
            (["complete a", {"again": False}], "z"),
            ("complete z", ""),
        ],
    ),
    Scenario(
        "a loop that tests before may not be done at all",
        alone(user("a", loop("n &lt; 1", testBefore="true"))),
        [(["start", {"n": 1}], "z"), ("complete z", "")],
    ),
    Scenario(
        "a loop that tests before may be done",
        alone(user("a", loop("n &lt; 1", testBefore="true"))),
        [(["start", {"n": 0}], "a a*"), (["complete a", {"n": 1}], "z"), ("complete z", "")],
    ),
    Scenario(
        "a loop stops at its maximum",
        alone(repeated(script("a", "{n: n + 1}"), loop("true", loopMaximum="3"))),
        [(["start", {"n": 0}], "z"), ("complete z", "")],
        variables={"n": 3},
    ),
    Scenario(
        "the counter may decide",
        alone(user("a", loop("loopCounter &lt; 2"))),
        [("start", "a a*"), ("complete a", "a a*"), ("complete a", "z"), ("complete z", "")],
    ),
    Scenario(
        "a sub-process is repeated as a whole",
        alone(sub("a", loop("n &lt; 2"), script("s", "{n: n + 1}"), user("b"), flows=["s b"])),
        [(["start", {"n": 0}], "a a* b"), ("complete b", "a a* b"), ("complete b", "z"), ("complete z", "")],
        variables={"n": 2},
    ),
    Scenario(
        "skipping one time is not skipping the loop",
        alone(user("a", loop("loopCounter &lt; 2"))),
        [("start", "a a*"), ("skip a", "a a*"), ("skip a", "z"), ("complete z", "")],
    ),
]
SEQUENTIAL = [
    Scenario(
        "one instance after the other",
        alone(user("a", multi(number=2, sequential=True))),
        [("start", "a a*"), ("skip a", "a a*"), ("complete a", "z"), ("complete z", "")],
    ),
    Scenario(
        "automatic instances follow each other in one go",
        alone(
            repeated(
                script("a", "{text: text + word}"),
                multi(sequential=True, portal_collection="=words", portal_item="word"),
            )
        ),
        [(["start", {"text": "", "words": ["a", "b", "c"]}], "z"), ("complete z", "")],
        variables={"text": "abc"},
    ),
    Scenario(
        "the completion condition is asked between two",
        alone(user("a", multi(number=3, sequential=True, until='a = "no"'))),
        [("start", "a a*"), ("complete a yes", "a a*"), ("complete a no", "z"), ("complete z", "")],
        variables={"a": ["yes", "no", None]},
    ),
    Scenario(
        "each instance has its item and its counter",
        alone(
            sub(
                "a",
                multi(
                    sequential=True,
                    portal_collection="=people",
                    portal_item="person",
                    portal_output="out",
                    portal_outputItem="=person + string(loopCounter)",
                ),
                user("b"),
            )
        ),
        [
            (["start", {"people": ["x", "y"]}], "a a* b"),
            ("complete b", "a a* b"),
            ("complete b", "z"),
            ("complete z", ""),
        ],
        variables={"out": ["x1", "y2"]},
    ),
    Scenario(
        "the list is the one of the beginning",
        alone(
            user(
                "a",
                multi(sequential=True, portal_collection="=people", portal_item="p", portal_outputItem="=p"),
            )
        ),
        [
            (["start", {"people": ["x", "y"]}], "a a*"),
            (["complete a", {"people": []}], "a a*"),
            ("complete a", "z"),
            ("complete z", ""),
        ],
        variables={"a": ["x", "y"], "people": []},
    ),
]


@pytest.mark.parametrize("scenario", [*LOOPS, *SEQUENTIAL], ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)


@pytest.mark.parametrize(
    "marker",
    [
        multi(camunda_collection="people", camunda_elementVariable="person"),
        multi(flowable_collection="${people}", flowable_elementVariable="person"),
        multi(extended('<zeebe:loopCharacteristics inputCollection="=people" inputElement="person"/>')),
        multi("<loopDataInputRef>people</loopDataInputRef>" + node("inputDataItem", "person")),
        multi("<loopDataInputRef>into</loopDataInputRef>" + node("inputDataItem", "i", name="person")),
    ],
    ids=["camunda", "flowable", "zeebe", "standard", "standard with data"],
)
def test_the_collection_may_be_said_in_the_words_of_others(marker: str) -> None:
    data = (
        '<ioSpecification><dataInput id="into"/><inputSet/><outputSet/></ioSpecification>'
        "<dataInputAssociation><sourceRef>ref</sourceRef><targetRef>into</targetRef></dataInputAssociation>"
    )
    game = Game(
        draw(
            start(),
            '<dataObjectReference id="ref" dataObjectRef="object"/><dataObject id="object" name="people"/>',
            user("a", data + marker, portal_assignee="=person"),
            flows=["start a"],
        )
    )
    game.start(people=["x", "y"])
    assert [step.settings.get("assignee") for step in game.live()] == [None, "x", "y"]


def test_the_outputs_may_be_said_in_the_words_of_others() -> None:
    marker = multi(
        extended(
            '<zeebe:loopCharacteristics inputCollection="=[1, 2]" inputElement="i" outputCollection="squares" '
            'outputElement="=i * i"/>'
        )
    )
    game = Game(draw(start(), repeated(script("a", "i"), marker), user("z"), flows=["start a", "a z"]))
    game.start()
    assert game.state.variables["squares"] == [1, 4]


def test_an_endless_loop_is_an_incident() -> None:
    game = Game(alone(repeated(node("task", "a"), loop("true"))))
    game.start()
    assert "endless loop" in game.find("a").error


def test_work_grows_with_the_number_of_instances_and_no_faster() -> None:
    few, many = (lines_of(number) for number in (400, 2000))
    assert many < few * 6


def lines_of(number: int) -> int:
    """How much of the engine runs while that many automatic instances are born and die."""
    definition = alone(repeated(script("a", "{n: loopCounter}"), multi(number=number, portal_output="all")))
    counted = 0

    def trace(frame: Any, event: str, _arg: Any) -> Any:
        nonlocal counted
        counted += event in ("call", "line")
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        outcome = execute(definition, State(), Start(), MORNING)
    finally:
        sys.settrace(before)
    assert len(outcome.opened) == number + 3
    return counted


def test_ten_thousand_people_may_be_asked_at_once() -> None:
    definition = alone(user("a", multi(number=10_000)))
    outcome = execute(definition, State(), Start(), MORNING)
    steps = {step.id: step for step in outcome.opened if step.is_live}
    assert len(steps) == 10_001
    state = State(steps=steps)
    body = next(step.id for step in steps.values() if step.scope_id is None)
    outcome = execute(definition, state, Complete(min(steps), "yes"), MORNING)
    assert [step.id for step in outcome.closed] == [min(steps)]
    assert [step.id for step in outcome.changed] == [body]
    assert outcome.changed[0].variables["nrOfActiveInstances"] == 9_999

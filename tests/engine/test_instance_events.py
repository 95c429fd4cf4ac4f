"""What multi-instance activities throw when an instance is through (BPMN 2.0.2, table 10.30)."""

import pytest

from processes.engine.model import Definition
from tests.engine.drawing import boundary, draw, look, start, user, xml
from tests.engine.repeating import multi
from tests.engine.scenarios import Scenario, play_both_ways

EVENTS = {
    "signal": '<signalEventDefinition id="thrown" signalRef="sig"/>',
    "escalation": '<escalationEventDefinition id="thrown" escalationRef="esc"/>',
    "error": '<errorEventDefinition id="thrown" errorRef="e"/>',
}
SIGNAL = '<signalEventDefinition signalRef="sig"/>'
ROOTS = (
    '<signal id="sig" name="one done"/><escalation id="esc" escalationCode="X"/><error id="e" errorCode="E"/>'
)


def counted(behavior: str, inside: str = "", *, event: str = "signal", **options: bool) -> Definition:
    """Three instances; what they throw is caught at their border."""
    kept = {f"{behavior.lower()}BehaviorEventRef": "thrown"} if behavior in ("None", "One") else {}
    return draw(
        start(),
        user("a", multi(inside, number=3, behavior=behavior, **kept)),
        boundary("b", "a", EVENTS[event].replace(' id="thrown"', ""), **options),
        user("x"),
        user("z"),
        flows=["start a", "b x", "a z"],
        roots=ROOTS + EVENTS[event],
    )


def complex_behavior(condition: str) -> str:
    return (
        f"<complexBehaviorDefinition><condition>{condition}</condition>"
        f'<event id="told">{SIGNAL}</event></complexBehaviorDefinition>'
    )


SCENARIOS = [
    Scenario(
        "none: each instance tells that it is through",
        counted("None", interrupting=False),
        [
            ("start", "a a a a* b"),
            ("complete a", "a a a* b x"),
            ("complete a", "a a* b x x"),
            ("complete a", "x x x z"),
            ("cancel", ""),
        ],
    ),
    Scenario(
        "one: only the first does",
        counted("One", interrupting=False),
        [
            ("start", "a a a a* b"),
            ("complete a", "a a a* b x"),
            ("complete a", "a a* b x"),
            ("complete a", "x z"),
            ("cancel", ""),
        ],
    ),
    Scenario(
        "all: nobody does",
        counted("All", interrupting=False),
        [("start", "a a a a* b"), ("complete a", "a a a* b"), ("cancel", "")],
    ),
    Scenario(
        "complex: those for which the condition holds",
        counted("Complex", complex_behavior("numberOfCompletedInstances = 2"), interrupting=False),
        [
            ("start", "a a a a* b"),
            ("complete a", "a a a* b"),
            ("complete a", "a a* b x"),
            ("complete a", "x z"),
            ("cancel", ""),
        ],
    ),
    Scenario(
        "an event that interrupts ends what is left, as of any boundary event",
        counted("One"),
        [("start", "a a a a* b"), ("complete a", "x"), ("complete x", "")],
    ),
    Scenario(
        "an escalation is caught at the border, too",
        counted("None", event="escalation", interrupting=False),
        [("start", "a a a a*"), ("complete a", "a a a* x"), ("complete a", "a a* x x"), ("cancel", "")],
    ),
    Scenario(
        "an error ends all",
        counted("One", event="error"),
        [("start", "a a a a*"), ("complete a", "x"), ("complete x", "")],
    ),
    Scenario(
        "a condition that cannot be evaluated is an incident of the whole",
        counted("Complex", complex_behavior("sum(for i in 1..limit return i) &gt; 0"), interrupting=False),
        [(["start", {"limit": 100000000}], "a a a a* b"), ("complete a", "a a a! b"), ("cancel", "")],
    ),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    play_both_ways(scenario)


def test_an_event_that_is_not_in_the_file_is_missed() -> None:
    marker = multi(number=3, behavior="One", oneBehaviorEventRef="gone")
    _, codes = look(xml(start(), user("a", marker), flows=["start a"]))
    assert "event_reference" in codes

"""Diagrams and moves in one line each: what is waited for, what undoes what, what is live after each move."""

from typing import Any

import pytest

from tests.engine.drawing import association, boundary, draw, node, start, timer, user
from tests.engine.scenarios import Scenario

ROOTS = (
    '<message id="m1" name="m1"/><signal id="s1" name="s1"/>'
    '<error id="e1" errorCode="E"/><error id="e2" errorCode="F"/><escalation id="up" escalationCode="U"/>'
)
MESSAGE, SIGNAL = '<messageEventDefinition messageRef="m1"/>', '<signalEventDefinition signalRef="s1"/>'
ERROR, ERROR2 = ('<errorEventDefinition errorRef="%s"/>' % key for key in ("e1", "e2"))  # noqa: UP031
ESCALATION, COMPENSATE = '<escalationEventDefinition escalationRef="up"/>', "<compensateEventDefinition/>"
CANCEL, LINK = "<cancelEventDefinition/>", '<linkEventDefinition name="L"/>'
HOUR = timer("timeDuration", "PT1H")


def many(number: int, more: str = "", **attributes: Any) -> str:
    inside = f"<loopCardinality>{number}</loopCardinality>{more}"
    return node("multiInstanceLoopCharacteristics", "many", inside, **attributes)


def undone(activity: str) -> str:
    """A handler `u...` bound to the activity."""
    on, handler = f"on-{activity}", f"u{activity}"
    return (
        boundary(on, activity, COMPENSATE)
        + user(handler, isForCompensation="true")
        + association(on, handler)
    )


def probe(name: str, *nodes: str, flows: str, moves: str, ends: bool = False, **variables: Any) -> Any:
    """Flows are separated by `;`. Moves are `move > what is live`, by `|`; `set x 1` sets a number."""
    steps: list[tuple[Any, str]] = []
    for number, each in enumerate(moves.split(" | ")):
        move, _, live = (part.strip() for part in each.partition(">"))
        verb, *words = move.split()
        if verb == "set":
            steps.append((["set", {words[0]: int(words[1])}], live))
        else:
            steps.append(([move, variables] if number == 0 else move, live))
    drawn = draw(start(), *nodes, flows=[each.strip() for each in flows.split(";")], roots=ROOTS)
    return pytest.param(Scenario(name, drawn, steps, ends=ends), id=name)

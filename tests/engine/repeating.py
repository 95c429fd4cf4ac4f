"""Diagrams with one activity that is done several times."""

from itertools import count
from typing import Any

from processes.engine.model import Definition
from tests.engine.drawing import (
    draw,
    node,
    start,
    user,
)

#: Every id of a diagram is different.
NUMBERS = count()
SIGNAL = '<signalEventDefinition signalRef="sig"/>'
ROOTS = '<error id="e" errorCode="E"/><signal id="sig" name="go"/><message id="m" name="hello"/>'
ERROR = '<errorEventDefinition errorRef="e"/>'


def loop(condition: str = "", **attributes: Any) -> str:
    said = f"<loopCondition>{condition}</loopCondition>" if condition else ""
    return node("standardLoopCharacteristics", f"loop{next(NUMBERS)}", said, **attributes)


def multi(
    inside: str = "", *, number: Any = "", until: str = "", sequential: bool = False, **attributes: Any
) -> str:
    said = f"<loopCardinality>{number}</loopCardinality>" if number != "" else ""
    said += f"<completionCondition>{until}</completionCondition>" if until else ""
    order = "true" if sequential else "false"
    return node(
        "multiInstanceLoopCharacteristics",
        f"mi{next(NUMBERS)}",
        inside + said,
        isSequential=order,
        **attributes,
    )


def alone(activity: str, *beside: str, flows: tuple[str, ...] = ()) -> Definition:
    """The activity `a`, and `z` after it."""
    return draw(start(), activity, user("z"), *beside, flows=["start a", "a z", *flows], roots=ROOTS)


def repeated(activity: str, marker: str) -> str:
    """The activity with a marker before all else that it has inside."""
    head, rest = activity.split(">", 1)
    return f"{head}>{marker}{rest}"

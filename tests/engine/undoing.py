"""Compensation in few words: what undoes an activity, and who asks for it."""

from tests.engine.drawing import association, boundary, script, user

UNDO = "<compensateEventDefinition/>"
ROOTS = '<error id="e1" errorCode="E1"/><signal id="sig" name="alarm"/>'
ERROR = '<errorEventDefinition errorRef="e1"/>'


def undo(activity: str = "", *, waits: bool = True) -> str:
    named = f' activityRef="{activity}"' if activity else ""
    return f'<compensateEventDefinition{named} waitForCompletion="{str(waits).lower()}"/>'


def undone(host: str, handler: str | None = None) -> str:
    """The boundary event and the handler of an activity; a user task unless it is drawn."""
    drawn = handler or user(f"undo_{host}", isForCompensation="true")
    return boundary(f"on_{host}", host, UNDO) + drawn + association(f"on_{host}", f"undo_{host}")


def noted(host: str, text: str = "") -> str:
    """The same with a script that writes down that it ran."""
    written = text or f'{{log: append(log, "{host}")}}'
    return undone(host, script(f"undo_{host}", written, isForCompensation="true"))

"""Errors: thrown by an end event or a worker, caught by the nearest handler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processes.engine.behaviours.base import Behaviour
from processes.engine.behaviours.event_scopes import catch, nearest_catcher
from processes.engine.model import EVENTS
from processes.engine.state import Step, WaitsOn

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element


class ErrorEnd(Behaviour):
    """Throws its error; what catches it ends the scope that the error came from (BPMN 2.0.2, 13.5.6)."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        event = next(event for event in element.events if event.type == "error")
        throw_error(run, step, event.code, "")


def throw_error(run: Execution, step: Step, code: str, message: str) -> None:
    """Hand an error to its catcher; without one the step fails and the caller of the instance is told.

    The specification ends the whole process then; here it stays open, as any other incident does.
    """
    found = nearest_catcher(run, step, "error", code)
    if found is None:
        run.uncaught = code
        if step.waits_on is WaitsOn.CHILDREN:
            return  # the incident is in the called instance: mended there, it goes on here
        caption = run.caption(run.element_of(step))
        bare = f"Nothing catches the error “{code}” that “{caption}” has thrown."
        run.fail(step, f"{bare[:-1]}: {message}" if message else bare)
        run.ledger.tell("error-uncaught", step, code=code)
        return
    if step.element_type in EVENTS:  # an activity is cancelled instead
        run.close(step)
    catch(run, *found, {"code": code, "message": message})

"""Events that need no waiting: starts, ends, none throws; and everything that waits on time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processes.engine.behaviours.base import Behaviour
from processes.engine.state import Status, Step, WaitsOn
from processes.engine.timers import next_due

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element


class PassThrough(Behaviour):
    """Done as soon as a token arrives: none tasks and events, and starts of every sort."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        run.close(step)
        run.leave(step, element)


class TerminateEnd(Behaviour):
    """Ends everything in its scope: the instance, or the sub-process it stands in (BPMN 2.0.2, 13.5.6)."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        run.close(step)
        run.cancel_inside(step.scope_id)


class TimerCatch(Behaviour):
    """Waits until a moment, for a duration, or for the first moment of a cycle."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        if step.waits_on is WaitsOn.NOTHING:
            step.attempts = 0  # from here on it counts firings
        run.wait(step, WaitsOn.TIMER, due_at=next_due(run, step, element))

    def fire(self, run: Execution, step: Step, element: Element) -> None:
        run.ledger.tell("timer-fired", step)
        run.close(step)
        run.leave(step, element)


class TimerBoundary(TimerCatch):
    """Attached to an activity: cancels it, or sends a token beside it, again and again for a cycle."""

    def fire(self, run: Execution, step: Step, element: Element) -> None:
        run.ledger.tell("timer-fired", step)
        if element.interrupting:
            self._interrupt(run, step)
            run.leave(step, element)
            return
        run.leave(step, element)
        run.ledger.touch(step)
        step.attempts += 1
        due_at = next_due(run, step, element)
        if due_at is None:
            run.close(step)
        else:
            run.wait(step, WaitsOn.TIMER, due_at=due_at)

    def skip(self, run: Execution, step: Step, element: Element, result: object) -> None:
        run.close(step, Status.SKIPPED)

    @staticmethod
    def _interrupt(run: Execution, step: Step) -> None:
        assert step.host_id is not None
        host = run.ledger.steps[step.host_id]
        run.close(step)
        run.close(host, Status.CANCELLED)

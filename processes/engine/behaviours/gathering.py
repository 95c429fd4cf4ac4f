"""Activities that begin only with several tokens (`startQuantity`, BPMN 2.0.2, 10.3 and 13.3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from processes.engine.behaviours.base import Behaviour
from processes.engine.state import Status, Step, WaitsOn

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element


class Gathering(Behaviour):
    """A token that waits at an activity for others; by whichever flows they come, they make one step of it."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        if sum(run.ledger.filled(step).values()) + 1 < element.start_quantity:
            run.wait(step, WaitsOn.TOKENS)
            run.ledger.hold_token(step)
            return
        for each in [each for tokens in run.ledger.arrived(step).values() for each in tokens]:
            run.close(each)
        run.close(step)
        self._begin(run, step, element)

    def skip(self, run: Execution, step: Step, element: Element, result: Any) -> None:
        """Let the activity begin with this token alone."""
        run.close(step, Status.SKIPPED)
        self._begin(run, step, element)

    @staticmethod
    def _begin(run: Execution, step: Step, element: Element) -> None:
        run.enter(run.open(element, scope_id=step.scope_id), element)

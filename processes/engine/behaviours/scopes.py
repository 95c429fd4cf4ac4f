"""Elements that contain others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processes.engine.behaviours.base import Behaviour
from processes.engine.settings import evaluate_settings
from processes.engine.state import Step, WaitsOn

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element


class SubProcess(Behaviour):
    """Live as long as a step inside is; its variables are seen only inside (BPMN 2.0.2, 13.3.4)."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        step.settings = evaluate_settings(run, step, element)
        run.wait(step, WaitsOn.CHILDREN)
        run.attend(step, element)
        if step.id in run.ledger.steps:  # else a condition at its border holds already
            run.begin(step.id, run.definition.entries.get(element.id, ()))

    def emptied(self, run: Execution, step: Step, element: Element) -> None:
        run.close(step)
        run.leave(step, element)

"""The ad-hoc sub-process: activities without an order of their own (BPMN 2.0.2, 13.3.5)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from processes.engine.behaviours.base import Behaviour
from processes.engine.errors import Incident, NotPossible
from processes.engine.settings import evaluate_settings
from processes.engine.state import Status, Step, WaitsOn

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element

#: Where the settings say how many activities have begun by themselves, and that no more may.
BEGUN, ENDS = "begun", "ends"
#: Where they say that the condition held when it was last asked.
HELD = "held"
#: The value of `portal:begin` with which nothing begins by itself.
BY_HAND = "by-hand"


class AdHocSubProcess(Behaviour):
    """Begins each activity that no flow leads to: all at once, or one after the other.

    With `portal:begin="by-hand"` somebody begins them, as often as wanted, until the completion condition holds or
    the sub-process is skipped. The condition is asked whenever an activity inside is done, and when variables
    have changed: then it counts if it has become true.
    """

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        if step.waits_on is WaitsOn.CHILDREN:  # a retry: the condition could not be evaluated
            self._go_on(run, step, element)
            return
        step.settings = evaluate_settings(run, step, element) | {BEGUN: 0}
        with suppress(Incident):  # its variables may be still to come
            step.settings[HELD] = _holds(run, step, element)
        run.wait(step, WaitsOn.CHILDREN)
        run.attend(step, element)
        if step.id in run.ledger.steps:
            run.begin(step.id, self._first(run, step, element))

    def emptied(self, run: Execution, step: Step, element: Element) -> None:
        if step.status is Status.FAILED:
            return
        try:
            self._go_on(run, step, element)
        except Incident as incident:
            run.fail(step, str(incident))

    def activity_done(self, run: Execution, step: Step, element: Element) -> None:
        try:
            holds = step.status is Status.PENDING and _holds(run, step, element)
        except Incident as incident:
            run.fail(step, str(incident))
            return
        if holds and element.cancels_remaining:
            self._finish(run, step, element)
        elif holds:
            run.ledger.touch(step)
            step.settings = {**step.settings, ENDS: True}

    def look(self, run: Execution, step: Step, element: Element) -> None:
        holds = _holds(run, step, element)
        if holds is step.settings.get(HELD, False):
            return
        run.ledger.touch(step)
        step.settings = {**step.settings, HELD: holds}
        if holds:
            self.activity_done(run, step, element)
            if step.id in run.ledger.steps:
                self._go_on(run, step, element)

    def begin_by_hand(self, run: Execution, step: Step, element: Element, inner_id: str) -> None:
        """Raises NotPossible."""
        inner = next(
            (each for each in run.definition.entries.get(element.id, ()) if each.id == inner_id), None
        )
        if inner is None:
            raise NotPossible(
                "not_in_ad_hoc",
                "“{element}” has no activity “{inner}” to begin with.",
                element=run.caption(element),
                inner=inner_id,
            )
        if ENDS in step.settings or (element.sequential and run.ledger.holding[step.id]):
            raise NotPossible(
                "ad_hoc_busy", "“{element}” can begin nothing else now.", element=run.caption(element)
            )
        run.arrive(inner, step.id)

    def _first(self, run: Execution, step: Step, element: Element) -> list[Element]:
        entries = list(run.definition.entries.get(element.id, ()))
        if step.settings.get("begin") == BY_HAND:
            return []
        first = entries[:1] if element.sequential else entries
        step.settings[BEGUN] = len(first)
        return first

    def _go_on(self, run: Execution, step: Step, element: Element) -> None:
        if run.ledger.holding[step.id]:
            return
        entries = run.definition.entries.get(element.id, ())
        by_hand = step.settings.get("begin") == BY_HAND
        begun = int(step.settings[BEGUN])
        if ENDS in step.settings or _holds(run, step, element):
            self._finish(run, step, element)
        elif by_hand and entries:
            return
        elif begun < len(entries):
            run.ledger.touch(step)
            step.settings = {**step.settings, BEGUN: begun + 1}
            run.arrive(entries[begun], step.id)
        elif element.condition is None:
            self._finish(run, step, element)
        # Otherwise it stays open: somebody may still begin something that fulfils the condition.

    @staticmethod
    def _finish(run: Execution, step: Step, element: Element) -> None:
        run.close(step)
        run.leave(step, element)


def _holds(run: Execution, step: Step, element: Element) -> bool:
    if element.condition is None:
        return False
    what = f"The completion condition of “{run.caption(element)}”"
    return run.evaluate(element.condition, step.id, what)[0] is True

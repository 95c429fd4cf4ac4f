"""The call activity: another process runs as an instance of its own, and this one waits for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from processes.engine.behaviours.base import Behaviour
from processes.engine.effects import Call
from processes.engine.errors import Incident
from processes.engine.feel import FeelError
from processes.engine.settings import evaluate_settings
from processes.engine.state import Step, WaitsOn

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element, Transfer


class CallActivity(Behaviour):
    """Asks the caller of the engine for a child instance, and goes on when that has ended (13.3.4)."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        is_first = step.waits_on is WaitsOn.NOTHING  # a retry finds the boundary events as they are
        step.settings = evaluate_settings(run, step, element)
        called = run.resolve(element.called, step.place, f"The called process of “{run.caption(element)}”")
        if not isinstance(called, str) or not called:
            raise Incident(f"“{run.caption(element)}” does not say which process to call.")
        seen = run.variables.seen_from(step.place)
        variables = self._transferred(run, element, element.inputs, seen, run.variables.own(step.place))
        run.wait(step, WaitsOn.CHILDREN, topic=called)
        if is_first:
            run.attend(step, element)
        if step.id in run.ledger.steps:  # else a condition at its border holds already
            run.calls.append(Call(step.id, called, variables))

    def returned(self, run: Execution, step: Step, element: Element, variables: Mapping[str, Any]) -> None:
        run.put(step, self._transferred(run, element, element.outputs, variables, variables))
        run.close(step)
        run.leave(step, element)

    @staticmethod
    def _transferred(
        run: Execution,
        element: Element,
        transfers: Iterable[Transfer],
        seen: Mapping[str, Any],
        everything: Mapping[str, Any],
    ) -> dict[str, Any]:
        """The values by their new names; `everything` where no mapping says otherwise."""
        if not transfers:
            return dict(everything)
        values: dict[str, Any] = {}
        for transfer in transfers:
            if transfer.source is None:
                values.update(everything)
                continue
            try:
                values[transfer.target] = transfer.source.evaluate(seen, now=run.now)
            except FeelError as error:
                raise Incident(f"“{transfer.target}” of “{run.caption(element)}”: {error}") from error
        return values

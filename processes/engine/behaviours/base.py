"""What every construct can be asked to do; each refuses what does not fit it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from processes.engine.errors import NotPossible
from processes.engine.state import Status, Step

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element


class Behaviour:
    """How one construct of BPMN acts. Stateless: one object serves all instances.

    A method may raise `Incident`: the step is then marked failed, nothing else is lost.
    """

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        """A token has arrived, or a failed step is run again."""
        raise NotImplementedError

    def complete(
        self, run: Execution, step: Step, element: Element, result: Any, variables: Mapping[str, Any]
    ) -> None:
        """The person or worker it waits for is done."""
        raise NotPossible(
            "step_not_waiting", "“{element}” does not wait for anybody.", element=run.caption(element)
        )

    def fire(self, run: Execution, step: Step, element: Element) -> None:
        """Its timer is due."""
        raise NotPossible("step_not_waiting", "“{element}” has no timer.", element=run.caption(element))

    def deliver(self, run: Execution, step: Step, element: Element, variables: Mapping[str, Any]) -> None:
        """A message or signal has come."""
        raise NotPossible(
            "step_not_waiting", "“{element}” waits for no message.", element=run.caption(element)
        )

    def returned(self, run: Execution, step: Step, element: Element, variables: Mapping[str, Any]) -> None:
        """The instance that it called has ended (call activities only)."""
        raise NotPossible("step_not_waiting", "“{element}” has called nothing.", element=run.caption(element))

    def begin_by_hand(self, run: Execution, step: Step, element: Element, inner_id: str) -> None:
        """Somebody begins an activity inside (ad-hoc sub-processes only)."""
        raise NotPossible(
            "step_not_waiting", "Nothing in “{element}” is begun by hand.", element=run.caption(element)
        )

    def look(self, run: Execution, step: Step, element: Element) -> None:
        """Variables have changed (what waits for a condition only)."""
        raise NotImplementedError

    def look_at_rest(self, run: Execution, step: Step, element: Element) -> bool:
        """Nothing moves by itself any more (joins that wait for what may come only); whether it has moved on."""
        raise NotImplementedError

    def emptied(self, run: Execution, step: Step, element: Element) -> None:
        """Nothing inside is live any more (sub-processes only)."""
        raise NotImplementedError

    def instance_done(self, run: Execution, step: Step, element: Element, instance: Step) -> None:
        """One of its instances is through (loops and multi-instance activities only)."""
        raise NotImplementedError

    def activity_done(self, run: Execution, step: Step, element: Element) -> None:
        """An activity inside is through; only an ad-hoc sub-process makes something of it."""

    def skip(self, run: Execution, step: Step, element: Element, result: Any) -> None:
        """Go on as if the step had been done."""
        run.close(step, Status.SKIPPED)
        run.leave(step, element)

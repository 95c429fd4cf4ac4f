"""Events that need no waiting: starts, none throws, the two ends of a link, the terminate end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processes.engine.behaviours.base import Behaviour
from processes.engine.state import Step

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element


class PassThrough(Behaviour):
    """Done as soon as a token arrives: none tasks and events, and starts of every sort."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        run.close(step)
        run.leave(step, element)


class LinkThrow(Behaviour):
    """Goes on at the catch event of the same name in the same scope, as if a flow led there (10.5.5)."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        assert element.event is not None
        target = run.definition.links[element.scope, element.event.name]
        run.close(step)
        run.arrive(target, step.scope_id)


class TerminateEnd(Behaviour):
    """Ends everything in its scope: the instance, or the sub-process it stands in (BPMN 2.0.2, 13.5.6)."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        run.close(step)
        run.cancel_inside(step.scope_id)

"""The inclusive gateway: every way that is open, and a join that waits for whatever may still come."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from processes.engine.behaviours.gateways import ExclusiveGateway
from processes.engine.state import Step, WaitsOn

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element


class InclusiveGateway(ExclusiveGateway):
    """All flows that are true, else the default (BPMN 2.0.2, 13.4.3).

    As a join it keeps each token in a step of its own until nothing else can get there any more, which shows
    only when nothing moves by itself.
    """

    limit = None

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        if len(element.incoming) > 1:
            run.wait(step, WaitsOn.TOKENS)
            run.ledger.hold_token(step)
        else:
            super().enter(run, step, element)

    def look_at_rest(self, run: Execution, step: Step, element: Element) -> bool:
        if not is_complete(run, step, element, run.ledger.filled(step).keys()):
            return False
        for oldest in [waiting[0] for waiting in run.ledger.arrived(step).values()]:
            run.close(oldest)
        run.leave(step, element)
        return True


def is_complete(run: Execution, step: Step, gateway: Element, filled: Collection[str]) -> bool:
    """Whether no token can still get to a flow that has none, unless flows alone lead it to one that has one.

    `filled` are the flows with a token; `step` is any that waits at the gateway.
    """
    ways, flowing = run.definition.reach.into(gateway), run.definition.reach.flowing_into(gateway)
    nobody: frozenset[str] = frozenset()
    coming = nobody.union(*(reach for flow_id, reach in ways.items() if flow_id not in filled))
    coming -= nobody.union(*(reach for flow_id, reach in flowing.items() if flow_id in filled))
    coming -= {gateway.id}
    return not coming or not run.ledger.is_any_at(coming, step.scope_id)

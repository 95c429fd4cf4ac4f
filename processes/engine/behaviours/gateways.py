"""Gateways: where tokens choose, split and meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from processes.engine.behaviours.base import Behaviour
from processes.engine.errors import NotPossible
from processes.engine.flows import choose
from processes.engine.state import Status, Step, WaitsOn

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element


class ExclusiveGateway(Behaviour):
    """The first flow that is true in the order of the document, else the default (BPMN 2.0.2, 13.4.2)."""

    limit: int | None = 1

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        flows = choose(run, element, step.scope_id, limit=self.limit)
        run.close(step)
        run.send(step, flows * element.completion_quantity)

    def skip(self, run: Execution, step: Step, element: Element, result: Any) -> None:
        """`result` is the flow to take; needed unless there is a default or only one way."""
        flow_id = result or element.default or (element.outgoing[0] if len(element.outgoing) == 1 else "")
        if flow_id not in element.outgoing:
            raise NotPossible(
                "flow_not_named",
                "Say by which flow the token leaves “{element}”: {flows}.",
                element=run.caption(element),
                flows=", ".join(element.outgoing),
            )
        run.close(step, Status.SKIPPED)
        run.send(step, [flow_id])


class ImplicitSplit(ExclusiveGateway):
    """Holds the token of a finished activity none of whose conditional flows accepted it."""

    limit = None


class ParallelGateway(Behaviour):
    """Waits for one token on each incoming flow, then sends one over each outgoing (BPMN 2.0.2, 13.4.1).

    Each token that waits is a step; the one that arrives last completes the others.
    """

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        if len(run.ledger.filled(step).keys() | {step.flow_id}) < len(element.incoming):
            run.wait(step, WaitsOn.TOKENS)
            run.ledger.hold_token(step)
            return
        # It fires as soon as it can, so that nothing else waits on the flow of the last token.
        for oldest in [tokens[0] for tokens in run.ledger.arrived(step).values()]:
            run.close(oldest)
        run.close(step)
        run.send(step, element.outgoing)  # whatever conditions they have

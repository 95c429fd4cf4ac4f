"""The complex gateway: goes on when its activation condition holds, and swallows what comes late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from processes.engine.behaviours.gateways import ExclusiveGateway
from processes.engine.behaviours.inclusive import is_complete
from processes.engine.state import Status, Step, WaitsOn

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element

#: Where the settings of a step say by which flows the tokens came that have activated the gateway.
ACTIVATED_BY = "activatedBy"


class ComplexGateway(ExclusiveGateway):
    """Splits like an inclusive gateway; joins by a condition over `activationCount` (BPMN 2.0.2, 13.4.5).

    Once activated it leaves a step behind that waits for reset: until every other flow has brought its token, or
    can bring none any more. These tokens go no further, except by flows whose condition asks for
    `waitingForStart`, which is false at the reset.
    """

    limit = None

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        if len(element.incoming) <= 1:
            super().enter(run, step, element)
            return
        is_retry = step.waits_on is WaitsOn.TOKENS
        run.wait(step, WaitsOn.TOKENS)
        if not is_retry:
            run.ledger.hold_token(step)
        if "" not in run.ledger.filled(step) and _is_activated(run, step, element):
            _activate(run, step, element)

    def look_at_rest(self, run: Execution, step: Step, element: Element) -> bool:
        tokens = run.ledger.arrived(step)
        step = min((waiting[0] for waiting in tokens.values()), key=run.ledger.age)
        if "" in tokens:
            return _reset(run, tokens[""][0], element)
        if element.condition is None:
            if is_complete(run, step, element, tokens.keys()):
                _activate(run, step, element)
                return True
            return False
        if _is_activated(run, step, element):
            _activate(run, step, element)
            return True
        if step.status is Status.PENDING and is_complete(run, step, element, tokens.keys()):
            run.fail(
                step,
                f"The activation condition of “{run.caption(element)}” does not hold, and no more tokens can come.",
            )
        return False

    def skip(self, run: Execution, step: Step, element: Element, result: Any) -> None:
        if ACTIVATED_BY in step.settings:
            run.close(step, Status.SKIPPED)
        else:
            super().skip(run, step, element, result)


def _is_activated(run: Execution, step: Step, element: Element) -> bool:
    if element.condition is None:
        return False
    count = {"activationCount": len(run.ledger.filled(step))}
    what = f"The activation condition of “{run.caption(element)}”"
    return run.evaluate(element.condition, step.scope_id, what, given=count)[0] is True


def _activate(run: Execution, step: Step, element: Element) -> None:
    tokens = run.ledger.arrived(step)
    flows = list(tokens)
    for oldest in [waiting[0] for waiting in tokens.values()]:
        run.close(oldest)
    if len(flows) < len(element.incoming):
        rest = run.open(element, scope_id=step.scope_id)
        rest.settings = {ACTIVATED_BY: flows}
        run.wait(rest, WaitsOn.TOKENS)
        run.ledger.hold_token(rest)
    run.leave(step, element)


def _reset(run: Execution, rest: Step, element: Element) -> bool:
    tokens = run.ledger.arrived(rest)
    activated_by = rest.settings[ACTIVATED_BY]
    if not is_complete(run, rest, element, {*tokens, *activated_by}):
        return False
    flows = _flows_at_reset(run, rest, element)
    late = [waiting[0] for flow_id, waiting in tokens.items() if flow_id not in activated_by]
    for step in late:
        run.close(step)
    run.send(rest, flows)
    return True


def _flows_at_reset(run: Execution, rest: Step, element: Element) -> list[str]:
    found = []
    for flow_id in element.outgoing:
        flow = run.definition.flows[flow_id]
        if flow.condition is not None and "waitingForStart" in flow.condition.names:
            what = f"The condition of the flow “{flow.name or flow.id}”"
            if run.evaluate(flow.condition, rest.scope_id, what, given={"waitingForStart": False})[0] is True:
                found.append(flow_id)
    return found

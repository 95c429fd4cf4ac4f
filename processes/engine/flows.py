"""Which flows a token leaves by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from processes.engine.errors import Incident

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element

#: Conditions named in an incident.
MAX_TOLD = 20


def choose(run: Execution, element: Element, scope_id: int | None, *, limit: int | None = None) -> list[str]:
    """The flows to take: unconditional or true, at most `limit`, else the default.

    Raises Incident, naming each condition and its value, if there are flows and none accepts.
    """
    taken: list[str] = []
    refused: list[str] = []
    for flow_id in element.outgoing:
        flow = run.definition.flows[flow_id]
        if flow_id == element.default:
            continue
        if flow.condition is not None:
            caption = f"“{flow.name or flow.id}” ({flow.condition.source})"
            value, notes = run.evaluate(flow.condition, scope_id, f"The condition of the flow {caption}")
            if value is not True:
                refused.append(f"{caption} is {show(value)}" + (f" ({notes})" if notes else ""))
                continue
        taken.append(flow_id)
        if len(taken) == limit:
            break
    if not taken and element.default:
        taken.append(element.default)
    if not taken and element.outgoing:
        told = "; ".join(refused[:MAX_TOLD]) + ("; ..." if len(refused) > MAX_TOLD else "")
        raise Incident(f"No flow out of “{run.caption(element)}” is true and there is no default: {told}.")
    return taken


def show(value: Any) -> str:
    """A value as FEEL writes it, cut to a readable length."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."

"""Who looks again: conditions when variables have changed, joins when nothing moves by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processes.engine.errors import Incident
from processes.engine.model import LOOKING_AT_REST
from processes.engine.state import Status, WaitsOn

if TYPE_CHECKING:
    from processes.engine.execution import Execution


def look_at_conditions(run: Execution) -> None:
    """Let every event that waits for a condition look again, if variables were written since the last time.

    Before the next token moves: what a script sets is seen before what follows it ends the scope.
    """
    if run.writes_seen == run.variables.writes:
        return
    run.writes_seen = run.variables.writes
    waiting = run.ledger.waiting_on(WaitsOn.CONDITION) if run.definition.has_conditions else []
    if run.definition.has_ad_hoc_conditions:
        waiting += filter(run.is_ad_hoc, run.ledger.waiting_on(WaitsOn.CHILDREN))
    for step in waiting:
        if step.id not in run.ledger.steps:
            continue  # another one has interrupted it
        element = run.element_of(step)
        try:
            run.behaviour_of(step, element).look(run, step, element)
        except Incident as incident:
            run.fail(step, str(incident))


def look_at_rest(run: Execution) -> bool:
    """Let one join go on that was waiting for what might still come (BPMN 2.0.2, 13.4.3)."""
    if not run.definition.looks_at_rest:
        return False
    if run.definition.joins_by_condition:
        run.ledger.see_waiting(WaitsOn.TOKENS)
    for step in run.ledger.joins():
        element = run.element_of(step)
        if element.type not in LOOKING_AT_REST:
            continue
        try:
            if run.behaviour_of(step, element).look_at_rest(run, step, element):
                return True
        except Incident as incident:
            if step.status is Status.PENDING:
                run.fail(step, str(incident))
    return False

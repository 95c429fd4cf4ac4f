"""Event sub-processes, and who catches what is thrown inside a scope."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from processes.engine.behaviours.base import Behaviour
from processes.engine.behaviours.catching import Watch
from processes.engine.state import Status, Step, WaitsOn
from processes.engine.step_types import STANDING_FOR

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element

#: Where the settings of an event sub-process say with which start event it began.
START = "start"


class EventSubProcess(Behaviour):
    """Runs in the scope it stands in, beside it or, being interrupting, in its stead (BPMN 2.0.2, 13.5.4)."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        run.wait(step, WaitsOn.CHILDREN)
        run.begin(step.id, [run.definition.elements[step.settings[START]]])

    def emptied(self, run: Execution, step: Step, element: Element) -> None:
        run.close(step)

    def skip(self, run: Execution, step: Step, element: Element, result: Any) -> None:
        run.close(step, Status.SKIPPED)


class Subscription(Watch):
    """Waits for the start event of an event sub-process, as long as its scope is open."""

    def interrupt(self, run: Execution, step: Step, element: Element) -> None:
        begin_event_sub_process(run, step.scope_id, element)

    def go_beside(self, run: Execution, step: Step, element: Element) -> None:
        begin_event_sub_process(run, step.scope_id, element)


def begin_event_sub_process(run: Execution, scope_id: int | None, start: Element, result: Any = None) -> None:
    """Begin the event sub-process of that start event; an interrupting one ends all else in the scope.

    `result` is what was caught.
    """
    assert start.scope is not None
    holder = run.definition.elements[start.scope]
    if start.interrupting:
        run.cancel_inside(scope_id)
    step = run.open(holder, scope_id=scope_id)
    step.settings, step.result = {START: start.id}, result
    _put_result(run, step, start, result)
    run.enter(step, holder)


def nearest_catcher(run: Execution, step: Step, sort: str, code: str) -> tuple[Element, int | None] | None:
    """Who catches an error or escalation thrown by this step, from the inside outwards (BPMN 2.0.2, 10.5.6).

    A boundary event with the id of the step it is attached to, or the start event of an event sub-process
    with the id of its scope. At one place a catcher that names the code wins over one that catches all.
    """
    current: Step | None = step
    while current is not None:
        scope = run.ledger.steps.get(current.scope_id) if current.scope_id is not None else None
        if current.scope_id is not None and scope is None:
            return None  # an earlier event of the same thrower has ended the scope
        # The instances of a multi-instance activity stand in a scope of the same element; that one has the events.
        is_inner = scope is not None and scope.element_id == current.element_id
        if current.element_type not in STANDING_FOR and not is_inner:
            boundary = _best(run.definition.boundaries.get(current.element_id, ()), sort, code)
            if boundary is not None:
                return boundary, current.id
        if not is_inner and not _has_interrupted(run, current) and not _stands_for_it(scope):
            holder = scope.element_id if scope is not None else None
            # What a handler throws it does not catch itself, or it would begin for ever.
            others = [
                each
                for each in run.definition.event_starts.get(holder, ())
                if each.scope != current.element_id
            ]
            start = _best(others, sort, code)
            if start is not None:
                return start, current.scope_id
        current = scope
    return None


def catch(run: Execution, catcher: Element, at: int | None, result: Any) -> None:
    """Let the catcher found by `nearest_catcher` do its part."""
    if catcher.type == "startEvent":
        begin_event_sub_process(run, at, catcher, result)
        return
    assert at is not None
    host = run.ledger.steps[at]
    if catcher.interrupting:
        run.close(host, Status.CANCELLED)
    step = run.open(catcher, scope_id=host.scope_id, host_id=host.id)
    step.result = result
    _put_result(run, step, catcher, result)
    run.close(step)
    run.leave(step, catcher)


def _put_result(run: Execution, step: Step, catcher: Element, result: Any) -> None:
    if catcher.result_variable and result is not None:
        run.put(step, {catcher.result_variable: result})


def _best(catchers: Iterable[Element], sort: str, code: str) -> Element | None:
    fitting = [
        (event.code == "", position, each)
        for position, each in enumerate(catchers)
        for event in each.events
        if event.type == sort and event.code in ("", code)
    ]
    return min(fitting, key=lambda found: found[:2])[2] if fitting else None


def _has_interrupted(run: Execution, step: Step) -> bool:
    """An event sub-process in whose stead nothing else of its scope is live, other handlers included."""
    start = step.settings.get(START) if run.element_of(step).triggered_by_event else None
    return start is not None and run.definition.elements[start].interrupting


def _stands_for_it(scope: Step | None) -> bool:
    """Inside what undoes a completed sub-process its handlers of errors are over."""
    return scope is not None and scope.element_type in STANDING_FOR

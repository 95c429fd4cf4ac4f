"""Compensation: undo what was completed, the last first (BPMN 2.0.2, 10.7 and 13.5.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from processes.engine.behaviours.base import Behaviour
from processes.engine.behaviours.event_scopes import begin_event_sub_process, catch
from processes.engine.state import Status, Step, WaitsOn
from processes.engine.step_types import COMPENSATION, ROLLBACK
from processes.engine.undoing import completed_as

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element

#: Where the settings say before what the next to be undone was completed: in the beginning before the undoing began
#: (another branch goes on meanwhile), then before the one that was undone last.
BEFORE = "before"


class CompensationThrow(Behaviour):
    """Undoes one activity or all of its scope; waits for that, unless it says otherwise.

    While it waits it is the scope in which the handlers run, one after the other.
    """

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        event = next(event for event in element.events if event.type == "compensate")
        if event.waits:
            if _undo_next(run, step, element):
                return
            run.close(step)
            run.leave(step, element)
            return
        aside = run.open(element, scope_id=step.scope_id, element_type=COMPENSATION)
        aside.settings = {BEFORE: run.ledger.undoing.completions + 1}  # what follows is not undone
        run.close(step)
        run.leave(step, element)
        if not _undo_next(run, aside, element):
            run.close(aside)

    def emptied(self, run: Execution, step: Step, element: Element) -> None:
        if not _undo_next(run, step, element):
            run.close(step)
            run.leave(step, element)


class Compensation(Behaviour):
    """Stands for a completed sub-process that is being undone, with its variables of that time."""

    def emptied(self, run: Execution, step: Step, element: Element) -> None:
        if _inline_handler(run, step, element) is not None or not _undo_next(run, step, element):
            run.close(step)

    def skip(self, run: Execution, step: Step, element: Element, result: Any) -> None:
        run.close(step, Status.SKIPPED)


class CancelEnd(Behaviour):
    """Cancels the transaction: ends all inside, undoes what was completed, leaves by the cancel event (13.5.6)."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        transaction = _transaction(run, step)
        run.close(step)
        run.cancel_inside(transaction.id)
        rollback = run.open(element, scope_id=transaction.id, element_type=ROLLBACK)
        run.wait(rollback, WaitsOn.CHILDREN)
        if not _undo_next(run, rollback, element):
            _leave_cancelled(run, rollback)


class Rollback(Behaviour):
    """Undoes what the transaction has completed, then leaves it."""

    def emptied(self, run: Execution, step: Step, element: Element) -> None:
        if not _undo_next(run, step, element):
            _leave_cancelled(run, step)

    def skip(self, run: Execution, step: Step, element: Element, result: Any) -> None:
        run.close(step, Status.SKIPPED)
        _leave_cancelled(run, step)


def _transaction(run: Execution, step: Step) -> Step:
    """The innermost open transaction around the step."""
    return next(
        scope for scope in run.variables.chain(step.scope_id) if run.element_of(scope).type == "transaction"
    )


def _leave_cancelled(run: Execution, rollback: Step) -> None:
    assert rollback.scope_id is not None
    transaction = run.ledger.steps[rollback.scope_id]
    whole = run.body_of(transaction) or transaction
    for boundary in run.definition.boundaries.get(transaction.element_id, ()):
        if boundary.event is not None and boundary.event.type == "cancel":
            catch(run, boundary, whole.id, None)
            return
    run.close(transaction, Status.CANCELLED)


def _undo_next(run: Execution, runner: Step, element: Element) -> bool:
    """Begin to undo the last completed activity that is left; False if there is none."""
    before = runner.settings.get(BEFORE, run.ledger.undoing.completions + 1)
    completed = _next_to_undo(run, runner, element, before)
    if completed is None:
        return False
    run.ledger.touch(runner)
    runner.settings = {**runner.settings, BEFORE: completed_as(completed)}
    if runner.waits_on is WaitsOn.NOTHING:
        run.wait(runner, WaitsOn.CHILDREN)
    undone = run.definition.elements[completed.element_id]
    handler_id = run.definition.compensators.get(undone.id)
    # Of an activity that was done several times each instance is undone (13.5.5).
    if handler_id is not None and (undone.loop is None or _stands_for_all(runner, undone)):
        handler = run.definition.elements[handler_id]
        undoing = run.open(handler, scope_id=runner.id, host_id=completed.id)
        if undone.loop is not None:  # the handler sees the item of the instance that it undoes
            undoing.variables = dict(completed.variables)
        run.enter(undoing, handler)
        return True
    stand_in = run.open(undone, scope_id=runner.id, host_id=completed.id, element_type=COMPENSATION)
    stand_in.variables = dict(completed.variables)
    inline = _inline_handler(run, stand_in, undone)
    if inline is not None:
        run.wait(stand_in, WaitsOn.CHILDREN)
        begin_event_sub_process(run, stand_in.id, inline)
    elif not _undo_next(run, stand_in, undone):
        run.close(stand_in)
    return True


def _stands_for_all(runner: Step | None, element: Element) -> bool:
    """Whether it undoes all instances of an activity that was done several times, one after the other."""
    return runner is not None and (runner.element_type, runner.element_id) == (COMPENSATION, element.id)


def _next_to_undo(run: Execution, runner: Step, element: Element, before: int) -> Step | None:
    last = run.ledger.undoing.last
    if runner.element_type == COMPENSATION and runner.host_id is not None:
        return last(runner, runner.host_id, "", before)
    if runner.element_type == ROLLBACK:
        return last(runner, runner.scope_id, "", before)
    named = next(event.reference for event in element.events if event.type == "compensate")
    found = (last(runner, scope_id, named, before) for scope_id in _scopes_to_undo(run, runner))
    return max((step for step in found if step is not None), key=completed_as, default=None)


def _scopes_to_undo(run: Execution, thrower: Step) -> Iterator[int | None]:
    """The scope of the thrower; inside an event sub-process also the one that this belongs to."""
    for scope in run.variables.chain(thrower.scope_id):
        if scope.element_type == COMPENSATION:
            yield scope.host_id
            return
        yield scope.id
        if not run.element_of(scope).triggered_by_event:
            return
    yield None


def _inline_handler(run: Execution, step: Step, element: Element) -> Element | None:
    """The start event of the event sub-process that undoes a sub-process, if it has one (10.7.2).

    Of an activity that was done several times each instance is undone by its own.
    """
    if step.host_id is None:
        return None
    if element.loop is not None and not _stands_for_all(run.ledger.steps.get(step.scope_id or 0), element):
        return None
    for start in run.definition.event_starts.get(element.id, ()):
        if any(event.type == "compensate" for event in start.events):
            return start
    return None

"""The one door of the engine: (definition, state, command, now) -> outcome."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from processes.engine.behaviours import BEHAVIOURS
from processes.engine.behaviours.errors import throw_error
from processes.engine.behaviours.event_gateways import begin_at
from processes.engine.behaviours.throwing import throw_escalation
from processes.engine.effects import (
    Begin,
    CancelAll,
    Command,
    Complete,
    Deliver,
    Escalate,
    Event,
    Fail,
    FireTimer,
    Outcome,
    Retry,
    Return,
    SetVariables,
    Skip,
    Start,
    Throw,
)
from processes.engine.errors import Incident, NotPossible
from processes.engine.execution import Execution
from processes.engine.model import Definition, Element
from processes.engine.state import State, Status, Step, WaitsOn


def execute(definition: Definition, state: State, command: Command, now: datetime) -> Outcome:
    """Apply one command and go on until everything waits.

    Nothing of `state` is changed: the steps of the outcome are copies. Raises NotPossible if the
    command does not fit, such as completing a step that is not live. Whatever goes wrong inside an
    element is not an exception but a failed step of the outcome.
    """
    run = Execution(definition, state, now, BEHAVIOURS)
    try:
        act = _COMMANDS[type(command)]
    except KeyError:
        raise NotPossible(
            "not_executable", "The engine cannot do {name} yet.", name=type(command).__name__
        ) from None
    act(run, command)
    run.run()
    return _outcome(run)


def _start(run: Execution, command: Start) -> None:
    if run.ledger.steps:
        raise NotPossible("already_started", "The instance is already running.")
    run.variables.write(None, command.variables)
    trigger = next((each for each in run.definition.triggers if each.id == command.element_id), None)
    if trigger is not None and trigger.type != "startEvent":
        run.begin(None, ())
        begin_at(run, trigger)
    else:
        run.begin(None, _beginning(run.definition, command.element_id))


def _beginning(definition: Definition, element_id: str | None) -> Sequence[Element]:
    """One start event; where a process has none, every element that no flow leads to (BPMN 2.0.2, 10.5.2)."""
    starts = definition.starts.get(None, ())
    if not starts and element_id is None:
        return definition.entries.get(None, ())
    for start in starts:
        if start.id == element_id or (element_id is None and start.event is None):
            return [start]
    if element_id is None:
        raise NotPossible(
            "no_start_event", "“{process}” has no start event to begin with by hand.", process=definition.name
        )
    raise NotPossible("no_start_event", "“{element}” is not a start event.", element=element_id)


def _complete(run: Execution, command: Complete) -> None:
    step, element = _waiting(run, command.step_id, WaitsOn.PERSON, WaitsOn.WORKER)
    behaviour = run.behaviour_of(step, element)
    behaviour.complete(run, step, element, command.result, command.variables)


def _fail(run: Execution, command: Fail) -> None:
    step, _ = _waiting(run, command.step_id, WaitsOn.PERSON, WaitsOn.WORKER)
    run.fail(step, command.error)


def _throw(run: Execution, command: Throw) -> None:
    step, _ = _waiting(run, command.step_id, WaitsOn.PERSON, WaitsOn.WORKER, WaitsOn.CHILDREN)
    throw_error(run, step, command.code, command.message)


def _escalate(run: Execution, command: Escalate) -> None:
    step, _ = _waiting(run, command.step_id, WaitsOn.CHILDREN)
    throw_escalation(run, step, command.code)


def _retry(run: Execution, command: Retry) -> None:
    step, element = _live(run, command.step_id)
    if step.status is not Status.FAILED:
        raise NotPossible("step_not_failed", "“{element}” has not failed.", element=run.caption(element))
    run.reopen(step)
    run.enter(step, element)


def _skip(run: Execution, command: Skip) -> None:
    step, element = _live(run, command.step_id)
    run.behaviour_of(step, element).skip(run, step, element, command.result)


def _begin(run: Execution, command: Begin) -> None:
    step, element = _waiting(run, command.step_id, WaitsOn.CHILDREN)
    run.behaviour_of(step, element).begin_by_hand(run, step, element, command.element_id)


def _fire_timer(run: Execution, command: FireTimer) -> None:
    step, element = _waiting(run, command.step_id, WaitsOn.TIMER)
    try:
        run.behaviour_of(step, element).fire(run, step, element)
    except Incident as incident:
        run.fail(step, str(incident))


def _return(run: Execution, command: Return) -> None:
    step, element = _waiting(run, command.step_id, WaitsOn.CHILDREN)
    try:
        run.behaviour_of(step, element).returned(run, step, element, command.variables)
    except Incident as incident:
        run.fail(step, str(incident))


def _deliver(run: Execution, command: Deliver) -> None:
    step, _ = _waiting(run, command.step_id, WaitsOn.MESSAGE, WaitsOn.SIGNAL)
    run.deliver(step, command.variables)


def _set_variables(run: Execution, command: SetVariables) -> None:
    if not run.ledger.steps:
        raise NotPossible("not_running", "The instance has ended.")
    run.variables.write(None, command.variables)


def _cancel_all(run: Execution, command: CancelAll) -> None:
    run.look_if_empty(None)
    run.cancel_inside(None)


_COMMANDS: dict[type, Callable[[Execution, Any], None]] = {
    Start: _start,
    Complete: _complete,
    Fail: _fail,
    Throw: _throw,
    Escalate: _escalate,
    Begin: _begin,
    Retry: _retry,
    Skip: _skip,
    FireTimer: _fire_timer,
    Return: _return,
    Deliver: _deliver,
    SetVariables: _set_variables,
    CancelAll: _cancel_all,
}


def _live(run: Execution, step_id: int) -> tuple[Step, Element]:
    try:
        step = run.ledger.steps[step_id]
    except KeyError:
        raise NotPossible("step_not_live", "Step {step} is not live.", step=step_id) from None
    return step, run.element_of(step)


def _waiting(run: Execution, step_id: int, *waits_on: WaitsOn) -> tuple[Step, Element]:
    step, element = _live(run, step_id)
    if step.status is not Status.PENDING or step.waits_on not in waits_on:
        raise NotPossible(
            "step_not_waiting",
            "“{element}” ({status}) does not wait for that.",
            element=run.caption(element),
            status=step.status.value,
        )
    return step, element


def _outcome(run: Execution) -> Outcome:
    ledger = run.ledger
    outcome = Outcome(
        opened=ledger.opened,
        variables=run.variables.changed,
        writes=list(run.variables.changes.values()),
        completions=ledger.undoing.completions,
        events=ledger.events,
        calls=run.calls,
        escalated=run.escalated,
        uncaught=run.uncaught,
    )
    for step, is_as_live in ledger.changes():
        (outcome.changed if is_as_live else outcome.closed).append(step)
    if run.has_ended:
        outcome.ended_at = run.now
        outcome.events.append(Event("instance-ended"))
    return outcome

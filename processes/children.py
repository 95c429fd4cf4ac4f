"""Called processes: child instances that begin, return and are cancelled with the step that called them.

All of it happens under the lock of the root, in the transaction of the turn that caused it.
"""

from collections.abc import Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from processes.compiled import definition_of
from processes.engine.effects import Call, CancelAll, Escalate, Outcome, Return, Start, Throw
from processes.models import ProcessInstance, ProcessVersion

if TYPE_CHECKING:
    from processes.turn import Turn

#: How deep processes may call each other in one go; a process that calls itself without end stops here.
MAX_DEPTH = 40
_depth: ContextVar[int] = ContextVar("depth of calls", default=0)


def current_version(key: str) -> ProcessVersion | None:
    """The version of a process that a call takes; a disabled process still serves as a called one."""
    versions = ProcessVersion.objects.select_related("process").defer("source")
    return versions.filter(process__key=key, is_current=True).first()


def obstacle_to(call: Call, version: ProcessVersion | None) -> str:
    """Why the process cannot be called, as the incident of its call activity says it; empty where it can.

    The depth is that of the calls of one go: a retry begins anew, with the version that is current then.
    """
    if version is None:
        return f"There is no process “{call.called}” to call."
    starts = definition_of(version.pk).starts.get(None, ())
    if starts and all(start.events for start in starts):
        return (
            f"“{version.process.name}” begins only by events, so that it cannot be called:"
            " give it a start event without one."
        )
    if _depth.get() >= MAX_DEPTH:
        return f"“{version.process.name}” is called {MAX_DEPTH} levels deep: do processes call each other without end?"
    return ""


def start_child(parent: "Turn", call: Call, version: ProcessVersion) -> None:
    """Start the instance that a call activity asks for."""
    step = parent.rows[call.step_id].step
    lane = parent.definition.elements[step.element_id].lane or parent.instance.lane
    child = ProcessInstance.objects.create(
        process=version.process,
        version=version,
        root_id=parent.instance.root_id,
        parent_step_id=call.step_id,
        lane=lane,
        caption=f"{parent.instance.caption}: {step.name or version.process.name}"[:250],
        record_id=parent.instance.record_id,
        record_caption=parent.instance.record_caption,
        starter_id=parent.instance.starter_id,
        started_at=parent.now,
    )
    token = _depth.set(_depth.get() + 1)
    try:
        with parent.beside(instance_id=child.pk) as move:
            move.tell("instance-started", process=version.process.name)
            move.run(Start(call.variables))
    finally:
        _depth.reset(token)


def return_to_parent(child: "Turn") -> None:
    """Tell the call activity that the instance it called has ended."""
    step_id = child.instance.parent_step_id
    if step_id is None:
        return
    with child.beside(step_id=step_id) as move:
        if step_id in move.rows:  # else it was interrupted in this very turn
            move.run(Return(step_id, child.instance.variables))


def thrown_to_parent(step_id: int, outcome: Outcome) -> list[Throw | Escalate]:
    """What the call activity is told of errors and escalations that the called instance has not caught."""
    thrown: list[Throw | Escalate] = [Escalate(step_id, code) for code in outcome.escalated]
    if outcome.uncaught is not None:
        thrown.append(Throw(step_id, outcome.uncaught))
    return thrown


def throw_to_parent(child: "Turn", command: Throw | Escalate) -> None:
    """Let the caller catch it; an interrupting catcher cancels the called instance."""
    with child.beside(step_id=command.step_id) as move:
        if command.step_id in move.rows:
            move.run(command)


def cancel_children(parent: "Turn", step_ids: Sequence[int]) -> None:
    """Cancel what was called by steps that have closed without waiting for it."""
    live = ProcessInstance.objects.live().filter(parent_step__in=step_ids).order_by("id")
    for child_id in live.values_list("pk", flat=True):
        with parent.beside(instance_id=child_id) as move:
            move.run(CancelAll())
            move.cancel(_("The process that called it no longer waits for it."))

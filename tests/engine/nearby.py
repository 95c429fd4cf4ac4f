"""What a turn loads of an instance, as a plain program: the neighbourhood of a step, and what was found lacking."""

from collections.abc import Collection, Mapping

from processes.engine.effects import Command
from processes.engine.needs import Beside, Inside, Need, Waiting
from processes.engine.state import Step, WaitsOn
from processes.engine.step_types import SUBSCRIPTION


def nearby(
    steps: Mapping[int, Step], focus: int, needs: Collection[Need]
) -> tuple[dict[int, Step], frozenset[int | None]]:
    """The live steps that a turn about `focus` loads, and the scopes in which it leaves out some."""
    near: set[int] = set()
    around = [focus] if focus in steps else []
    around += [
        step.id
        for step in steps.values()
        for need in needs
        if isinstance(need, Waiting) and (step.waits_on, step.topic) == (need.waits_on, need.topic)
    ]
    while around:
        step = steps[around.pop()]
        if step.id not in near:
            near.add(step.id)
            around += [other for other in (step.scope_id, step.host_id) if other in steps]
    scopes: set[int | None] = {None, *near}
    for step in steps.values():
        at_rest = step.element_type == SUBSCRIPTION or step.waits_on is WaitsOn.TOKENS
        if (
            (step.scope_id in scopes and at_rest)
            or Beside(step.scope_id) in needs
            or _is_in(step, steps, needs)
        ):
            near.add(step.id)
    near |= {step.id for step in steps.values() if step.host_id in near}
    return (
        {step_id: step for step_id, step in steps.items() if step_id in near},
        frozenset(step.scope_id for step in steps.values() if step.id not in near) & {None, *near},
    )


def _is_in(step: Step, steps: Mapping[int, Step], needs: Collection[Need]) -> bool:
    scope_id: int | None = step.scope_id
    while scope_id is not None:
        if Inside(scope_id) in needs:
            return True
        scope_id = steps[scope_id].scope_id
    return Inside(None) in needs


def focus_of(command: Command) -> int | None:
    """The step that the command is about; without one all live steps are loaded."""
    return getattr(command, "step_id", None)

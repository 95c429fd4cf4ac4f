"""What a turn loads of an instance, as a plain program: the neighbourhood of a step, and what was found lacking."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from processes.engine.effects import Command
from processes.engine.needs import Beside, Inside, Need, Standing, Tokens, Waiting
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
        if step.waits_on is not WaitsOn.CHILDREN or step.element_type == "adHocSubProcess"
    ]
    while around:
        step = steps[around.pop()]
        if step.id not in near:
            near.add(step.id)
            around += [other for other in (step.scope_id, step.host_id) if other in steps]
    scopes: set[int | None] = {None, *near}
    newest = {(step.element_id, step.scope_id): step.id for step in steps.values() if is_token(step)}
    near |= {step_id for (_, scope_id), step_id in newest.items() if scope_id in scopes}
    near |= {
        step.id
        for step in steps.values()
        if (step.scope_id in scopes and step.element_type == SUBSCRIPTION)
        or Beside(step.scope_id) in needs
        or (is_token(step) and Tokens(step.element_id, step.scope_id) in needs)
        or _is_in(step, steps, needs)
    }
    for need in needs:
        if isinstance(need, Standing):
            near |= set([step.id for step in steps.values() if stands(step, steps, need)][:1])
    near |= {step.id for step in steps.values() if step.host_id in near}
    return (
        {step_id: replace(step, items=None) for step_id, step in steps.items() if step_id in near},
        frozenset(step.scope_id for step in steps.values() if step.id not in near) & {None, *near},
    )


def is_token(step: Step) -> bool:
    """It waits at a join."""
    return step.waits_on is WaitsOn.TOKENS


def stands(step: Step, steps: Mapping[int, Step], need: Standing) -> bool:
    """Whether it is one of those of which the need wants any."""
    is_there = step.scope_id == need.scope_id and step.element_id in need.element_ids
    return (
        is_there
        and step.id not in need.besides
        and step.element_type != SUBSCRIPTION
        and step.host_id not in steps
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

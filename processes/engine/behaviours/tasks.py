"""Activities that a person, a worker or an expression does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from processes.engine.behaviours.base import Behaviour
from processes.engine.errors import Incident
from processes.engine.feel import FeelError
from processes.engine.settings import evaluate_settings
from processes.engine.state import Step, WaitsOn

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element


class UserTask(Behaviour):
    """Waits for a person; the answer becomes the variable named like the element.

    A step with a topic is answered, and a worker carries the answer out: if that fails, a retry keeps all.
    """

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        is_first = step.waits_on is WaitsOn.NOTHING  # a retry finds settings and boundary events as they are
        if is_first:
            step.kind = element.kind
            step.settings = evaluate_settings(run, step, element)
        run.wait(step, WaitsOn.PERSON, topic=step.topic)
        if is_first:
            run.attend(step, element)

    def complete(
        self, run: Execution, step: Step, element: Element, result: Any, variables: Mapping[str, Any]
    ) -> None:
        step.result = result
        run.put(step, {element.id: None, **variables} | ({} if result is None else {element.id: result}))
        run.close(step)
        run.leave(step, element)

    def skip(self, run: Execution, step: Step, element: Element, result: Any) -> None:
        step.result = result
        run.put(step, {element.id: result})
        super().skip(run, step, element, result)


class ServiceTask(Behaviour):
    """Waits for a worker that runs the named service.

    The result goes to the result variable, or, being a context without one, into variables.
    """

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        is_first = step.waits_on is WaitsOn.NOTHING  # a retry finds the boundary events as they are
        step.kind = "service"
        step.settings = evaluate_settings(run, step, element)
        run.wait(step, WaitsOn.WORKER, topic=element.service)
        if is_first:
            run.attend(step, element)

    def complete(
        self, run: Execution, step: Step, element: Element, result: Any, variables: Mapping[str, Any]
    ) -> None:
        step.result = result
        run.put(step, {**variables, **assignments(element, result)})
        run.close(step)
        run.leave(step, element)

    def skip(self, run: Execution, step: Step, element: Element, result: Any) -> None:
        if result is not None:
            step.result = result
            run.put(step, assignments(element, result))
        super().skip(run, step, element, result)


class ScriptTask(Behaviour):
    """Evaluates a FEEL expression: to the result variable, or each entry of a context to a variable."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        if element.script is not None:
            what = f"The script of “{run.caption(element)}”"
            step.result, notes = run.evaluate(element.script, step.place, what)
            if step.result is None and notes:
                raise Incident(f"{what} has no value: {notes}")
            run.put(step, assignments(element, step.result))
        run.close(step)
        run.leave(step, element)


class BusinessRuleTask(ServiceTask):
    """Decides by its table or by a decision of a DMN file, or lets the service that it names do so.

    Without a result variable the value of a single output goes to the variable of the output's name, that of an
    expression to the variable of its decision.
    """

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        decision = element.decision
        if decision is None:
            super().enter(run, step, element)
            return
        try:
            step.result = decision.decide(run.variables.seen_from(step.place), run.now)
        except FeelError as error:
            raise Incident(f"The decision of “{run.caption(element)}”: {error}") from error
        named = assignments(element, step.result) if element.result_variable else None
        run.put(step, decision.assignments(step.result) if named is None else named)
        run.close(step)
        run.leave(step, element)


def assignments(element: Element, result: Any) -> Mapping[str, Any]:
    """The variables that the result of a script or service sets."""
    if element.result_variable:
        return {element.result_variable: result}
    return result if isinstance(result, Mapping) else {}

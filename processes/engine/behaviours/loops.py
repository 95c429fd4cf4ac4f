"""Loops and multi-instance activities: a body that stays open, and one step for each time (BPMN 2.0.2, 13.3.6, 13.3.7).

The body carries the boundary events and, among its variables, the counts. Each instance is a step of the same
element inside it, with variables of its own: `loopCounter` (1 for the first), its item and, once it is through, its
output. The body collects the outputs when it ends, or when its completion condition asks for them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from processes.engine.behaviours.base import Behaviour
from processes.engine.behaviours.throwing import throw_event
from processes.engine.errors import Incident
from processes.engine.state import Status, Step, WaitsOn

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element, Loop

#: More instances than that are taken for a mistake.
MAX_INSTANCES = 10_000

COUNTER = "loopCounter"
#: What an instance has given, among its own variables.
OUTPUT = "loopOutput"
ALL, ACTIVE, COMPLETED = "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances"
#: The names of the specification (table 10.29) beside those that most engines use.
_STANDARD_NAMES = {
    ALL: "numberOfInstances",
    ACTIVE: "numberOfActiveInstances",
    COMPLETED: "numberOfCompletedInstances",
}


class Repeated(Behaviour):
    """What loops of both sorts have in common."""

    def enter(self, run: Execution, step: Step, element: Element) -> None:
        if step.waits_on is WaitsOn.CHILDREN:
            self.go_on(run, step, element)  # a retry: a condition could not be evaluated
        else:
            self.begin(run, step, element)

    def emptied(self, run: Execution, step: Step, element: Element) -> None:
        if step.status is Status.FAILED:
            return
        try:
            self.go_on(run, step, element)
        except Incident as incident:
            run.fail(step, str(incident))

    def begin(self, run: Execution, step: Step, element: Element) -> None:
        """The body opens. Raises Incident."""
        raise NotImplementedError

    def go_on(self, run: Execution, step: Step, element: Element) -> None:
        """An instance has ended: begin the next one, wait, or finish. Raises Incident."""
        raise NotImplementedError

    def instance_done(self, run: Execution, step: Step, element: Element, instance: Step) -> None:
        """An instance of the body `step` is through; if it was the last one live, `emptied` follows."""

    @staticmethod
    def open_body(run: Execution, step: Step, element: Element, variables: dict[str, Any]) -> bool:
        """Wait for instances; whether the body is still open then (a boundary event may happen at once)."""
        step.variables = variables
        run.wait(step, WaitsOn.CHILDREN)
        run.attend(step, element)
        return step.id in run.ledger.steps

    @staticmethod
    def open_instance(run: Execution, step: Step, element: Element, variables: dict[str, Any]) -> None:
        instance = run.open(element, scope_id=step.id)
        instance.variables = variables
        run.enter(instance, element)

    @staticmethod
    def finish(run: Execution, step: Step, element: Element) -> None:
        run.close(step)
        run.leave(step, element)


class StandardLoop(Repeated):
    """Does the activity again as long as the condition holds, at most `loopMaximum` times."""

    def begin(self, run: Execution, step: Step, element: Element) -> None:
        loop = _loop(element)
        step.variables = {COUNTER: Decimal(0)}
        if (loop.tests_before and not _holds(run, step, element)) or loop.maximum == 0:
            self.finish(run, step, element)
        elif self.open_body(run, step, element, step.variables):
            self._next(run, step, element)

    def go_on(self, run: Execution, step: Step, element: Element) -> None:
        if run.ledger.holding[step.id]:
            return
        maximum = _loop(element).maximum
        if (maximum is not None and step.variables[COUNTER] >= maximum) or not _holds(run, step, element):
            self.finish(run, step, element)
        else:
            self._next(run, step, element)

    def _next(self, run: Execution, step: Step, element: Element) -> None:
        run.count_activation()
        count = step.variables[COUNTER] + 1
        run.variables.set_own(step, COUNTER, count)
        run.ledger.touch(step)
        self.open_instance(run, step, element, {COUNTER: count})


class MultiInstance(Repeated):
    """Does the activity once for each item of a collection, or as often as the cardinality says."""

    def begin(self, run: Execution, step: Step, element: Element) -> None:
        loop = _loop(element)
        items = _items(run, step, element)
        wanted = Decimal(len(items)) if items is not None else _cardinality(run, step, element)
        if wanted > MAX_INSTANCES:
            raise Incident(
                f"“{run.caption(element)}” would have {wanted:,} instances; more than {MAX_INSTANCES:,} are refused."
            )
        count = int(wanted)  # not before: of an exponent of thousands it would write out every digit
        variables: dict[str, Any] = {
            ALL: Decimal(count),
            ACTIVE: Decimal(0 if loop.sequential else count),
            COMPLETED: Decimal(0),
        }
        if output := _output(element):
            variables[output] = None  # what stands outside is hidden until all outputs are in
        if loop.sequential:
            variables[COUNTER] = Decimal(0)
            step.items = items
        if not self.open_body(run, step, element, variables):
            return
        if count == 0:
            self.finish(run, step, element)
        elif loop.sequential:
            self._next(run, step, element)
        else:
            for number in range(1, count + 1):
                if step.id not in run.ledger.steps:
                    return  # the completion condition holds already, or an error has ended all
                self._instance(run, step, element, number, items and items[number - 1])

    def go_on(self, run: Execution, step: Step, element: Element) -> None:
        if step.variables[COMPLETED] and _is_complete(run, step, element, {}):
            self.finish(run, step, element)
        elif run.ledger.holding[step.id]:
            return
        elif _loop(element).sequential and step.variables[COUNTER] < step.variables[ALL]:
            self._next(run, step, element)
        else:
            self.finish(run, step, element)

    def instance_done(self, run: Execution, step: Step, element: Element, instance: Step) -> None:
        run.ledger.touch(step)
        try:
            if _output(element):
                value = _output_item(run, step, element, instance)
                instance.variables = {**instance.variables, OUTPUT: value}
                run.ledger.note_output(step, int(instance.variables[COUNTER]), value)
            run.variables.set_own(step, ACTIVE, step.variables[ACTIVE] - 1)
            run.variables.set_own(step, COMPLETED, step.variables[COMPLETED] + 1)
            _throw(run, step, element, instance.variables)
            if step.id not in run.ledger.steps:
                return  # what it has thrown has ended it
            if step.status is Status.PENDING and _is_complete(run, step, element, instance.variables):
                self.finish(run, step, element)
        except Incident as incident:
            run.fail(step, str(incident))

    @staticmethod
    def finish(run: Execution, step: Step, element: Element) -> None:
        if output := _output(element):
            run.put_outside(step, {output: _outputs(run, step, output)})
        run.close(step)
        run.leave(step, element)

    def _next(self, run: Execution, step: Step, element: Element) -> None:
        run.count_activation()
        number = int(step.variables[COUNTER]) + 1
        run.variables.set_own(step, COUNTER, Decimal(number))
        run.variables.set_own(step, ACTIVE, Decimal(1))
        run.ledger.touch(step)
        self._instance(run, step, element, number, _item(run, step, element, number))

    def _instance(self, run: Execution, step: Step, element: Element, number: int, item: Any) -> None:
        variables: dict[str, Any] = {COUNTER: Decimal(number)}
        if element.type == "userTask":
            variables[element.id] = None  # the answer of each stays its own
        loop = _loop(element)
        if loop.collection is not None and loop.item:
            variables[loop.item] = item
        self.open_instance(run, step, element, variables)


def _loop(element: Element) -> Loop:
    assert element.loop is not None
    return element.loop


def _output(element: Element) -> str:
    """The variable that gets the outputs in the order of the instances; of a human step its own answers."""
    return _loop(element).output or (element.id if element.type == "userTask" else "")


def _outputs(run: Execution, step: Step, output: str) -> list[Any]:
    """What the instances of this body have given so far, in their order; null where one has given nothing.

    Each value stands with its instance, so that an instance costs the same however many there are. (The body of
    an instance that began before that was so has them itself.)
    """
    count, kept = int(step.variables[ALL]), step.variables[output]
    found = list(kept) if isinstance(kept, list) and len(kept) == count else [None] * count
    for number, value in run.ledger.outputs(step).items():
        found[number - 1] = value
    return found


def _output_item(run: Execution, step: Step, element: Element, instance: Step) -> Any:
    expression = _loop(element).output_item
    if expression is None:
        return instance.result
    what = f"The output of “{run.caption(element)}”"
    return run.evaluate(expression, step.id, what, given=instance.variables)[0]


def _items(run: Execution, step: Step, element: Element) -> list[Any] | None:
    """The collection; None where there is none. Raises Incident."""
    expression = _loop(element).collection
    if expression is None:
        return None
    what = f"The collection of “{run.caption(element)}”"
    value, notes = run.evaluate(expression, step.scope_id, what)
    if not isinstance(value, list):
        raise Incident(f"{what} is not a list. {notes}".strip())
    return value


def _item(run: Execution, step: Step, element: Element, number: int) -> Any:
    """The item of one instance; None where there is no collection."""
    return None if _loop(element).collection is None else run.ledger.item(step, number)


def _cardinality(run: Execution, step: Step, element: Element) -> Decimal:
    """Raises Incident."""
    expression = _loop(element).cardinality
    what = f"The number of instances of “{run.caption(element)}”"
    if expression is None:
        raise Incident(f"{what} is not given.")
    value, notes = run.evaluate(expression, step.scope_id, what)
    number = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
    if number is None or number < 0 or number != number.to_integral_value():
        raise Incident(f"{what} is not a whole number. {notes}".strip())
    return number


def _throw(run: Execution, step: Step, element: Element, own: dict[str, Any]) -> None:
    """What the activity throws because one more instance is through; its boundary events hear it (table 10.30)."""
    for thrown in _loop(element).thrown:
        if step.id not in run.ledger.steps:
            return
        if thrown.first_only and step.variables[COMPLETED] > 1:
            continue
        what = f"The condition of an event that “{run.caption(element)}” throws"
        if (
            thrown.condition is None
            or run.evaluate(thrown.condition, step.id, what, given=_counts(step) | own)[0] is True
        ):
            throw_event(run, step, element, thrown.event)


def _counts(step: Step) -> dict[str, Any]:
    return {name: step.variables[ours] for ours, name in _STANDARD_NAMES.items()}


def _is_complete(run: Execution, step: Step, element: Element, own: dict[str, Any]) -> bool:
    """Whether the completion condition holds, as seen by the instance with these variables."""
    condition = _loop(element).condition
    if condition is None:
        return False
    given = _counts(step)
    output = _output(element)
    if output in condition.names and output not in own:
        given[output] = _outputs(run, step, output)
    what = f"The completion condition of “{run.caption(element)}”"
    return run.evaluate(condition, step.id, what, given=given | own)[0] is True


def _holds(run: Execution, step: Step, element: Element) -> bool:
    """Whether a loop goes on; without a condition it does."""
    condition = _loop(element).condition
    if condition is None:
        return True
    what = f"The loop condition of “{run.caption(element)}”"
    return run.evaluate(condition, step.scope_id, what, given=step.variables)[0] is True

"""The moves of which every turn consists: open, wait, fail, close, send tokens, empty a scope."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from processes.engine.effects import Call
from processes.engine.errors import Incident, NotPossible
from processes.engine.feel import Expression, FeelError
from processes.engine.flows import choose
from processes.engine.ledger import Ledger
from processes.engine.looking import look_at_conditions, look_at_rest
from processes.engine.model import ACTIVITIES, MAX_NAME, Definition, Element, Value
from processes.engine.state import State, Status, Step, WaitsOn
from processes.engine.step_types import GATHERING, IMPLICIT_SPLIT, STANDING_FOR, SUBSCRIPTION
from processes.engine.variables import Variables

if TYPE_CHECKING:
    from processes.engine.behaviours.base import Behaviour

#: Activations of elements in one turn; more is taken for an endless loop of automatic elements.
MAX_ACTIVATIONS = 10_000

_EVENTS = {
    Status.COMPLETED: "step-completed",
    Status.CANCELLED: "step-cancelled",
    Status.SKIPPED: "step-skipped",
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A token on its way to an element."""

    element: Element
    flow_id: str
    scope_id: int | None


@dataclass(frozen=True, slots=True)
class Emptied:
    """The last thing that kept a scope open is gone, unless something new has come since."""

    scope_id: int | None


class Execution:
    """One turn in memory. Works on copies; `execute` turns what happened into an `Outcome`.

    All work goes through a first-in-first-out queue, so that nesting costs no recursion and the order is
    always the same. What `reaches_out` has to wait until nothing else moves: whoever is about to wait hears it.
    """

    def __init__(
        self, definition: Definition, state: State, now: datetime, behaviours: Mapping[str, Behaviour]
    ) -> None:
        self.definition = definition
        self.now = now
        self.behaviours = behaviours
        self.ledger = Ledger(state)
        self.variables = Variables(state, self.ledger.steps)
        self.calls: list[Call] = []
        self.escalated: list[str] = []
        self.uncaught: str | None = None
        self.writes_seen = 0  # writes of variables that conditions know of
        self.has_ended = False
        self.activations = 0
        self._queue: deque[Arrival | Emptied] = deque()
        self._later: deque[Step] = deque()
        self._travelling: Counter[int | None] = Counter()  # tokens in the queue, by scope

    # -- reading

    @staticmethod
    def caption(element: Element) -> str:
        return element.name or element.id

    def element_of(self, step: Step) -> Element:
        """Raises NotPossible if the diagram has no such element."""
        try:
            return self.definition.elements[step.element_id]
        except KeyError:
            raise NotPossible(
                "unknown_element", "The diagram has no element “{element}”.", element=step.element_id
            ) from None

    def behaviour_of(self, step: Step, element: Element) -> Behaviour:
        """Raises NotPossible if the engine cannot run such an element."""
        if step.element_type in STANDING_FOR:
            name = step.element_type
        elif element.loop is not None and self.body_of(step) is None:
            name = element.loop.type
        else:
            name = element.construct
        try:
            return self.behaviours[name]
        except KeyError:
            raise NotPossible(
                "not_executable", "“{element}” cannot be run: {type}.", element=element.id, type=name
            ) from None

    def body_of(self, step: Step) -> Step | None:
        """The loop or multi-instance activity that the step is one instance of."""
        scope = self.ledger.steps.get(step.scope_id) if step.scope_id is not None else None
        is_instance = scope is not None and scope.element_id == step.element_id
        return scope if is_instance and step.element_type not in STANDING_FOR else None

    def is_ad_hoc(self, step: Step) -> bool:
        """Whether activities stand right inside it without an order; not the body of a loop of such."""
        element = self.element_of(step)
        is_one = element.loop is None or self.body_of(step) is not None
        return step.element_type == "adHocSubProcess" and is_one

    def evaluate(
        self,
        expression: Expression,
        scope_id: int | None,
        what: str,
        given: Mapping[str, Any] | None = None,
    ) -> tuple[Any, str]:
        """The value, and why parts of it became null; `given` wins over variables of the same name.

        Raises Incident with a sentence that begins with `what`.
        """
        seen = self.variables.seen_from(scope_id, given)
        try:
            value, notes = expression.evaluate_with_notes(seen, now=self.now)
        except FeelError as error:
            raise Incident(f"{what}: {error}") from error
        return value, " ".join(notes)

    def resolve(self, value: Value, scope_id: int | None, what: str) -> Any:
        """Plain text as it is, an expression evaluated. Raises Incident."""
        return self.evaluate(value, scope_id, what)[0] if isinstance(value, Expression) else value

    # -- moving one step

    def open(
        self,
        element: Element,
        *,
        scope_id: int | None,
        flow_id: str = "",
        host_id: int | None = None,
        element_type: str = "",
    ) -> Step:
        """A new pending step; what it does is up to its behaviour."""
        return self.ledger.birth(
            element,
            scope_id=scope_id,
            flow_id=flow_id,
            host_id=host_id,
            element_type=element_type,
            opened_at=self.now,
        )

    def enter(self, step: Step, element: Element) -> None:
        """Run the behaviour; an incident marks the step failed and harms nothing else."""
        try:
            self.behaviour_of(step, element).enter(self, step, element)
        except Incident as incident:
            self.fail(step, str(incident))

    def deliver(self, step: Step, variables: Mapping[str, Any]) -> None:
        """Hand a message or signal to the step; an incident harms it alone."""
        element = self.element_of(step)
        try:
            self.behaviour_of(step, element).deliver(self, step, element, variables)
        except Incident as incident:
            self.fail(step, str(incident))

    def wait(self, step: Step, waits_on: WaitsOn, *, topic: str = "", due_at: datetime | None = None) -> None:
        """Leave the step pending; also again, after a retry or for the next firing of a timer. Raises Incident."""
        if len(topic) > MAX_NAME:
            raise Incident(
                f"“{step.name or step.element_id}” waits for a name of more than {MAX_NAME} characters."
            )
        self.ledger.touch(step)
        step.waits_on, step.topic, step.due_at = waits_on, topic, due_at
        if step.id not in self.ledger.before:
            self.ledger.tell("step-opened", step)

    def fail(self, step: Step, error: str) -> None:
        """Open an incident: the token stays where it is until a retry or a skip."""
        self.ledger.touch(step)
        step.status, step.error, step.closed_at = Status.FAILED, error, self.now
        if step.waits_on is not WaitsOn.TIMER:  # there it counts the firings
            step.attempts += 1
        self.ledger.tell("step-failed", step, error=error)

    def reopen(self, step: Step) -> None:
        """Close the incident of a failed step that is about to run again."""
        self.ledger.touch(step)
        step.status, step.error, step.closed_at = Status.PENDING, "", None
        self.ledger.tell("step-retried", step)

    def close(self, step: Step, status: Status = Status.COMPLETED) -> None:
        """End the step, with everything inside it and attached to it; its token is gone unless sent on."""
        if step.waits_on is WaitsOn.CHILDREN:
            self.cancel_inside(step.id)
        for attached in self.ledger.attached(step):
            self._end(attached, Status.CANCELLED)
        self._end(step, status)

    def cancel_inside(self, scope_id: int | None) -> None:
        """Cancel every live step and token of a scope, however deep, innermost first."""
        inside = self.ledger.inside(scope_id)
        scopes = [scope_id, *(step.id for step in inside)]
        self._drop_tokens([scope for scope in scopes if self._travelling[scope]])
        for step in reversed(inside):
            self._end(step, Status.CANCELLED)

    def put(self, step: Step, values: Mapping[str, Any]) -> None:
        """Assign variables as seen from the step: itself or the nearest scope that has one, else the instance."""
        self._write(step, step.place, values)

    def put_outside(self, step: Step, values: Mapping[str, Any]) -> None:
        """The same, past the variables of the step itself."""
        self._write(step, step.scope_id, values)

    def _write(self, step: Step, scope_id: int | None, values: Mapping[str, Any]) -> None:
        for written in self.variables.write(scope_id, values, step_id=step.id):
            self.ledger.touch(self.ledger.steps[written])

    # -- moving tokens

    def leave(self, step: Step, element: Element) -> None:
        """Send a token over every outgoing flow that accepts one; an activity may have conditions.

        If none does, the token stays in a failed step of its own. What is one instance of several goes nowhere.
        """
        body = self.body_of(step)
        if body is not None:
            self.behaviour_of(body, element).instance_done(self, body, element, step)
            return
        try:
            flows = choose(self, element, step.scope_id)
        except Incident as incident:
            split = self.open(element, scope_id=step.scope_id, element_type=IMPLICIT_SPLIT)
            self.fail(split, str(incident))
        else:
            self.send(step, flows * element.completion_quantity)
        scope = self.ledger.steps.get(step.scope_id) if step.scope_id is not None else None
        if scope is not None and element.type in ACTIVITIES:
            holder = self.element_of(scope)
            self.behaviour_of(scope, holder).activity_done(self, scope, holder)

    def send(self, step: Step, flows: Iterable[str]) -> None:
        for flow_id in flows:
            target = self.definition.elements[self.definition.flows[flow_id].target]
            self.arrive(target, step.scope_id, flow_id)

    def arrive(self, element: Element, scope_id: int | None, flow_id: str = "") -> None:
        """Queue a token for an element."""
        self.ledger.holding[scope_id] += 1
        self._travelling[scope_id] += 1
        self._queue.append(Arrival(element, flow_id, scope_id))

    def begin(self, scope_id: int | None, entries: Iterable[Element]) -> None:
        """Put a token on each entry of a scope and subscribe its event sub-processes.

        A scope without entries is empty at once.
        """
        for element in entries:
            self.arrive(element, scope_id)
        holder = None if scope_id is None else self.ledger.steps[scope_id].element_id
        for start in self.definition.event_starts.get(holder, ()):
            if any(event.is_awaited for event in start.events):
                step = self.open(start, scope_id=scope_id, element_type=SUBSCRIPTION)
                self.enter(step, start)
                if start.interrupting and not step.is_live:
                    break  # its condition holds already: it stands in for all else
        self.look_if_empty(scope_id)

    def attend(self, step: Step, element: Element) -> None:
        """Subscribe the boundary events of an activity that has begun to wait; those of a loop are its body's."""
        if self.body_of(step) is not None:
            return
        for boundary in self.definition.boundaries.get(element.id, ()):
            if step.id in self.ledger.steps and any(event.is_awaited for event in boundary.events):
                self.enter(self.open(boundary, scope_id=step.scope_id, host_id=step.id), boundary)

    def run(self) -> None:
        """Work until nothing moves by itself any more."""
        look_at_conditions(self)
        while self._move() or look_at_rest(self):
            look_at_conditions(self)

    def _move(self) -> bool:
        """One piece of work; whether there was any."""
        if self._queue:
            work = self._queue.popleft()
            if isinstance(work, Arrival):
                self._receive(work)
            elif not self.ledger.holding[work.scope_id]:
                self._empty(work.scope_id)
        elif self._later:
            step = self._later.popleft()
            if step.id in self.ledger.steps:  # else another one has ended its scope
                self.enter(step, self.element_of(step))
        else:
            return False
        return True

    def _receive(self, arrival: Arrival) -> None:
        step = self.open(
            arrival.element,
            scope_id=arrival.scope_id,
            flow_id=arrival.flow_id,
            element_type=GATHERING if arrival.element.start_quantity > 1 else "",
        )
        self.ledger.holding[arrival.scope_id] -= 1  # the step has taken over from the token
        self._travelling[arrival.scope_id] -= 1
        try:
            self.count_activation()
        except Incident as incident:
            self.fail(step, str(incident))
            return
        if arrival.element.reaches_out:
            self._later.append(step)
        else:
            self.enter(step, arrival.element)

    def count_activation(self) -> None:
        """Raises Incident when there were too many in this turn."""
        self.activations += 1
        if self.activations > MAX_ACTIVATIONS:
            raise Incident(
                f"More than {MAX_ACTIVATIONS:,} elements were passed in one go: is this an endless loop?"
            )

    def _empty(self, scope_id: int | None) -> None:
        if scope_id is None:
            self.cancel_inside(None)  # what does not keep the instance going ends with it
            self.has_ended = True
        elif scope_id in self.ledger.steps:
            step = self.ledger.steps[scope_id]
            element = self.element_of(step)
            self.behaviour_of(step, element).emptied(self, step, element)

    def _end(self, step: Step, status: Status) -> None:
        self.ledger.touch(step)
        if self.ledger.is_noteworthy(step):
            self.ledger.tell(_EVENTS[status], step)
        self.ledger.remove(step)
        step.status, step.closed_at = status, self.now
        can_be_undone = (
            step.element_id in self.definition.compensable and step.element_type not in STANDING_FOR
        )
        if status is Status.COMPLETED and can_be_undone:
            self.ledger.undoing.remember(step)
        self.look_if_empty(step.scope_id)

    def look_if_empty(self, scope_id: int | None) -> None:
        """Queue the end of a scope that nothing keeps open."""
        if not self.ledger.holding[scope_id]:
            self._queue.append(Emptied(scope_id))

    def _drop_tokens(self, scopes: list[int | None]) -> None:
        if not scopes:
            return
        gone = frozenset(scopes)
        self._queue = deque(
            work for work in self._queue if isinstance(work, Emptied) or work.scope_id not in gone
        )
        for scope_id in scopes:
            self.ledger.holding[scope_id] -= self._travelling.pop(scope_id)
            self.look_if_empty(scope_id)

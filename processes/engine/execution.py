"""The moves of which every turn consists: open, wait, fail, close, send tokens, empty a scope."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from processes.engine.effects import Event
from processes.engine.errors import Incident, NotPossible
from processes.engine.feel import Expression, FeelError
from processes.engine.model import Definition, Element, Value
from processes.engine.state import State, Status, Step, WaitsOn
from processes.engine.variables import Variables

if TYPE_CHECKING:
    from processes.engine.behaviours.base import Behaviour

#: Activations of elements in one turn; more is taken for an endless loop of automatic elements.
MAX_ACTIVATIONS = 10_000

#: The type of the step that holds a token which an activity could not send on: the activity is done,
#: so it is not run again, but its conditional flows act like a gateway (BPMN 2.0.2, 13.3.1).
IMPLICIT_SPLIT = "implicitSplit"

_EVENTS = {
    Status.COMPLETED: "step-completed",
    Status.CANCELLED: "step-cancelled",
    Status.FAILED: "step-failed",
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
    """The last live step of a scope has closed."""

    scope_id: int | None


class Execution:
    """One turn in memory. Works on copies; `execute` turns what happened into an `Outcome`.

    All work goes through one first-in-first-out queue, so that nesting costs no recursion and the
    order is always the same.
    """

    def __init__(
        self, definition: Definition, state: State, now: datetime, behaviours: Mapping[str, Behaviour]
    ) -> None:
        self.definition = definition
        self.now = now
        self.behaviours = behaviours
        self.steps = {step_id: copy(step) for step_id, step in state.steps.items()}
        self.variables = Variables(state, self.steps)
        self.before = {step_id: step.status for step_id, step in self.steps.items()}
        self.touched: dict[int, Step] = {}
        self.opened: list[Step] = []
        self.events: list[Event] = []
        self.ended = False
        self.activations = 0
        self._queue: deque[Arrival | Emptied] = deque()
        # What keeps a scope open: its live steps, attendants apart, and the tokens on their way to it.
        self._holding: Counter[int | None] = Counter()
        self._inside: dict[int | None, dict[int, Step]] = defaultdict(dict)
        self._attached: dict[int, dict[int, Step]] = defaultdict(dict)
        self._arrived: dict[tuple[str, int | None], dict[str, deque[Step]]] = {}
        for step in self.steps.values():
            self._index(step)

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
        name = IMPLICIT_SPLIT if step.element_type == IMPLICIT_SPLIT else element.construct
        try:
            return self.behaviours[name]
        except KeyError:
            raise NotPossible(
                "not_executable", "“{element}” cannot be run: {type}.", element=element.id, type=name
            ) from None

    def evaluate(self, expression: Expression, scope_id: int | None, what: str) -> Any:
        """Raises Incident with a sentence that begins with `what`."""
        try:
            return expression.evaluate(self.variables.seen_from(scope_id), now=self.now)
        except FeelError as error:
            raise Incident(f"{what}: {error}") from error

    def resolve(self, value: Value, scope_id: int | None, what: str) -> Any:
        """Plain text as it is, an expression evaluated. Raises Incident."""
        return self.evaluate(value, scope_id, what) if isinstance(value, Expression) else value

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
        step = Step(
            id=-1 - len(self.opened),
            element_id=element.id,
            element_type=element_type or element.type,
            name=element.name,
            flow_id=flow_id,
            scope_id=scope_id,
            host_id=host_id,
            opened_at=self.now,
        )
        self.steps[step.id] = step
        self.opened.append(step)
        self._index(step)
        return step

    def enter(self, step: Step, element: Element) -> None:
        """Run the behaviour; an incident marks the step failed and harms nothing else."""
        try:
            self.behaviour_of(step, element).enter(self, step, element)
        except Incident as incident:
            self.fail(step, str(incident))

    def wait(self, step: Step, waits_on: WaitsOn, *, topic: str = "", due_at: datetime | None = None) -> None:
        self.touch(step)
        step.waits_on, step.topic, step.due_at = waits_on, topic, due_at
        if step.id not in self.before:
            self.tell("step-opened", step)

    def fail(self, step: Step, error: str) -> None:
        """Open an incident: the token stays where it is until a retry or a skip."""
        self.touch(step)
        step.status, step.error, step.closed_at = Status.FAILED, error, self.now
        if step.waits_on is not WaitsOn.TIMER:  # there it counts the firings
            step.attempts += 1
        self.tell("step-failed", step, error=error)

    def reopen(self, step: Step) -> None:
        self.touch(step)
        step.status, step.error, step.closed_at = Status.PENDING, "", None
        self.tell("step-retried", step)

    def close(self, step: Step, status: Status = Status.COMPLETED) -> None:
        """End the step, with everything inside it and attached to it; its token is gone unless sent on."""
        if step.id in self._inside:
            self.cancel_inside(step.id)
        for attached in tuple(self._attached.get(step.id, {}).values()):
            self._end(attached, Status.CANCELLED)
        self._end(step, status)

    def cancel_inside(self, scope_id: int | None) -> None:
        """Cancel every live step and token of a scope, however deep, innermost first."""
        order: list[Step] = []
        todo: list[int | None] = [scope_id]
        scopes: set[int | None] = set()
        while todo:
            scope = todo.pop()
            scopes.add(scope)
            inside = self._inside.get(scope, {}).values()
            order.extend(inside)
            todo.extend(step.id for step in inside if step.id in self._inside)
        self._drop_tokens(scopes)
        for step in reversed(order):
            self._end(step, Status.CANCELLED)

    def put_instance(self, values: Mapping[str, Any]) -> None:
        self.variables.write(None, values)

    def put(self, step: Step, values: Mapping[str, Any]) -> None:
        """Assign variables as seen from the step."""
        for scope_id in self.variables.write(step.scope_id, values):
            self.touch(self.steps[scope_id])

    # -- moving tokens

    def leave(self, step: Step, element: Element) -> None:
        """Send a token over every outgoing flow that accepts one; an activity may have conditions.

        If none does, the token stays in a failed step of its own.
        """
        try:
            flows = self.choose(element, step.scope_id)
        except Incident as incident:
            split = self.open(element, scope_id=step.scope_id, element_type=IMPLICIT_SPLIT)
            self.fail(split, str(incident))
        else:
            self.send(step, flows)

    def choose(self, element: Element, scope_id: int | None, *, limit: int | None = None) -> list[str]:
        """The flows to take: unconditional or true, at most `limit`, else the default.

        Raises Incident, naming each condition and its value, if there are flows and none accepts.
        """
        taken: list[str] = []
        seen: list[str] = []
        for flow_id in element.outgoing:
            flow = self.definition.flows[flow_id]
            if flow_id == element.default:
                continue
            if flow.condition is not None:
                what = f"The condition of the flow “{flow.name or flow.id}” ({flow.condition.source})"
                value = self.evaluate(flow.condition, scope_id, what)
                if value is not True:
                    seen.append(f"“{flow.name or flow.id}” ({flow.condition.source}) is {show(value)}")
                    continue
            taken.append(flow_id)
            if len(taken) == limit:
                break
        if not taken and element.default:
            taken.append(element.default)
        if not taken and element.outgoing:
            raise Incident(
                f"No flow out of “{self.caption(element)}” is true and there is no default: "
                + "; ".join(seen)
                + "."
            )
        return taken

    def send(self, step: Step, flows: Iterable[str]) -> None:
        for flow_id in flows:
            target = self.definition.elements[self.definition.flows[flow_id].target]
            self.arrive(target, step.scope_id, flow_id)

    def arrive(self, element: Element, scope_id: int | None, flow_id: str = "") -> None:
        """Queue a token for an element."""
        self._holding[scope_id] += 1
        self._queue.append(Arrival(element, flow_id, scope_id))

    def arrived(self, step: Step) -> dict[str, deque[Step]]:
        """The tokens that wait at the join of this step, by the flow they came by, oldest first."""
        return self._arrived.setdefault((step.element_id, step.scope_id), {})

    def hold_token(self, step: Step) -> None:
        self.arrived(step).setdefault(step.flow_id, deque()).append(step)

    def begin(self, scope_id: int | None, entries: Iterable[Element]) -> None:
        """Put a token on each entry of a scope; a scope without entries is empty at once."""
        for element in entries:
            self.arrive(element, scope_id)
        if not self._holding[scope_id]:
            self._queue.append(Emptied(scope_id))

    def attend(self, step: Step, element: Element) -> None:
        """Subscribe the boundary events of an activity that has begun to wait."""
        for boundary in self.definition.boundaries.get(element.id, ()):
            self.enter(self.open(boundary, scope_id=step.scope_id, host_id=step.id), boundary)

    def run(self) -> None:
        """Work until nothing moves by itself any more."""
        while self._queue:
            work = self._queue.popleft()
            if isinstance(work, Arrival):
                self._receive(work)
            elif not self._holding[work.scope_id]:
                self._empty(work.scope_id)

    # -- bookkeeping

    def touch(self, step: Step) -> None:
        if step.id in self.before:
            self.touched.setdefault(step.id, step)

    def tell(self, kind: str, step: Step, **data: Any) -> None:
        self.events.append(Event(kind, step.id, {"element": step.element_id, **data}))

    def _receive(self, arrival: Arrival) -> None:
        self.activations += 1
        step = self.open(arrival.element, scope_id=arrival.scope_id, flow_id=arrival.flow_id)
        self._release(arrival.scope_id)
        if self.activations > MAX_ACTIVATIONS:
            self.fail(
                step,
                f"More than {MAX_ACTIVATIONS:,} elements were passed in one go: is this an endless loop?",
            )
        else:
            self.enter(step, arrival.element)

    def _empty(self, scope_id: int | None) -> None:
        self.cancel_inside(scope_id)  # attendants do not keep a scope open
        if scope_id is None:
            self.ended = True
        elif scope_id in self.steps:
            step = self.steps[scope_id]
            element = self.element_of(step)
            self.behaviour_of(step, element).emptied(self, step, element)

    def _index(self, step: Step) -> None:
        self._inside[step.scope_id][step.id] = step
        if step.host_id is not None:
            self._attached[step.host_id][step.id] = step
        else:
            self._holding[step.scope_id] += 1
        if step.waits_on is WaitsOn.TOKENS:
            self.hold_token(step)

    def _release(self, scope_id: int | None) -> None:
        self._holding[scope_id] -= 1
        if not self._holding[scope_id]:
            self._queue.append(Emptied(scope_id))

    def _end(self, step: Step, status: Status) -> None:
        self.touch(step)
        noted = step.id in self.before or step.waits_on is not WaitsOn.NOTHING
        noted = noted or step.status is Status.FAILED
        step.status, step.closed_at = status, self.now
        del self.steps[step.id]
        del self._inside[step.scope_id][step.id]
        if step.waits_on is WaitsOn.TOKENS:
            self._forget_token(step)
        if step.host_id is not None:
            self._attached[step.host_id].pop(step.id, None)
        else:
            self._release(step.scope_id)
        if noted:
            self.tell(_EVENTS[status], step)

    def _forget_token(self, step: Step) -> None:
        arrived = self.arrived(step)
        arrived[step.flow_id].remove(step)
        if not arrived[step.flow_id]:
            del arrived[step.flow_id]

    def _drop_tokens(self, scopes: set[int | None]) -> None:
        kept: deque[Arrival | Emptied] = deque()
        dropped: list[Arrival] = []
        for work in self._queue:
            if isinstance(work, Arrival) and work.scope_id in scopes:
                dropped.append(work)
            else:
                kept.append(work)
        self._queue = kept
        for arrival in dropped:
            self._release(arrival.scope_id)


def show(value: Any) -> str:
    """A value as FEEL would write it, for sentences."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)

"""The steps of one turn: copies of the live ones, the new ones, and who is inside, attached, waiting."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any

from processes.engine.effects import Event
from processes.engine.model import Element
from processes.engine.needs import (
    Beside,
    Inside,
    Item,
    Lacking,
    Outputs,
    Standing,
    Tokens,
    Waiting,
)
from processes.engine.state import State, Status, Step, WaitsOn
from processes.engine.step_types import SUBSCRIPTION
from processes.engine.undoing import Undoing

#: Where the settings of a token that waits at a join say how many waited there when it came, by flow, itself included.
ARRIVED = "arrived"

#: The element and the scope of a join.
Join = tuple[str, int | None]


class Ledger:
    """Every change of a step passes here, so that the counts below are always right.

    `holding` counts what keeps a scope open: its live steps, apart from subscriptions of events, and the
    tokens on their way to it. Look-ups of scopes, hosts and joins cost the same however many
    steps are live; only signals, conditions and compensation walk over them. The newest token at a join knows how
    many wait there, so that the others may stay hidden until the join goes on.

    A scope in which the state hides steps is held open by them; whoever has to see them raises Lacking.
    """

    def __init__(self, state: State) -> None:
        self.steps = {step_id: copy(step) for step_id, step in state.steps.items()}
        self.before = {step_id: step.status for step_id, step in self.steps.items()}
        self.touched: dict[int, Step] = {}
        self.opened: list[Step] = []
        self.events: list[Event] = []
        self.holding: Counter[int | None] = Counter(state.hidden)
        self.undoing = Undoing(state)
        self._hidden = state.hidden
        self._met = state.met
        self._known_outputs = state.outputs
        self._known_items = state.items
        self._new_outputs: dict[int, dict[int, Any]] = defaultdict(dict)
        self._watching: set[int] = set()
        self._inside: dict[int | None, dict[int, Step]] = defaultdict(dict)
        self._attached: dict[int, dict[int, Step]] = defaultdict(dict)
        self._arrived: dict[Join, dict[str, deque[Step]]] = defaultdict(dict)
        self._filled: dict[Join, Counter[str]] = defaultdict(Counter)
        self._left_by_some: set[Join] = set()  # the newest token may not know of that
        for step in self.steps.values():
            self._enter(step)
        for join, tokens in self._arrived.items():
            newest = max((each for flow in tokens.values() for each in flow), key=self.age)
            self._filled[join] = Counter(newest.settings[ARRIVED])

    def birth(self, element: Element, **columns: Any) -> Step:
        """A new pending step with the next negative id."""
        step = Step(
            id=-1 - len(self.opened),
            element_id=element.id,
            element_type=columns.pop("element_type", "") or element.type,
            name=element.name,
            **columns,
        )
        self.steps[step.id] = step
        self.opened.append(step)
        self._enter(step)
        return step

    def remove(self, step: Step) -> None:
        """Take a step that is about to close out of all look-ups."""
        del self.steps[step.id]
        del self._inside[step.scope_id][step.id]
        if step.waits_on is WaitsOn.TOKENS:
            self._take_token(step)
        if step.id not in self._watching:
            self.holding[step.scope_id] -= 1
        elif step.host_id is not None:
            self._attached[step.host_id].pop(step.id, None)

    def hold_token(self, step: Step) -> None:
        """The step waits at a join."""
        join = step.element_id, step.scope_id
        self._arrived[join].setdefault(step.flow_id, deque()).append(step)
        self._filled[join][step.flow_id] += 1
        step.settings = {**step.settings, ARRIVED: dict(self._filled[join])}

    def filled(self, step: Step) -> Mapping[str, int]:
        """How many tokens wait at the join of this step, by the flow they came by; flows without any are left out."""
        return self._filled[step.element_id, step.scope_id]

    def arrived(self, step: Step) -> dict[str, deque[Step]]:
        """The tokens that wait at the join of this step, by the flow they came by, oldest first. Raises Lacking."""
        join = step.element_id, step.scope_id
        tokens = self._arrived[join]
        if sum(map(len, tokens.values())) < self._filled[join].total():
            raise Lacking(Tokens(*join))
        return tokens

    def joins(self) -> list[Step]:
        """The newest token of each join where any waits, the oldest first."""
        waiting = [[tokens[-1] for tokens in join.values()] for join in self._arrived.values() if join]
        return sorted((max(newest, key=self.age) for newest in waiting), key=self.age)

    def _take_token(self, step: Step) -> None:
        join = step.element_id, step.scope_id
        tokens = self.arrived(step)
        tokens[step.flow_id].remove(step)
        if not tokens[step.flow_id]:
            del tokens[step.flow_id]
        self._filled[join] -= Counter([step.flow_id])  # drops what is zero
        self._left_by_some.add(join)

    @staticmethod
    def age(step: Step) -> tuple[bool, int]:
        """Sorts by birth: those born in this turn count downwards."""
        return step.id < 0, abs(step.id)

    def is_any_at(self, element_ids: frozenset[str], scope_id: int | None) -> bool:
        """Whether a step of one of these elements is live in a scope; subscriptions of events are no tokens."""
        steps = self._inside[scope_id].values()
        if any(step.element_id in element_ids and step.id not in self._watching for step in steps):
            return True
        changed = (step for step in self.touched.values() if step.id not in self.steps)
        left = (step.id for step in changed if step.scope_id == scope_id and step.element_id in element_ids)
        need = Standing(scope_id, element_ids, frozenset(left))
        if scope_id in self._hidden and need not in self._met:
            raise Lacking(need)
        return False

    def attached(self, step: Step) -> tuple[Step, ...]:
        """The live subscriptions of boundary events of this step."""
        return tuple(self._attached.get(step.id, {}).values())

    def inside(self, scope_id: int | None) -> list[Step]:
        """Every live step inside a scope, however deep; a step comes after those that contain it."""
        found: list[Step] = []
        todo: list[int | None] = [scope_id]
        for scope in todo:
            if scope in self._hidden:
                raise Lacking(Inside(scope_id))
            steps = self._inside.get(scope, {}).values()
            found.extend(steps)
            todo.extend(step.id for step in steps if step.id in self._inside or step.id in self._hidden)
        return found

    def here(self, step: Step) -> list[Step]:
        """The live steps of the same element in the same scope (and at the same host), oldest first."""
        if step.scope_id in self._hidden:
            raise Lacking(Beside(step.scope_id))
        return [
            each
            for each in self._inside[step.scope_id].values()
            if (each.element_id, each.host_id) == (step.element_id, step.host_id)
        ]

    def waiting_on(self, waits_on: WaitsOn, topic: str = "") -> list[Step]:
        """The pending steps that wait for that, oldest first."""
        self.see_waiting(waits_on, topic)
        return [
            step
            for step in self.steps.values()
            if (step.waits_on, step.topic, step.status) == (waits_on, topic, Status.PENDING)
        ]

    def see_waiting(self, waits_on: WaitsOn, topic: str = "") -> None:
        """Make sure that no step that waits for that is hidden. Raises Lacking."""
        need = Waiting(waits_on, topic)
        if self._hidden and need not in self._met:
            raise Lacking(need)

    def note_output(self, body: Step, number: int, value: Any) -> None:
        """Keep what one instance of a multi-instance activity has given."""
        self._new_outputs[body.id][number] = value

    def outputs(self, body: Step) -> dict[int, Any]:
        """What its instances have given, by their numbers. Raises Lacking."""
        if body.id in self.before and body.id not in self._known_outputs:
            raise Lacking(Outputs(body.id))
        return {**self._known_outputs.get(body.id, {}), **self._new_outputs[body.id]}

    def item(self, body: Step, number: int) -> Any:
        """One item of the collection of a multi-instance activity. Raises Lacking."""
        if body.items is not None:
            return body.items[number - 1]
        if (body.id, number) not in self._known_items:
            raise Lacking(Item(body.id, number))
        return self._known_items[body.id, number]

    def touch(self, step: Step) -> None:
        """Note that a step from before the turn has changed."""
        if step.id in self.before:
            self.touched.setdefault(step.id, step)

    def is_noteworthy(self, step: Step) -> bool:
        """Whether it outlived a moment; elements that are just passed make no events."""
        is_old = step.id in self.before
        return is_old or step.waits_on is not WaitsOn.NOTHING or step.status is Status.FAILED

    def tell(self, kind: str, step: Step, **data: Any) -> None:
        self.events.append(Event(kind, step.id, {"element": step.element_id, **data}))

    def changes(self) -> Iterator[tuple[Step, bool]]:
        """The old steps that changed, and whether their status is as live as before or pending again."""
        self._tell_newest()
        for step in self.touched.values():
            yield step, step.status in (Status.PENDING, self.before[step.id])

    def _enter(self, step: Step) -> None:
        self._inside[step.scope_id][step.id] = step
        if step.host_id in self.steps:
            self._watching.add(step.id)
            self._attached[step.host_id][step.id] = step
        elif step.element_type == SUBSCRIPTION:
            self._watching.add(step.id)
        else:
            self.holding[step.scope_id] += 1
        if step.host_id is not None and step.host_id not in self.steps:
            self.undoing.note(step.host_id)
        if step.waits_on is WaitsOn.TOKENS:
            self._arrived[step.element_id, step.scope_id].setdefault(step.flow_id, deque()).append(step)

    def _tell_newest(self) -> None:
        """Let the newest token of each join know how many wait there now."""
        for join in self._left_by_some:
            waiting = [tokens[-1] for tokens in self._arrived[join].values()]
            if waiting:
                newest = max(waiting, key=self.age)
                newest.settings = {**newest.settings, ARRIVED: dict(self._filled[join])}
                self.touch(newest)

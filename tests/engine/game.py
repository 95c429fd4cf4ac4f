"""Plays an instance in memory as the portal does with rows, and checks after each move that nothing is lost."""

import itertools
import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from processes.engine.effects import (
    Begin,
    CancelAll,
    Command,
    Complete,
    Deliver,
    Escalate,
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
from processes.engine.execute import execute
from processes.engine.feel import decode, encode, plain
from processes.engine.model import Definition
from processes.engine.needs import Item, Lacking, Need, Outputs, Undoable
from processes.engine.replay import Move, Playback, look_up
from processes.engine.state import State, Status, Step, WaitsOn
from processes.engine.step_types import STANDING_FOR
from tests.engine.nearby import focus_of, nearby

MORNING = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)


class Game:
    """One instance. With `stored` the live steps and variables go through JSON between all moves.

    With `near` a command gets only what stands around its step, and what the engine then finds lacking.
    """

    def __init__(
        self,
        definition: Definition,
        *,
        stored: bool = False,
        near: bool = False,
        context: dict[str, Any] | None = None,
    ) -> None:
        self.definition = definition
        self.stored = stored
        self.near = near
        self.kept = Playback(definition, itertools.count(1))
        self.state.context = context or {}
        self.now = MORNING
        self.moves: list[Move] = []
        self.trace: list[tuple[str, str, str]] = []
        self.events: list[str] = []
        self.last = Outcome()

    @property
    def state(self) -> State:
        """The live steps and the variables."""
        return self.kept.state

    @property
    def history(self) -> dict[int, Step]:
        """All steps that there ever were."""
        return self.kept.history

    @property
    def ended_at(self) -> datetime | None:
        return self.kept.ended_at

    # -- moves

    def start(self, element_id: str | None = None, **variables: Any) -> Outcome:
        return self.do(Start(variables, element_id))

    def complete(self, element_id: str, result: Any = None, **variables: Any) -> Outcome:
        return self.do(Complete(self.find(element_id).id, result, variables))

    def fail(self, element_id: str, error: str = "It broke.") -> Outcome:
        return self.do(Fail(self.find(element_id).id, error))

    def throw(self, element_id: str, code: str, message: str = "") -> Outcome:
        return self.do(Throw(self.find(element_id).id, code, message))

    def escalate(self, element_id: str, code: str) -> Outcome:
        """The process that a call activity has called throws an escalation."""
        return self.do(Escalate(self.find(element_id).id, code))

    def set(self, **variables: Any) -> Outcome:
        return self.do(SetVariables(variables))

    def retry(self, element_id: str) -> Outcome:
        return self.do(Retry(self.find(element_id).id))

    def skip(self, element_id: str, result: Any = None) -> Outcome:
        return self.do(Skip(self.find(element_id).id, result))

    def fire(self, element_id: str) -> Outcome:
        return self.do(FireTimer(self.find(element_id).id))

    def deliver(self, element_id: str, **variables: Any) -> Outcome:
        return self.do(Deliver(self.find(element_id).id, variables))

    def come_back(self, element_id: str, **variables: Any) -> Outcome:
        """The process that a call activity has called has ended."""
        return self.do(Return(self.find(element_id).id, variables))

    def begin(self, element_id: str, inner_id: str) -> Outcome:
        """Somebody begins an activity of an ad-hoc sub-process."""
        return self.do(Begin(self.find(element_id).id, inner_id))

    def cancel(self) -> Outcome:
        return self.do(CancelAll())

    def later(self, **length: int) -> None:
        """Let time pass, firing each timer at its time."""
        until = self.now + timedelta(**length)
        while due := [step for step in self._timers() if step.due_at <= until]:
            step = min(due, key=lambda each: (each.due_at, each.id))
            self.now = max(self.now, step.due_at)
            self.do(FireTimer(step.id))
        self.now = until

    def do(self, command: Command) -> Outcome:
        before = {step_id: replace(step) for step_id, step in self.state.steps.items()}
        variables = dict(self.state.variables)
        outcome = self._execute(command)
        assert (self.state.steps, self.state.variables) == (before, variables), (
            "the caller's state was written to"
        )
        self._check(outcome)
        self.moves.append(Move(command, self.now, self.state.context))
        self._take_over(outcome)
        if self.stored:
            self._store()
        return outcome

    def _execute(self, command: Command) -> Outcome:
        needs: set[Need] = set()
        given = State()
        items: dict[tuple[int, int], Any] = {}
        focus = focus_of(command) if self.near else None
        while True:
            state = replace(
                self.state,
                met=frozenset(needs),
                outputs=given.outputs,
                undoable=given.undoable,
                items=items,
            )
            if focus is not None:
                state.steps, state.hidden = nearby(self.state.steps, focus, needs)
            try:
                return self._with_items(execute(self.definition, state, command, self.now))
            except Lacking as lacking:
                need = lacking.need
                assert need not in needs, "what was given is asked for again"
                needs.add(need)
                if isinstance(need, Outputs | Undoable):
                    look_up(need, self.history.values(), given)
                elif isinstance(need, Item):
                    items[need.body_id, need.number] = (self.history[need.body_id].items or [])[
                        need.number - 1
                    ]

    def _with_items(self, outcome: Outcome) -> Outcome:
        """A row keeps the collection that its turn has not read."""
        for step in (*outcome.closed, *outcome.changed):
            step.items = step.items or self.history[step.id].items
        return outcome

    # -- looking

    def live(self) -> list[Step]:
        return list(self.state.steps.values())

    def find(self, element_id: str) -> Step:
        """The oldest live step of that element; of one that is done several times the oldest instance, if any."""
        found = [step for step in self.live() if step.element_id == element_id]
        return next((step for step in found if not self.is_body(step)), found[0])

    def is_body(self, step: Step) -> bool:
        """It holds the instances of an activity that is done several times."""
        scope = self.history.get(step.scope_id or 0)
        is_instance = scope is not None and scope.element_id == step.element_id
        repeated = self.definition.elements[step.element_id].loop is not None
        return repeated and not is_instance and step.element_type not in STANDING_FOR

    def waiting(self) -> str:
        """Everything live, sorted: `a b`; `a!` has failed, `join+` is a token that waits at a join, `a*` holds
        the instances of `a`."""
        return " ".join(sorted(step.element_id + self._mark(step) for step in self.live()))

    def _mark(self, step: Step) -> str:
        if step.status is Status.FAILED:
            return "!"
        if step.waits_on is WaitsOn.TOKENS:
            return "+"
        return "*" if self.is_body(step) else ""

    def passed(self, element_id: str) -> int:
        """How often the element was completed."""
        return sum(1 for _, element, status in self.trace if (element, status) == (element_id, "completed"))

    def _timers(self) -> list[Any]:
        return [s for s in self.live() if s.waits_on is WaitsOn.TIMER and s.status is Status.PENDING]

    # -- keeping

    def _take_over(self, outcome: Outcome) -> None:
        self.kept.take_over(outcome)
        for step in (*outcome.opened, *outcome.closed, *outcome.changed):
            self.trace.append((outcome_name(outcome, step), step.element_id, step.status.value))
        self.events += [event.kind for event in outcome.events]
        self.last = outcome

    def _store(self) -> None:
        self.state.variables = decode(json.loads(json.dumps(encode(self.state.variables))))
        self.state.steps = {step_id: through_json(step) for step_id, step in self.state.steps.items()}
        self.history.update(self.state.steps)

    def _check(self, outcome: Outcome) -> None:
        """What must hold after every turn, whatever the diagram."""
        known = set(self.state.steps)
        assert [step.id for step in outcome.opened] == [-1 - n for n in range(len(outcome.opened))]
        old = [step.id for step in (*outcome.closed, *outcome.changed)]
        assert len(old) == len(set(old)), "a step is in two lists"
        assert set(old) <= known
        after = {step_id: step for step_id, step in self.state.steps.items() if step_id not in old}
        after |= {step.id: step for step in (*outcome.opened, *outcome.closed, *outcome.changed)}
        live = {step_id for step_id, step in after.items() if step.is_live}
        for step in after.values():
            assert (step.closed_at is None) is (step.status is Status.PENDING)
            if step.is_live:
                assert step.scope_id is None or step.scope_id in live, "a live step in a closed sub-process"
                if step.host_id is not None and step.element_type == "boundaryEvent":
                    assert step.host_id in live, "a subscription outlived its host"
            if step.status is Status.PENDING:
                assert step.waits_on is not WaitsOn.NOTHING, f"{step.element_id} waits for nothing"
                assert (step.due_at is not None) is (step.waits_on is WaitsOn.TIMER)
        for step in outcome.changed:
            assert step.is_live
        inside = {after[step_id].scope_id for step_id in live}
        for step_id in live:
            step = after[step_id]
            # Another instance, or somebody who begins an activity by hand, may keep these open.
            may_be_empty = step.element_type in ("callActivity", "adHocSubProcess")
            is_scope = step.waits_on is WaitsOn.CHILDREN and not may_be_empty
            if is_scope and step.status is Status.PENDING:
                assert step_id in inside, "an empty sub-process stays open"
        assert (outcome.ended_at is not None) is (not live), "ended exactly when nothing is live"


def outcome_name(outcome: Outcome, step: Step) -> str:
    lists = {"opened": outcome.opened, "closed": outcome.closed, "changed": outcome.changed}
    return next(name for name, steps in lists.items() if any(each is step for each in steps))


def through_json(step: Step) -> Step:
    """The step as it comes back from plain rows."""
    row = asdict(step)
    for name in ("due_at", "opened_at", "closed_at"):
        row[name] = row[name] and row[name].isoformat()
    for name in ("result", "variables", "items"):
        row[name] = encode(row[name])
    row["settings"] = plain(row["settings"])
    row = json.loads(json.dumps(row))
    for name in ("due_at", "opened_at", "closed_at"):
        row[name] = row[name] and datetime.fromisoformat(row[name])
    for name in ("result", "variables", "items"):
        row[name] = decode(row[name])
    return Step(**{**row, "status": Status(row["status"]), "waits_on": WaitsOn(row["waits_on"])})

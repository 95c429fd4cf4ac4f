"""Play what was asked of an instance again: the same commands at the same times give the same steps and variables."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, get_args

from processes.engine.behaviours.loops import COUNTER, OUTPUT
from processes.engine.effects import Command, Outcome
from processes.engine.execute import execute
from processes.engine.feel import decode, encode
from processes.engine.model import Definition
from processes.engine.needs import Lacking, Need, Outputs, Undoable
from processes.engine.state import State, Status, Step, WaitsOn
from processes.engine.undoing import COMPLETED_AS, completed_as

_BY_NAME: Mapping[str, type] = {each.__name__: each for each in get_args(Command)}
#: What a person, a worker or a sender has said; the rest of a command are ids, codes and sentences.
_VALUES = frozenset({"variables", "result"})


@dataclass(frozen=True, slots=True)
class Move:
    """One command with what the engine knew besides the instance itself.

    `context` holds those extras that some expression of the diagram may ask for. `unopened` are the steps, by
    their ids, that the engine has opened and the portal could not, with the reasons.
    """

    command: Command
    at: datetime
    context: Mapping[str, Any] = field(default_factory=dict)
    unopened: Mapping[int, str] = field(default_factory=dict)


def pack(move: Move) -> dict[str, Any]:
    """As JSON, without its time."""
    command = {each.name: getattr(move.command, each.name) for each in fields(move.command)}
    packed: dict[str, Any] = {"do": type(move.command).__name__} | {
        name: encode(value) if name in _VALUES else value for name, value in command.items() if value
    }
    if move.context:
        packed["context"] = encode(dict(move.context))
    if move.unopened:
        packed["unopened"] = [[step_id, reason] for step_id, reason in move.unopened.items()]
    return packed


def unpack(packed: Mapping[str, Any], at: datetime) -> Move:
    """The move that was packed."""
    sort = _BY_NAME[packed["do"]]
    given = {each.name: packed[each.name] for each in fields(sort) if each.name in packed}
    values = {name: decode(value) if name in _VALUES else value for name, value in given.items()}
    context = decode(packed.get("context", {}))
    return Move(sort(**values), at, context, dict(packed.get("unopened", ())))


class Playback:
    """One instance as rows would keep it: all steps that there ever were, and the state for the next command.

    `ids` gives each step its id in the order of birth.
    """

    def __init__(
        self, definition: Definition, ids: Iterator[int], started_at: datetime | None = None
    ) -> None:
        self.definition = definition
        self.state = State(started_at=started_at)
        self.history: dict[int, Step] = {}
        self.ended_at: datetime | None = None
        self._ids = ids

    def play(self, move: Move) -> Outcome:
        """Do it again. Raises NotPossible where it does not fit, which tells that something before was otherwise."""
        outcome = self._execute(replace(self.state, context=move.context), move)
        self.take_over(outcome)
        for step_id, reason in move.unopened.items():
            _leave_unopened(self.history[step_id], reason, move.at)
        return outcome

    def _execute(self, state: State, move: Move) -> Outcome:
        """All live steps are there; what was given or completed before is looked up when it is asked for."""
        while True:
            try:
                return execute(self.definition, state, move.command, move.at)
            except Lacking as lacking:
                look_up(lacking.need, self.history.values(), state)

    def take_over(self, outcome: Outcome) -> None:
        """Keep what an outcome says; its new steps get their ids."""
        real: dict[int | None, int | None] = {None: None}
        for step in outcome.opened:
            real[step.id] = next(self._ids)
        for step in (*outcome.opened, *outcome.closed, *outcome.changed):
            step.id = real.get(step.id) or step.id
            step.scope_id = real.get(step.scope_id, step.scope_id)
            step.host_id = real.get(step.host_id, step.host_id)
            self.history[step.id] = step
        if outcome.variables is not None:
            self.state.variables = outcome.variables
        self.state.steps = {step_id: step for step_id, step in self.history.items() if step.is_live}
        self.state.completions = outcome.completions
        self.ended_at = outcome.ended_at or self.ended_at


def look_up(need: Need, steps: Iterable[Step], state: State) -> None:
    """Add what is needed of an instance with these steps, of all that ever were. Raises Lacking for live ones."""
    match need:
        case Outputs(body_id):
            state.outputs = {**state.outputs, body_id: outputs_of(steps, body_id)}
        case Undoable():
            state.undoable = {**state.undoable, need: undoable_of(list(steps), need)}
        case _:
            raise Lacking(need)


def outputs_of(steps: Iterable[Step], body_id: int) -> dict[int, Any]:
    """What the instances of a multi-instance activity have given, by their numbers."""
    return {
        int(step.variables[COUNTER]): step.variables[OUTPUT]
        for step in steps
        if step.scope_id == body_id and OUTPUT in step.variables
    }


def undoable_of(steps: Sequence[Step], need: Undoable) -> list[Step]:
    """What was completed, can still be undone and is asked for."""
    undone = {step.host_id for step in steps if step.element_type != "boundaryEvent"}
    inside: dict[int | None, list[Step]] = defaultdict(list)
    for step in steps:
        if COMPLETED_AS in step.settings and step.id not in undone:
            inside[step.scope_id].append(step)
    wanted = [
        step
        for step in inside[need.scope_id]
        if completed_as(step) < need.before and need.element_id in ("", step.element_id)
    ]
    found = sorted(wanted, key=completed_as, reverse=True)[: need.number]
    for step in found:
        found += inside[step.id]
    return found


def _leave_unopened(step: Step, reason: str, at: datetime) -> None:
    """A person's step has no subject then, so that a retry opens it as if for the first time."""
    step.status, step.error, step.closed_at = Status.FAILED, reason, at
    if step.waits_on is WaitsOn.PERSON:
        step.waits_on = WaitsOn.NOTHING

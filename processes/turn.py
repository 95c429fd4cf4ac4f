"""A turn: one locked, atomic move of one instance; the only door through which an instance changes.

Everybody locks the root instance row first and nothing before it, so that turns never wait in a circle.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from psycopg.errors import ForeignKeyViolation

from activities import bulk
from bpm_portal.accounts.substitution import Standing
from bpm_portal.common.errors import Conflict, NotFound
from processes import children, loading, openings, outbox, store
from processes.compiled import definition_of
from processes.engine import replay
from processes.engine.effects import Call, Command, Escalate, Outcome, Return, Throw
from processes.engine.errors import NotPossible
from processes.engine.execute import execute
from processes.engine.model import Definition
from processes.engine.needs import Inside, Item, Lacking, Need, Outputs, Undoable, Waiting
from processes.engine.state import State, Status, Step, WaitsOn
from processes.errors import EngineRefused
from processes.facts import facts_of
from processes.kinds import Answer
from processes.models import ProcessInstance, ProcessVersion
from processes.store import WRITES, LockedInstance, StepRow, Written, written_values

#: Needs of one turn that are met one by one.
MAX_NEEDS = 3
ACTIVITY_STATUS = {Status.COMPLETED: "completed", Status.SKIPPED: "cancelled", Status.CANCELLED: "cancelled"}


@contextmanager
def turn(
    *, now: datetime, by: Any = None, step_id: int | None = None, instance_id: int | None = None
) -> Iterator["Turn"]:
    """Lock, load, let the caller move, save, wake the worker; nothing is written when an error leaves the block.

    Name the instance by one of its steps or by its own id. Raises NotFound, Conflict.
    """
    try:
        with _turn(by.pk if by else None, None, now, step_id, instance_id) as move:
            yield move
    except IntegrityError as error:
        if not isinstance(error.__cause__, ForeignKeyViolation):
            raise
        raise Conflict from error  # a person or a role that the turn has read was deleted before it was through


@contextmanager
def _turn(
    by_id: int | None,
    on_behalf_of_id: int | None,
    now: datetime,
    step_id: int | None,
    instance_id: int | None,
) -> Iterator["Turn"]:
    with transaction.atomic():
        if step_id is not None:
            instance = store.lock_by_step(step_id, by_id, now)
        else:
            assert instance_id is not None
            instance = store.lock_by_instance(instance_id, by_id, now)
        if instance is None:
            raise NotFound
        move = Turn(instance, step_id, by_id, now)
        move.on_behalf_of_id = on_behalf_of_id or move.on_behalf_of_id
        yield move
        move.save()
        outbox.wake()


class Turn:
    """One instance under its lock: its live steps, and what this turn changes.

    A turn about one step has the `rows` around that step, and what the engine finds lacking; others have all.
    """

    def __init__(
        self, instance: LockedInstance, step_id: int | None, by_id: int | None, now: datetime
    ) -> None:
        self.instance = instance
        self.rows: dict[int, StepRow] = {}
        self.by_id = by_id
        self.now = now
        self._written = Written()
        self._facts: dict[str, Any] = {}
        self._context: dict[str, Any] = {}
        self._asked: replay.Move | None = None
        self._closings: list[bulk.Closing] = []
        self._calls: list[tuple[Call, ProcessVersion]] = []
        self._left_calls: set[int] = set()
        self._returning: int | None = None
        self._thrown: list[Throw | Escalate] = []
        self._touched = False
        self._focus = step_id
        self._hidden: frozenset[int | None] = frozenset()
        self._needs: set[Need] = set()
        if step_id is None:
            self._needs.add(Inside(None))
        elif self.definition.has_conditions:  # whatever is written, they are asked again
            self._needs.add(Waiting(WaitsOn.CONDITION))
        self._load()
        # The clocks of two servers differ, and any may be set back: nothing ends before it has begun.
        self.now = max(now, instance.started_at, *(row.step.opened_at or now for row in self.rows.values()))
        self.on_behalf_of_id = self._absent_performer()

    @property
    def definition(self) -> Definition:
        """The compiled diagram of the instance's version."""
        return definition_of(self.instance.version_id)

    @property
    def standing(self) -> Standing:
        """Whose steps are his whose turn it is."""
        return self.instance.standing

    def _absent_performer(self) -> int | None:
        """In whose name the turn is taken: his for whom the user stands in, where it is about a step of that one."""
        row = self.rows.get(self._focus or 0)
        return self.standing.on_behalf_of(row.assignee_id, row.role_id) if row and row.is_human else None

    def run(self, command: Command, *, answer: Answer | None = None) -> None:
        """Let the engine do one command; `answer` is what the performer said about the completed step.

        Raises EngineRefused when the command does not fit; once per turn.
        """
        self._returning = command.step_id if isinstance(command, Return) else None
        self._context = facts_of(self.instance, self.definition)
        try:
            outcome = self._execute(command)
        except NotPossible as refusal:
            raise EngineRefused(str(refusal), code=refusal.code) from refusal
        pending = [s for s in (*outcome.opened, *outcome.changed) if s.status is Status.PENDING]
        self._take_over(outcome, answer or Answer())
        unopened = {step.id: step.error for step in pending if step.status is Status.FAILED}
        self._asked = replay.Move(command, self.now, self._facts_asked_for(), unopened)

    def _facts_asked_for(self) -> dict[str, Any]:
        """Those that some expression of the diagram names; no other can have mattered."""
        return {name: fact for name, fact in self._context.items() if name in self.definition.names}

    def _execute(self, command: Command) -> Outcome:
        state = State(
            variables=self.instance.variables,
            context=self._context,
            started_at=self.instance.started_at,
            completions=self.instance.completions,
        )
        while True:
            state.steps = {step_id: row.step for step_id, row in self.rows.items()}
            state.hidden, state.met = self._hidden, frozenset(self._needs)
            try:
                return execute(self.definition, state, command, self.now)
            except Lacking as lacking:
                self._meet(lacking.need, state)

    def _meet(self, need: Need, state: State) -> None:
        """Read what the engine lacks; whoever lacks again and again gets everything."""
        match need:
            case Outputs(body_id):
                state.outputs = {**state.outputs, body_id: loading.read_outputs(body_id)}
            case Item(body_id, number):
                state.items = {**state.items, (body_id, number): loading.read_item(body_id, number)}
            case Undoable():
                state.undoable = {**state.undoable, need: loading.read_undoable(self.instance.id, need)}
            case _:
                self._needs.add(need if len(self._needs) < MAX_NEEDS else Inside(None))
                self._load()

    def _load(self) -> None:
        """Rows that are there already stay: whoever takes the turn may have changed them."""
        assert self._focus is not None or Inside(None) in self._needs
        loaded = loading.read_around(
            self.instance.id, self._focus, self._needs, joins=self.definition.has_joins
        )
        self._hidden = loaded.hidden
        self.rows = {step_id: self.rows.get(step_id, row) for step_id, row in loaded.rows.items()}

    def tell(self, kind: str, step_id: int | None = None, /, **data: Any) -> None:
        """Write an event of this turn."""
        self._touched = True
        self._written.events.append({"kind": kind, "step_id": step_id, "data": data})

    def change(self, row: StepRow) -> None:
        """Save portal columns of a live step (performer, dates) that the caller has set on its row."""
        self._touched = True
        self._written.changed[row.step.id] = row

    def cancel(self, reason: str) -> None:
        """Mark the instance cancelled, after the engine has cancelled its steps."""
        self.instance.status = ProcessInstance.Status.CANCELLED
        self.instance.ended_at = self.now
        self._facts.update(cancelled_by=self.by_id, cancel_reason=reason)
        # The engine sees an instance without live steps; a cancelled one has not reached an end event.
        self._written.events = [e for e in self._written.events if e["kind"] != "instance-ended"]
        self.tell("instance-cancelled", reason=reason)

    def save(self) -> None:
        """Write it all: activities in one statement, steps, events and the instance in another."""
        if not self._touched:
            return
        if self._asked is not None:
            self._note_command(self._asked)
        store.write(
            self.instance, self._written,
            by_id=self.by_id, on_behalf_of_id=self.on_behalf_of_id, now=self.now, **self._facts,
        )  # fmt: skip
        self._follow_calls()

    def _note_command(self, asked: replay.Move) -> None:
        """Keep it with the first event, so that the journal can be played again."""
        if not self._written.events and (self._written.changed or self._written.opened or self._facts):
            self.tell("moved")
        for event in self._written.events[:1]:
            event["command"] = replay.pack(asked)

    def beside(self, *, step_id: int | None = None, instance_id: int | None = None) -> Any:
        """A turn of another instance of the same tree, by the same user and under the same lock."""
        return _turn(self.by_id, self.on_behalf_of_id, self.now, step_id, instance_id)

    # -- the engine's outcome turned into rows

    def _take_over(self, outcome: Outcome, answer: Answer) -> None:
        self._touched = True
        for step in (*outcome.closed, *outcome.changed):
            row = self.rows[step.id]
            row.step = step
            if step.status is not Status.PENDING:
                self._close(row, answer)
            elif not row.is_human:
                row.waits_on = db_waits_on(step)
            self._written.changed[step.id] = row
        born = [StepRow(step=step, waits_on=db_waits_on(step)) for step in outcome.opened]
        reopened = [self.rows[step.id] for step in outcome.changed]
        asking = [row for row in (*born, *reopened) if openings.needs_subject(row)]
        opened = openings.open_steps(self, asking, born)
        ids = bulk.apply(closings=self._closings, openings=[o.values for o in opened], now=self.now)
        for opening, activity_id in zip(opened, ids, strict=True):
            opening.row.activity_id = activity_id
        self._prepare_calls(outcome)
        if self.instance.parent_step_id is not None:
            self._thrown = children.thrown_to_parent(self.instance.parent_step_id, outcome)
        self._written.opened.extend(born)
        self.rows.update({row.step.id: row for row in born})
        self._tell_writes(outcome)
        self._tell_outcome(outcome)
        self._settle_instance(outcome)

    def _prepare_calls(self, outcome: Outcome) -> None:
        """Find the versions to call; where one cannot be called that is an incident of its call activity."""
        versions = {key: children.current_version(key) for key in {call.called for call in outcome.calls}}
        for call in outcome.calls:
            is_born = call.step_id < 0
            step = outcome.opened[-call.step_id - 1] if is_born else self.rows[call.step_id].step
            version = versions[call.called]
            obstacle = children.obstacle_to(call, version)
            if obstacle or version is None:
                step.status, step.closed_at, step.error = Status.FAILED, self.now, obstacle
            else:
                self._calls.append((replace(call, step_id=step.id), version))

    def _follow_calls(self) -> None:
        """Cancel, start and return from called processes, now that the rows they refer to are written."""
        if self._left_calls:
            children.cancel_children(self, sorted(self._left_calls))
        for call, version in self._calls:
            children.start_child(self, call, version)
        for command in self._thrown:
            children.throw_to_parent(self, command)
        if self.instance.ended_at is not None and self.instance.status == ProcessInstance.Status.RUNNING:
            children.return_to_parent(self)

    def _close(self, row: StepRow, answer: Answer) -> None:
        row.claimed_until = None
        if row.step.element_type == "callActivity" and row.step.id != self._returning:
            self._left_calls.add(row.step.id)
        if row.step.status in (Status.COMPLETED, Status.SKIPPED):
            row.closed_by_id = self.by_id
            if row.is_human:
                row.closed_for_id = self.on_behalf_of_id
            if row.is_human and row.assignee_id is None:
                # As its activity gets an owner: whoever did it, or in whose name it was done, goes on to see it.
                row.assignee_id = self.on_behalf_of_id or self.by_id
        if row.step.status is Status.COMPLETED and row.record_id is not None:
            row.details = answer.details  # an activity keeps them itself
        status = ACTIVITY_STATUS.get(row.step.status)
        if row.activity_id is None or status is None:
            return
        is_answered = row.step.status is Status.COMPLETED
        self._closings.append(
            bulk.Closing(
                id=row.activity_id,
                status=status,
                result=answer.activity_result if is_answered else "",
                details=answer.details if is_answered else "",
                closed_by_id=row.closed_by_id,
                closed_for_id=row.closed_for_id,
            )
        )

    def _tell_outcome(self, outcome: Outcome) -> None:
        for event in outcome.events:
            step_id = openings.real_id(event.step_id, outcome)
            row = self.rows.get(step_id) if step_id is not None else None
            failed_at_opening = row is not None and row.step.status is Status.FAILED
            kind = "step-failed" if event.kind == "step-opened" and failed_at_opening else event.kind
            self.tell(kind, step_id, **event.data, **(performer_of(row) if row is not None else {}))

    def _tell_writes(self, outcome: Outcome) -> None:
        for write in outcome.writes:
            step_id, scope_id = (openings.real_id(key, outcome) for key in (write.step_id, write.scope_id))
            self.tell(
                WRITES, step_id, **written_values(write.values), **({"scope": scope_id} if scope_id else {})
            )

    def _settle_instance(self, outcome: Outcome) -> None:
        self.instance.completions = outcome.completions
        if outcome.variables is not None:
            self.instance.variables = outcome.variables
            self._facts["variables"] = outcome.variables
        self.instance.ended_at = outcome.ended_at or self.instance.ended_at
        Statuses = ProcessInstance.Status
        has_incident = any(row.step.status is Status.FAILED for row in self.rows.values())
        if not has_incident and self._hidden and self.instance.status == Statuses.FAILED:
            has_incident = loading.has_failed(self.instance.id, besides=self.rows)
        self.instance.status = Statuses.FAILED if has_incident and not outcome.ended_at else Statuses.RUNNING


def db_waits_on(step: Step) -> str:
    """What the row says it waits on; for a person the opening decides between activity and record."""
    return "" if step.waits_on is WaitsOn.PERSON else step.waits_on.value


def performer_of(row: StepRow) -> Mapping[str, Any]:
    """What every event about a human step says of its performer."""
    if not row.is_human:
        return {"queued": row.step.topic} if row.step.waits_on is WaitsOn.WORKER else {}
    facts = {"name": row.step.name, "kind": row.step.kind, "assignee": row.assignee_id, "role": row.role_id}
    more = {"queued": row.step.topic, "details": row.details}
    return facts | {name: text for name, text in more.items() if text}

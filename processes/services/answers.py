"""What comes of a checked answer: the step is done, waits on with something kept, or goes to a worker."""

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from activities.models import Activity
from bpm_portal.common.errors import BusinessError
from processes import kinds
from processes.drafts import with_draft
from processes.engine.effects import Complete
from processes.engine.feel import decode, encode
from processes.kinds import Answer, Choice, Kept, Queued
from processes.models import ProcessStep
from processes.services.subjects import open_activity
from processes.store import StepRow
from processes.turn import Turn

#: Where a queued step keeps, among its settings, what a worker is to do and how it is done afterwards.
WORK = "work"


def facts_of(move: Turn, row: StepRow) -> Mapping[str, Any]:
    """The variables as expressions of the step see them: those of the sub-processes around it before the others."""
    scopes: list[dict[str, Any]] = []
    scope = move.rows.get(row.step.scope_id or 0)
    while scope is not None:
        scopes.append(scope.step.variables)
        scope = move.rows.get(scope.step.scope_id or 0)
    return ChainMap({"starter": move.instance.starter}, *scopes, move.instance.variables)


def finish(move: Turn, row: StepRow, answer: Answer) -> None:
    """The step is done: the token moves on."""
    if answer.record is not None:
        _connect(row, answer.record)
    _signal(move, row, answer.signal, answer.variables)
    move.run(Complete(row.step.id, answer.result, answer.variables), answer=answer)


def keep(move: Turn, row: StepRow, kept: Kept) -> None:
    """The step waits on, its activity is in progress."""
    row.step.settings = {**row.step.settings, **kept.remembers}
    if kept.record is not None:
        _connect(row, kept.record)
    _wait_on(move, row, kept.typed, "step-kept")
    _signal(move, row, kept.signal, kept.variables)


def queue(move: Turn, row: StepRow, queued: Queued, *, by: Any) -> None:
    """A worker has to do something first; the step stays open until it has."""
    answer = queued.answer
    row.step.topic = row.step.kind
    row.step.settings = {
        **row.step.settings,
        WORK: {
            "job": dict(queued.job),
            "by": by.pk,
            "on_behalf_of": move.on_behalf_of_id,
            "result": encode(answer.result),
            "variables": encode(answer.variables),
            "activity_result": str(answer.activity_result),
            "details": answer.details,
        },
    }
    _wait_on(move, row, queued.typed, "step-queued", queued=row.step.topic)


def answer_of_work(settings: Mapping[str, Any]) -> Answer:
    """The answer of a queued step, once its work is done."""
    kept = settings[WORK]
    return Answer(decode(kept["result"]), decode(kept["variables"]), kept["activity_result"], kept["details"])


def result_in_words(step: ProcessStep) -> str:
    """The result of a closed human step as people read it; empty where it has none or its kind is gone."""
    kind = kinds.all_kinds().get(step.kind)
    if kind is None or step.result is None:
        return ""
    try:
        return kind.result_words(step.settings, decode(step.result))
    except BusinessError:  # what its words come from is gone
        return str(step.result)


def chosen_of(step: ProcessStep) -> Choice | None:
    """The choice that finished a human step, for its colour and icon; None where it was no single choice."""
    kind = kinds.all_kinds().get(step.kind)
    try:
        choices = kind.choices(step.settings) if kind else []
    except BusinessError:
        return None
    return next((choice for choice in choices if choice.code == step.result), None)


def _connect(row: StepRow, record: Any) -> None:
    """Make the record the one that the step and its activity are about."""
    row.record_caption = record.caption
    if row.record_id is not None:
        row.record_id = record.pk
    open_activity(row).update(record=record, record_caption=record.caption)


def _signal(move: Turn, row: StepRow, name: str, variables: Mapping[str, Any]) -> None:
    """The outbox brings it to all who wait for it, in this instance too: no throw event has let them hear it."""
    if name:
        letter = {"name": name, "correlation": "", "variables": encode(variables)}
        move.tell("signal-thrown", row.step.id, **letter, heard_here=False)


def _wait_on(move: Turn, row: StepRow, typed: Mapping[str, Any] | None, event: str, **more: Any) -> None:
    step = row.step
    move.change(row)
    move.tell(event, step.id, name=step.name, assignee=row.assignee_id, role=row.role_id, **more)
    kept = None if typed is None else with_draft(None, typed, by_id=move.by_id)
    ProcessStep.objects.filter(pk=step.id).update(draft=kept)
    open_activity(row).update(status=Activity.Status.IN_PROGRESS)

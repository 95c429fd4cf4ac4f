"""What comes of a checked answer: the step is done, waits on with something kept, or goes to a worker."""

from collections.abc import Mapping
from typing import Any

from activities.models import Activity
from processes.engine.effects import Complete
from processes.engine.feel import decode, encode
from processes.kinds import Answer, Kept, Queued
from processes.models import ProcessStep
from processes.store import StepRow
from processes.turn import Turn

#: Where a queued step keeps, among its settings, what a worker is to do and how it is done afterwards.
WORK = "work"


def finish(move: Turn, row: StepRow, answer: Answer) -> None:
    """The step is done: the token moves on."""
    if answer.record is not None:
        _connect(row, answer.record)
    move.run(Complete(row.step.id, answer.result, answer.variables), answer=answer)


def keep(move: Turn, row: StepRow, kept: Kept) -> None:
    """The step waits on, its activity is in progress."""
    row.step.settings = {**row.step.settings, **kept.remembers}
    if kept.record is not None:
        _connect(row, kept.record)
    _wait_on(move, row, kept.typed, "step-kept")


def queue(move: Turn, row: StepRow, queued: Queued, *, by: Any) -> None:
    """A worker has to do something first; the step stays open until it has."""
    answer = queued.answer
    row.step.topic = row.step.kind
    row.step.settings = {
        **row.step.settings,
        WORK: {
            "job": dict(queued.job),
            "by": by.pk,
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


def _connect(row: StepRow, record: Any) -> None:
    """Make the record the one that the step and its activity are about."""
    row.record_caption = record.caption
    if row.record_id is not None:
        row.record_id = record.pk
    Activity.objects.filter(pk=row.activity_id, closed_at=None).update(
        record=record, record_caption=record.caption
    )


def _wait_on(move: Turn, row: StepRow, typed: Mapping[str, Any] | None, event: str, **more: Any) -> None:
    step = row.step
    move.change(row)
    move.tell(event, step.id, name=step.name, assignee=row.assignee_id, role=row.role_id, **more)
    ProcessStep.objects.filter(pk=step.id).update(draft=typed)
    Activity.objects.filter(pk=row.activity_id, closed_at=None).update(status=Activity.Status.IN_PROGRESS)

"""Finish, hand on, postpone and repair steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bpm_portal.accounts.substitution import remember, standing_of
from bpm_portal.common.errors import Conflict, Forbidden, Invalid, NotFound
from processes import kinds
from processes.compiled import definition_of
from processes.drafts import with_draft
from processes.engine.effects import Begin, Retry, Skip
from processes.engine.state import Status
from processes.feed import count_work, read_next
from processes.kinds import Answer, Kept, Queued, StepKind
from processes.models import ProcessInstance, ProcessStep
from processes.services import answers
from processes.services.guards import (
    check_may_perform,
    check_may_run_elements,
    check_may_see,
    check_not_in_work,
    live_step,
    may_begin_elements,
    waiting_step,
)
from processes.turn import turn


@dataclass(frozen=True, slots=True)
class Completion:
    """What finishing a step leads to: my next step of the same instance, if any, and my new count.

    Where the step is not done yet, `note` says what it waits for; `next_step_id` is then the step itself, or None
    while a worker has it.
    """

    next_step_id: int | None
    count: int
    is_done: bool = True
    note: str = ""

    @property
    def next_url(self) -> str:
        """The page of the next step; empty: back to where one came from."""
        return step_url(self.next_step_id) if self.next_step_id else ""


def step_url(step_id: int) -> str:
    """The page of a step."""
    return reverse("processes:step", args=[step_id])


def complete_step(
    *,
    step_id: int,
    by: Any,
    now: datetime,
    result: Any = None,
    variables: Mapping[str, Any] | None = None,
    details: str = "",
) -> Completion:
    """Finish a human step with a result (and the variables that its kind allows).

    Raises Invalid (wrong answer), StepAlreadyClosed (who, when), StepTaken, StepInWork, Forbidden, NotFound.
    """

    def answer_of(kind: StepKind, settings: Mapping[str, Any]) -> Answer:
        return kind.answer(settings, result=result, variables=variables or {}, details=details, by=by)

    return _complete(step_id, by, now, answer_of)


def submit_page(*, step_id: int, data: Any, by: Any, now: datetime) -> Completion:
    """Finish a human step with what its page has posted; raises as `complete_step` does."""
    return _complete(step_id, by, now, lambda kind, settings: kind.page_answer(settings, data, by=by))


def _complete(step_id: int, by: Any, now: datetime, answer_of: Any) -> Completion:
    with turn(step_id=step_id, by=by, now=now) as move:
        row = waiting_step(move, step_id, by)
        check_may_perform(move, row, by)
        check_not_in_work(row)
        kind, settings = kinds.get(row.step.kind), row.step.settings
        facts = answers.facts_of(move, row)
        outcome = kind.carry_out(answer_of(kind, settings), settings, facts=facts, by=by, now=now)
        if isinstance(outcome, Kept):
            answers.keep(move, row, outcome)
        elif isinstance(outcome, Queued):
            answers.queue(move, row, outcome, by=by)
        else:
            answers.finish(move, row, outcome)
    remember(by, move.standing)
    count = my_count(by, move.now)
    if isinstance(outcome, Kept):
        return Completion(step_id, count, is_done=False, note=outcome.note)
    if isinstance(outcome, Queued):
        return Completion(None, count, is_done=False, note=outcome.note)
    return Completion(_next_step(move.instance.root_id, by, move.now), count)


def _next_step(root_id: int, by: Any, now: datetime) -> int | None:
    return read_next(standing=standing_of(by, now), root_id=root_id, now=now)


def next_step_url(*, instance: ProcessInstance, by: Any, now: datetime) -> str:
    """The page of this user's next step of the instance; empty when nothing of it waits for him."""
    step_id = _next_step(instance.root_id or instance.pk, by, now)
    return step_url(step_id) if step_id else ""


def my_count(user: Any, now: datetime) -> int:
    """The number on this user's bell."""
    return count_work(standing=standing_of(user, now), now=now, tz=timezone.get_current_timezone())


def save_draft(*, step_id: int, draft: Mapping[str, Any], by: Any, now: datetime) -> None:
    """Keep what somebody has typed and not yet sent, beside what colleagues have; raises as `complete_step` does."""
    with turn(step_id=step_id, by=by, now=now) as move:
        row = waiting_step(move, step_id, by)
        check_may_perform(move, row, by)
        check_not_in_work(row)
        rows = ProcessStep.objects.filter(pk=step_id)
        kept = with_draft(rows.values_list("draft", flat=True).get(), draft, by_id=by.pk)
        rows.update(draft=kept, taken_at=Coalesce("taken_at", Value(now)))


def retry_step(*, step_id: int, by: Any, now: datetime, reason: str = "") -> None:
    """Run a failed element again; the journal keeps the reason. Raises Forbidden, EngineRefused."""
    check_may_run_elements(by)
    with turn(step_id=step_id, by=by, now=now) as move:
        live_step(move, step_id)
        move.run(Retry(step_id))
        move.tell("step-rerun", step_id, **({"details": reason.strip()} if reason.strip() else {}))


def closed_with(step: ProcessStep) -> int:
    """How many live elements end with this one: those inside of it and at its border."""
    beside = ProcessStep.objects.of_instance(step.instance_id).filter(status__in=ProcessStep.LIVE)
    number, around = 0, [step.pk]
    while around:
        around = list(beside.filter(Q(scope__in=around) | Q(host__in=around)).values_list("pk", flat=True))
        number += len(around)
    return number


def recall_step(*, step_id: int, by: Any, now: datetime) -> None:
    """Let the performer answer anew after a worker could not carry out what he answered; what he typed is kept.

    Raises StepAlreadyClosed, StepTaken, Forbidden, NotFound, Conflict where nothing has failed.
    """
    with turn(step_id=step_id, by=by, now=now) as move:
        row = move.rows.get(step_id)
        if row is None or row.step.status is not Status.FAILED or not row.step.topic:
            waiting_step(move, step_id, by)
            raise Conflict(_("Nothing of this task has failed. Reload the page to see where it stands."))
        check_may_see(move, row, by)
        check_may_perform(move, row, by)
        row.step.topic = ""
        row.step.settings = {name: value for name, value in row.step.settings.items() if name != answers.WORK}
        move.run(Retry(step_id))


def beginnings(step: ProcessStep) -> list[tuple[str, str]]:
    """Id and name of each element that somebody may begin in an ad-hoc sub-process (select the instance with it)."""
    entries = definition_of(step.instance.version_id).entries if step.takes_elements else {}
    return [(element.id, element.name or element.id) for element in entries.get(step.element_id, ())]


def begin_element(*, step_id: int, element_id: str, by: Any, now: datetime) -> None:
    """Begin an element of an open ad-hoc sub-process; the starter of the instance and administrators may.

    Raises NotFound, Forbidden, StepAlreadyClosed, EngineRefused.
    """
    with turn(step_id=step_id, by=by, now=now) as move:
        if not may_begin_elements(move.instance, by):
            if not ProcessStep.objects.visible_to(by).filter(pk=step_id).exists():
                raise NotFound
            raise Forbidden
        live_step(move, step_id)
        move.run(Begin(step_id, element_id))


def skip_step(*, step_id: int, reason: str, by: Any, now: datetime, flow: str | None = None) -> None:
    """Lead the token past an element; `flow` chooses the way out of a gateway that found none.

    Raises Invalid without a reason, Forbidden, EngineRefused.
    """
    check_may_run_elements(by)
    if not reason.strip():
        raise Invalid(reason=_("Say why this element is skipped."))
    with turn(step_id=step_id, by=by, now=now) as move:
        live_step(move, step_id)
        move.run(Skip(step_id, flow))
        move.tell("skip-reason", step_id, reason=reason.strip())

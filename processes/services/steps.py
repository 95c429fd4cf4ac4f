"""Finish, hand on, postpone and repair steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bpm_portal.accounts.roles import role_ids
from bpm_portal.common.errors import Invalid
from processes import kinds
from processes.engine.effects import Complete, Retry, Skip
from processes.engine.state import Status
from processes.feed import count_work
from processes.kinds import Answer, StepKind
from processes.models import ProcessStep
from processes.services.guards import (
    check_may_perform,
    check_may_run_elements,
    live_step,
    waiting_step,
)
from processes.turn import turn


@dataclass(frozen=True, slots=True)
class Completion:
    """What finishing a step leads to: my next step of the same instance, if any, and my new count."""

    next_step_id: int | None
    count: int

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

    Raises Invalid (wrong answer), StepAlreadyClosed (who, when), StepTaken, Forbidden, NotFound.
    """

    def answer_of(kind: StepKind, settings: Mapping[str, Any]) -> Answer:
        return kind.answer(settings, result=result, variables=variables or {}, details=details)

    return _complete(step_id, by, now, answer_of)


def submit_page(*, step_id: int, data: Any, by: Any, now: datetime) -> Completion:
    """Finish a human step with what its page has posted; raises as `complete_step` does."""
    return _complete(step_id, by, now, lambda kind, settings: kind.page_answer(settings, data))


def _complete(step_id: int, by: Any, now: datetime, answer_of: Any) -> Completion:
    with turn(step_id=step_id, by=by, now=now) as move:
        row = waiting_step(move, step_id, by)
        check_may_perform(move, row, by)
        answer = answer_of(kinds.get(row.step.kind), row.step.settings)
        move.run(Complete(step_id, answer.result, answer.variables), answer=answer)
    next_step_id = _next_step(move.instance.root_id, by, now, frozenset(move.role_ids))
    return Completion(next_step_id, my_count(by, now, move.role_ids))


def _next_step(root_id: int, by: Any, now: datetime, roles: frozenset[int]) -> int | None:
    """My next step of the same tree of instances, unless it runs in the background or starts later."""
    by._role_ids = sorted(roles)  # the turn has read them: no second look
    waiting = ProcessStep.objects.for_performer(by).filter(is_background=False, starts_at__lte=now)
    steps = waiting.filter(instance__in=_tree(root_id)).order_by("-assignee_id", "id")
    return steps.values_list("id", flat=True).first()


def _tree(root_id: int) -> Any:
    from django.db.models import Q

    instances = ProcessStep.instance.field.related_model.objects
    return instances.filter(Q(pk=root_id) | Q(root=root_id)).values("pk")


def my_count(user: Any, now: datetime, roles: Any = None) -> int:
    """The number on this user's bell."""
    ids = sorted(roles) if roles is not None else role_ids(user)
    return count_work(user_id=user.pk, role_ids=ids, now=now, tz=timezone.get_current_timezone())


def save_draft(*, step_id: int, draft: Mapping[str, Any], by: Any, now: datetime) -> None:
    """Keep what somebody has typed and not yet sent; raises as `complete_step` does."""
    with turn(step_id=step_id, by=by, now=now) as move:
        row = waiting_step(move, step_id, by)
        check_may_perform(move, row, by)
        ProcessStep.objects.filter(pk=step_id).update(draft=dict(draft))


def retry_step(*, step_id: int, by: Any, now: datetime) -> None:
    """Run a failed element again. Raises Forbidden, EngineRefused."""
    check_may_run_elements(by)
    with turn(step_id=step_id, by=by, now=now) as move:
        live_step(move, step_id, statuses=(Status.FAILED,))
        move.run(Retry(step_id))
        move.tell("step-rerun", step_id)


def skip_step(*, step_id: int, reason: str, by: Any, now: datetime, flow: str | None = None) -> None:
    """Lead the token past an element; `flow` chooses the way out of a gateway that found none.

    Raises Invalid without a reason, Forbidden, EngineRefused.
    """
    check_may_run_elements(by)
    if not reason.strip():
        raise Invalid(reason=_("Say why this element is skipped."))
    with turn(step_id=step_id, by=by, now=now) as move:
        live_step(move, step_id, statuses=(Status.PENDING, Status.FAILED))
        move.run(Skip(step_id, flow))
        move.tell("skip-reason", step_id, reason=reason.strip())

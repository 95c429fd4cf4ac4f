"""Take, give back, reassign and postpone pending human steps; their activities follow."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from bpm_portal.common.errors import Conflict, Forbidden, Invalid
from processes import kinds
from processes.models import ProcessStep
from processes.services.guards import (
    check_may_hand_on,
    check_may_perform,
    check_may_run_elements,
    check_not_taken,
    may_run_elements,
    waiting_step,
)
from processes.services.subjects import open_activity
from processes.store import StepRow
from processes.turn import Turn, turn
from records.services import many
from records.services.many import RowResult, act_on_each


def take_step(*, step_id: int, by: Any, now: datetime) -> None:
    """A member of the role takes the step; a substitute may take it from whom he stands in for, too.

    Raises StepTaken when a colleague was faster; idempotent for oneself.
    """
    with turn(step_id=step_id, by=by, now=now) as move:
        row = waiting_step(move, step_id, by)
        if row.assignee_id == by.pk:
            return
        if not move.standing.performs(row.assignee_id, row.role_id):
            if row.role_id not in move.standing.role_ids:
                raise Forbidden
            check_not_taken(row, by)
        _hand(move, row, "step-taken", assignee_id=by.pk, role_id=row.role_id)


def take_steps(*, step_ids: Sequence[int], by: Any, now: datetime) -> list[int]:
    """Take each of them, in a turn of its own; returns those that are taken: colleagues may have been faster."""
    results = many.act_on_each(
        ids=step_ids,
        titles=dict.fromkeys(step_ids, ""),
        act=lambda step_id: take_step(step_id=step_id, by=by, now=now),
    )
    return [result.pk for result in results if result.is_done]


def give_back_step(*, step_id: int, by: Any, now: datetime) -> None:
    """Give the step back to its role. Raises Conflict when it came from no role."""
    with turn(step_id=step_id, by=by, now=now) as move:
        row = waiting_step(move, step_id, by)
        if row.role_id is None:
            raise Conflict(_("This task came from no role. Reassign it to a colleague instead."))
        if row.assignee_id not in move.standing.person_ids and not may_run_elements(by):
            raise Forbidden
        _hand(move, row, "step-given-back", assignee_id=None, role_id=row.role_id)


def reassign_step(
    *, step_id: int, by: Any, now: datetime, assignee: Any = None, role: Any = None, reason: str = ""
) -> None:
    """Give the step to exactly one of a user and a role; the journal keeps the reason. Raises Invalid, Forbidden."""
    if (assignee is None) == (role is None):
        raise Invalid(assignee=_("Name either a person or a role."))
    if assignee is not None and not assignee.is_active:
        raise Invalid(assignee=_("%(name)s has left. Choose somebody else.") % {"name": assignee})
    with turn(step_id=step_id, by=by, now=now) as move:
        row = waiting_step(move, step_id, by)
        if check_may_hand_on(move, row, by):
            settings = row.step.settings
            row.step.settings = {**settings, **kinds.get(row.step.kind).after_reassigning(settings)}
        role_id = role.pk if role else None
        assignee_id = assignee.pk if assignee else None
        _hand(move, row, "step-reassigned", assignee_id=assignee_id, role_id=role_id, reason=reason.strip())


def reassign_many(
    *, step_ids: Sequence[int], by: Any, now: datetime, assignee: Any = None, role: Any = None
) -> list[RowResult]:
    """The same with many steps, each in its own turn; whoever may run elements. Raises Forbidden."""
    check_may_run_elements(by)

    def act(step_id: int) -> None:
        reassign_step(step_id=step_id, by=by, now=now, assignee=assignee, role=role)

    seen = ProcessStep.objects.visible_to(by).human().filter(pk__in=step_ids)
    return act_on_each(ids=step_ids, titles={step.pk: str(step) for step in seen}, act=act)


def reschedule_step(
    *, step_id: int, starts_at: datetime, due_at: datetime | None, by: Any, now: datetime
) -> None:
    """Give the step these times; reminders of its activity move with the start. Raises Invalid."""
    if due_at is not None and due_at < starts_at:
        raise Invalid(due_at=_("The due date lies before the start."))
    with turn(step_id=step_id, by=by, now=now) as move:
        row = waiting_step(move, step_id, by)
        check_may_perform(move, row, by)
        was = row.starts_at
        row.starts_at, row.due_at = starts_at, due_at
        move.change(row)
        move.tell(
            "step-rescheduled", step_id, assignee=row.assignee_id, role=row.role_id,
            until=starts_at.isoformat(), was=was.isoformat() if was else None,
        )  # fmt: skip
        delay = starts_at - was if was else timedelta()
        open_activity(row).update(
            starts_at=starts_at,
            due_at=due_at,
            remind_owner_at=F("remind_owner_at") + delay,
            remind_author_at=F("remind_author_at") + delay,
        )


def postpone_step(*, step_id: int, until: datetime, by: Any, now: datetime) -> None:
    """Ask for the step later; a deadline or reminder that would lie before moves with it.

    Raises Invalid for a past date.
    """
    if until <= now:
        raise Invalid(until=_("Choose a moment that lies ahead."))
    with turn(step_id=step_id, by=by, now=now) as move:
        row = waiting_step(move, step_id, by)
        check_may_perform(move, row, by)
        was = row.starts_at
        if row.due_at is not None and row.due_at < until:
            row.due_at = until + (row.due_at - (row.starts_at or now))
        row.starts_at = until
        move.change(row)
        move.tell(
            "step-postponed", step_id, assignee=row.assignee_id, role=row.role_id,
            until=until.isoformat(), was=was.isoformat() if was else None,
        )  # fmt: skip
        open_activity(row).update(starts_at=row.starts_at, due_at=row.due_at)
        _postpone_reminder(row, until, delay=until - (was or now))


def _postpone_reminder(row: StepRow, until: datetime, *, delay: timedelta) -> None:
    """Else it would ring for what is to be done only later, and never again."""
    if row.activity_id is not None:
        early = open_activity(row).filter(remind_owner_at__lt=until)
        early.update(remind_owner_at=F("remind_owner_at") + delay)
    else:
        steps = ProcessStep.objects.filter(pk=row.step.id, remind_at__lt=until)
        steps.update(remind_at=F("remind_at") + delay)


def _hand(
    move: Turn, row: StepRow, event: str, *, assignee_id: int | None, role_id: int | None, reason: str = ""
) -> None:
    """Change the performer of the step and the owner of its activity together."""
    old = {"old_assignee": row.assignee_id, "old_role": row.role_id}
    row.assignee_id, row.role_id = assignee_id, role_id
    move.change(row)
    told = {"assignee": assignee_id, "role": role_id, "name": row.step.name, **old}
    move.tell(event, row.step.id, **told, **({"details": reason} if reason else {}))
    open_activity(row).update(owner=assignee_id, role=role_id)
    # Whoever takes it begins; whoever gets it has not begun.
    taken_at = move.now if event == "step-taken" else None
    ProcessStep.objects.filter(pk=row.step.id).update(taken_at=taken_at)

"""Who may do what with steps and instances: every precondition in one place."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from bpm_portal.accounts.directory import knows_colleagues
from bpm_portal.accounts.models import User
from bpm_portal.accounts.substitution import standing_of
from bpm_portal.common.errors import BusinessError, Forbidden, NotFound
from processes import kinds
from processes.engine.state import Status
from processes.errors import StepAlreadyClosed, StepInWork, StepTaken
from processes.models import ProcessInstance, ProcessStep
from processes.querysets import is_process_admin
from processes.store import LockedInstance, StepRow
from processes.turn import Turn


def waiting_step(turn: Turn, step_id: int, by: Any) -> StepRow:
    """The pending human step of that id, in a turn.

    Raises NotFound for a step that the user may not even see, StepAlreadyClosed (who, when) for a late one.
    """
    row = turn.rows.get(step_id)
    if row is not None and row.is_human and row.step.status is Status.PENDING:
        check_may_see(turn, row, by)
        return row
    closed = (
        ProcessStep.objects.visible_to(by)
        .select_related("closed_by", "closed_for")
        .filter(pk=step_id)
        .first()
    )
    if closed is None or not closed.is_human:
        raise NotFound
    raise already_closed(closed)


def already_closed(step: ProcessStep) -> StepAlreadyClosed:
    """The error that tells who closed the step and when, in the reader's language and time zone."""
    return StepAlreadyClosed(
        by=step.closer,
        at=date_format(timezone.localtime(step.closed_at), "SHORT_DATETIME_FORMAT") if step.closed_at else "",
        closed_at=step.closed_at.isoformat() if step.closed_at else None,
        status=step.status,
    )


def live_step(turn: Turn, step_id: int) -> StepRow:
    """The step of that id, pending or failed; the engine says what can be done with it. Raises StepAlreadyClosed."""
    row = turn.rows.get(step_id)
    if row is None or row.step.status not in (Status.PENDING, Status.FAILED):
        raise already_closed(ProcessStep.objects.select_related("closed_by", "closed_for").get(pk=step_id))
    return row


def may_see(turn: Turn, row: StepRow, by: Any) -> bool:
    """Performer, member of the role, who stands in for one of them, starter of the instance, administrators."""
    if turn.standing.reaches(row.assignee_id, row.role_id) or by.pk == turn.instance.starter_id:
        return True
    return is_process_admin(by)


def check_may_see(turn: Turn, row: StepRow, by: Any) -> None:
    """Raises NotFound."""
    if not may_see(turn, row, by):
        raise NotFound


def check_not_in_work(row: StepRow) -> None:
    """Raise StepInWork for a step whose answer a worker is carrying out."""
    if row.step.topic:
        raise StepInWork


def check_may_perform(turn: Turn, row: StepRow, by: Any) -> None:
    """Its performer, any member of its role while nobody has taken it, their substitutes, or an administrator.

    Raises StepTaken where a colleague of the role has it, Forbidden for everybody else.
    """
    if turn.standing.performs(row.assignee_id, row.role_id) or may_run_elements(by):
        return
    if row.role_id in turn.standing.role_ids:
        check_not_taken(row, by)
    raise Forbidden


def check_not_taken(row: StepRow, by: Any) -> None:
    """Raise StepTaken when somebody else has the step."""
    if row.assignee_id not in (None, by.pk):
        raise StepTaken(by=str(User.objects.get(pk=row.assignee_id)))


def refusal_of(step: ProcessStep, by: Any) -> BusinessError | None:
    """Why this user cannot answer the step now, for pages that stand open; None while he can (select its people)."""
    if not step.is_pending:
        return already_closed(step)
    if step.is_in_work:
        return StepInWork()
    if may_open(step, by):
        return None
    return StepTaken(by=str(step.assignee)) if step.assignee else Forbidden()


def may_open(step: ProcessStep, by: Any) -> bool:
    """Whether this user may perform the (pending) step: the same rule as `check_may_perform`, for pages."""
    return standing_of(by).performs(step.assignee_id, step.role_id) or may_run_elements(by)


def check_may_hand_on(turn: Turn, row: StepRow, by: Any) -> bool:
    """Reassigning: whoever may perform it, or whoever is named as performer's manager, or an administrator.

    Returns whether `by` does so as the performer, who has to keep to what the kind of the step allows.
    """
    if may_run_elements(by):
        return False
    if row.assignee_id is not None and User.objects.filter(pk=row.assignee_id, manager=by.pk).exists():
        return False
    check_may_perform(turn, row, by)
    if not kinds.get(row.step.kind).may_reassign(row.step.settings):
        raise Forbidden(_("This cannot be handed on any further. Ask a process administrator to do it."))
    return True


def may_reassign(step: ProcessStep, by: Any) -> bool:
    """Whether pages offer this user to give the step away: much the same rule as `check_may_hand_on`.

    Not to one who knows nobody whom he could give it to.
    """
    if not knows_colleagues(by):
        return False
    if may_run_elements(by):
        return True
    return may_open(step, by) and kinds.get(step.kind).may_reassign(step.settings)


def may_run_elements(user: Any) -> bool:
    """Whether this user may run, retry, skip and reassign the elements of every instance."""
    return bool(user.is_superuser or user.has_perm("processes.run_processinstance"))


def may_begin_elements(instance: ProcessInstance | LockedInstance, by: Any) -> bool:
    """Whether this user may begin what stands in ad-hoc sub-processes: the starter, and who runs elements."""
    return by.pk == instance.starter_id or may_run_elements(by)


def check_may_run_elements(by: Any) -> None:
    """Raises Forbidden."""
    if not may_run_elements(by):
        raise Forbidden


def sees_inside(instance: ProcessInstance, user: Any) -> bool:
    """Whether this user may read what moves the instance: its variables, its journal, its source.

    Its starter and process administrators; who merely has a step of it sees where it stands, and his own steps.
    """
    return instance.starter_id == user.pk or is_process_admin(user)


def check_sees_inside(instance: ProcessInstance, user: Any) -> None:
    """Raises Forbidden."""
    if not sees_inside(instance, user):
        raise Forbidden(
            _("Variables and journal are for whoever started the process and for process administrators.")
        )


def visible_instance(instance_id: int, by: Any) -> ProcessInstance:
    """The instance, if this user may see it. Raises NotFound."""
    instance: ProcessInstance | None = ProcessInstance.objects.visible_to(by).filter(pk=instance_id).first()
    if instance is None:
        raise NotFound
    return instance

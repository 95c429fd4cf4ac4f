"""Cancel many instances: one row each, carried out by the worker, with pause, stop and a result for every row.

A row and its instance change in one transaction, under a lock on the row: whatever dies or overtakes, each instance
is cancelled once. The lock on a row comes before that of its instance and nobody takes them the other way round.
"""

import logging
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bpm_portal.accounts.models import User
from bpm_portal.common import working
from bpm_portal.common.errors import BusinessError, Conflict, Forbidden, Invalid, NotFound
from processes import live
from processes.models import CancelItem, CancelJob
from processes.services.instances import cancel_instance, check_may_cancel

logger = logging.getLogger(__name__)

RUN = "processes.run_cancel_jobs"
CHUNK = 20  # rows between two looks at the job, its lease and the permission
FIRST = 5  # rows that whoever asks does not wait for a worker to cancel
Status, Outcome, Problem = CancelJob.Status, CancelItem.Status, CancelItem.Problem

CHOOSE = """
    INSERT INTO processes_cancelitem (job_id, instance_id, status, problem)
    SELECT %s, chosen.id, 'pending', '' FROM ({instances}) AS chosen(id) ORDER BY chosen.id
"""


def cancel_chosen(*, instances: Any, reason: str, by: Any, now: datetime) -> CancelJob | None:
    """Cancel one instance (of a queryset) at once, several by a job, which is returned.

    Raises as `start_cancel_job` and `cancel_instance` do.
    """
    check_may_cancel(by)
    few = list(instances.visible_to(by).order_by("pk").values_list("pk", flat=True)[:2])
    if len(few) != 1:
        return start_cancel_job(instances=instances, reason=reason, by=by, now=now)
    if not reason.strip():
        raise Invalid(reason=_("Say why the process is cancelled."))
    cancel_instance(instance_id=few[0], reason=reason.strip(), by=by, now=now)
    return None


def start_cancel_job(*, instances: Any, reason: str, by: Any, now: datetime) -> CancelJob:
    """Set out the cancellation of these instances (a queryset), in two statements whatever their number.

    Raises Invalid without a reason, NotFound without any instance, Forbidden.
    """
    check_may_cancel(by)
    if not reason.strip():
        raise Invalid(reason=_("Say why the process is cancelled."))
    sql, params = instances.visible_to(by).order_by().values("pk").query.sql_with_params()
    with transaction.atomic():
        job: CancelJob = CancelJob.objects.create(by=by, reason=reason.strip(), created_at=now)
        with connection.cursor() as cursor:
            cursor.execute(CHOOSE.format(instances=sql), [job.pk, *params])
            if not cursor.rowcount:
                raise NotFound
        transaction.on_commit(lambda: working.wake(RUN))
    return job


def carry_out_first(job: CancelJob) -> None:
    """Do the first rows at once, so that few are cancelled when the answer comes; a worker goes on with the rest.

    It may have begun already: no row is done twice.
    """
    if _work_on(job, FIRST):
        CancelJob.objects.filter(pk=job.pk).update(claimed_until=None)
        working.wake(RUN)
    job.refresh_from_db()


def pause_job(*, job: CancelJob, by: Any, now: datetime) -> None:
    """Let the worker stop after the instance that it is at. Raises Conflict, Forbidden."""
    _move(job, by, {Status.RUNNING}, status=Status.PAUSED)


def resume_job(*, job: CancelJob, by: Any, now: datetime) -> None:
    """Go on with what is left. Raises Conflict, Forbidden."""
    _move(job, by, {Status.PAUSED}, status=Status.RUNNING)
    working.wake(RUN)


@transaction.atomic
def stop_job(*, job: CancelJob, by: Any, now: datetime) -> None:
    """Leave out what is left, for good. Raises Conflict, Forbidden."""
    _move(job, by, set(CancelJob.OPEN), status=Status.STOPPED, ended_at=now)
    # Waits for the row that the worker holds, which then has its result.
    CancelItem.objects.of_job(job).filter(status=Outcome.PENDING).update(status=Outcome.SKIPPED)


def _move(job: CancelJob, by: Any, allowed: set[str], **values: Any) -> None:
    check_may_cancel(by)
    moved = CancelJob.objects.filter(pk=job.pk, status__in=allowed).update(claimed_until=None, **values)
    if not moved:
        raise Conflict
    transaction.on_commit(lambda: _ping(job))


MOVES: Mapping[str, Any] = {"pause": pause_job, "resume": resume_job, "stop": stop_job}


def run_cancel_jobs() -> None:
    """Go on with all that is waiting, chunk by chunk; what is left after a while is left to the next task."""
    began = time.monotonic()
    while (job := _claim()) is not None:
        while _work_on(job, CHUNK):
            if time.monotonic() - began > working.PATIENCE:
                CancelJob.objects.filter(pk=job.pk).update(claimed_until=None)
                working.wake(RUN)
                return


def _claim() -> CancelJob | None:
    now = timezone.now()
    with transaction.atomic():
        job: CancelJob | None = (
            CancelJob.objects.waiting(now).select_for_update(skip_locked=True, of=("self",)).first()
        )
        if job is not None:
            job.claimed_until = now + working.LEASE
            job.save(update_fields=["claimed_until"])
    return job


def _work_on(job: CancelJob, rows: int) -> bool:
    """So many rows; whether there is more to do for this worker."""
    # A miss: it was paused or stopped.
    lease = CancelJob.objects.filter(pk=job.pk, status=Status.RUNNING)
    if not lease.update(claimed_until=timezone.now() + working.LEASE):
        return False
    by = User.objects.filter(
        pk=job.by_id or 0, is_active=True
    ).first()  # anew: a right may have been withdrawn
    goes_on = all(_cancel_next(job, by) for _number in range(rows))
    if not goes_on:
        through = CancelJob.objects.without_pending().filter(pk=job.pk, status=Status.RUNNING)
        through.update(status=Status.DONE, ended_at=timezone.now(), claimed_until=None)
    _ping(job)
    return goes_on


def _cancel_next(job: CancelJob, by: User | None) -> bool:
    """One row with its instance; whether there was any."""
    with transaction.atomic():
        item = CancelItem.objects.next_of(job).first()
        if item is None:
            return False
        item.problem = _problem_with(item, job.reason, by)
        item.status = Outcome.FAILED if item.problem else Outcome.DONE
        item.save(update_fields=["status", "problem"])
    return True


def _problem_with(item: CancelItem, reason: str, by: User | None) -> str:
    """Cancel the instance, or say why not; what fails is undone alone."""
    try:
        if by is None:
            raise Forbidden
        check_may_cancel(by)
        with transaction.atomic():
            cancel_instance(instance_id=item.instance_id, reason=reason, by=by, now=timezone.now())
    except BusinessError as refusal:
        return refusal.code if refusal.code in Problem.values else Problem.ERROR
    except Exception:
        logger.exception("The instance %s of the cancellation %s failed.", item.instance_id, item.job_id)
        return Problem.ERROR
    return ""


def _ping(job: CancelJob) -> None:
    if job.by_id is not None:
        live.ping([job.by_id])

"""Start, complete and cancel activities."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from activities import changes, lifecycle
from activities.access import may_act
from activities.errors import CancelledByProcessOnly
from activities.models import Activity
from activities.services import rows
from bpm_portal.common.errors import Forbidden, Invalid


def start_activity(*, activity_id: int, by: Any, now: datetime) -> None:
    """Not started -> in progress; nothing happens where it is in progress already.

    The same for managed activities, since no process asks whether somebody has begun; by compare-and-set,
    so that it never overwrites the final status that a turn has just written.
    """
    activity = rows.visible(activity_id, by)
    if not may_act(activity, by):
        raise Forbidden
    rows.refuse_closed(activity)
    waiting = Activity.objects.filter(pk=activity_id, status=Activity.Status.NOT_STARTED)
    if waiting.update(status=Activity.Status.IN_PROGRESS):
        changes.tell(activity)
    else:
        rows.refuse_closed(rows.visible(activity_id, by))


def complete_activity(
    *, activity_id: int, result: str, details: str, by: Any, now: datetime
) -> lifecycle.Finished:
    """Give it its final status and result, and say where that leads.

    Raises NotFound, Forbidden, Invalid for a result that is not allowed, ActivityAlreadyClosed for the second
    to finish it; for a managed one whatever its manager raises.
    """
    activity = rows.visible(activity_id, by)
    manager = lifecycle.manager_of(activity)
    if manager is not None:
        return manager.complete(activity_id=activity_id, result=result, details=details, by=by, now=now)
    with transaction.atomic():
        activity = rows.locked(activity_id, by)
        _check_result(activity, result)
        _close(activity, Activity.Status.COMPLETED, result=result, details=details, by=by, now=now)
    return lifecycle.Finished()


def cancel_activity(*, activity_id: int, by: Any, now: datetime, reason: str = "") -> None:
    """Nothing is to be done any more; only for activities of people, a process cancels its own."""
    if rows.visible(activity_id, by).is_managed:
        raise CancelledByProcessOnly
    with transaction.atomic():
        activity = rows.locked(activity_id, by)
        _close(activity, Activity.Status.CANCELLED, result="", details=reason, by=by, now=now)


def _check_result(activity: Activity, result: str) -> None:
    allowed = [offer["code"] for offer in activity.allowed_results]
    if allowed and result not in allowed:
        raise Invalid(result=_("Choose one of the results offered."))
    if len(result) > 100:
        raise Invalid(result=_("The result is too long: 100 characters at most. Use the details."))


def _close(activity: Activity, status: str, *, result: str, details: str, by: Any, now: datetime) -> None:
    activity.status = status
    activity.result = result
    activity.result_details = details
    activity.closed_at = now
    activity.closed_by = by
    activity.save(update_fields=["status", "result", "result_details", "closed_at", "closed_by"])

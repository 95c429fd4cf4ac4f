"""How services get hold of an activity: visible first, then locked and open and theirs to act on."""

from typing import Any

from django.utils.translation import gettext as _

from activities import changes
from activities.access import may_act
from activities.errors import ActivityAlreadyClosed
from activities.models import Activity
from bpm_portal.accounts.substitution import in_the_name_of
from bpm_portal.common.errors import Forbidden, Invalid, NotFound
from records.services import stay_record


def visible(activity_id: int, by: Any) -> Activity:
    """The activity, unlocked; NotFound where `by` may not see it."""
    activity: Activity | None = Activity.objects.visible_to(by).filter(pk=activity_id).first()
    if activity is None:
        raise NotFound
    return activity


def locked(activity_id: int, by: Any) -> Activity:
    """The activity of people alone, locked, open, and `by` may act on it; needs a transaction.

    The second of two who finish it at once waits here for the lock, then reads the final status of the first.
    Never for managed ones: their manager locks first what stands behind them. Who locks changes it: open pages follow.
    """
    # No join here: after the wait PostgreSQL reads the locked row again, but not what was joined to it.
    rows = Activity.objects.ad_hoc().select_for_update()
    activity: Activity | None = rows.filter(pk=activity_id).first()
    if activity is None:
        raise NotFound
    if not may_act(activity, by):
        raise Forbidden
    refuse_closed(activity)
    changes.tell(activity)
    return activity


def refuse_closed(activity: Activity) -> None:
    """Raise ActivityAlreadyClosed where nothing can change any more."""
    if activity.closed_at is not None:
        by = in_the_name_of(activity.closed_by, activity.closed_for)
        raise ActivityAlreadyClosed(by=by, at=activity.closed_at, status=activity.status)


def hold_record(record: Any) -> None:
    """Nobody deletes the record (None: none) before this transaction ends; raises Invalid where it has gone."""
    if record is None:
        return
    try:
        stay_record(record.pk)
    except NotFound as gone:
        raise Invalid(record=_("There is no such record.")) from gone

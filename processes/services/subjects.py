"""What a step waits on, as services touch it: only while it is still open."""

from activities.models import Activity
from activities.querysets import ActivityQuerySet
from processes.store import StepRow


def open_activity(row: StepRow) -> ActivityQuerySet:
    """The activity of the step as long as nobody has closed it; none (and no statement) for a step on a record."""
    if row.activity_id is None:
        return Activity.objects.none()
    return Activity.objects.filter(pk=row.activity_id, closed_at=None)

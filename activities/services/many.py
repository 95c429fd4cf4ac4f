"""One thing done to many activities: each by its own service in its own transaction, with a result per row."""

from collections.abc import Callable, Sequence
from typing import Any

from activities.models import Activity
from records.services import many
from records.services.many import RowResult


def act_on_each(*, activity_ids: Sequence[int], act: Callable[[int], Any], by: Any) -> list[RowResult]:
    """Call `act` with the id of each activity that `by` may see; a refused one stops none of the others."""
    seen = Activity.objects.visible_to(by).filter(pk__in=activity_ids).order_by()
    return many.act_on_each(ids=activity_ids, titles=dict(seen.values_list("pk", "title")), act=act)

"""Activities as stops of walks through a list: see `common.walks`."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from activities.models import Activity

KIND = "activity"


def still_waiting(user: Any, activity_ids: Sequence[int]) -> list[int]:
    """Those of these activities that this user can still finish."""
    waiting = Activity.objects.for_performer(user).open().filter(pk__in=activity_ids)
    return list(waiting.values_list("pk", flat=True))


def page_of(activity_id: int) -> str:
    """The page of an activity."""
    return reverse("activities:detail", args=[activity_id])

"""One thing done to many activities: each by its own service in its own transaction, with a result per row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from activities.models import Activity
from bpm_portal.common.errors import BusinessError, NotFound


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one activity; an empty `refusal` means that it is done."""

    activity_id: int
    title: str
    refusal: str = ""

    @property
    def is_done(self) -> bool:
        """Nothing stood in the way."""
        return not self.refusal


def act_on_each(*, activity_ids: Sequence[int], act: Callable[[int], Any], by: Any) -> list[RowResult]:
    """Call `act` with the id of each activity that `by` may see; a refused one stops none of the others."""
    titles = dict(
        Activity.objects.visible_to(by).filter(pk__in=activity_ids).order_by().values_list("pk", "title")
    )
    return [_act_on(pk, titles.get(pk), act) for pk in activity_ids]


def sentence_of(refusal: BusinessError) -> str:
    """Why it was refused, in one line: the problems themselves where there are such."""
    problems = " ".join(str(problem) for problem in refusal.detail.values()) if refusal.status == 400 else ""
    return problems or refusal.message


def _act_on(activity_id: int, title: str | None, act: Callable[[int], Any]) -> RowResult:
    if title is None:
        return RowResult(activity_id, f"#{activity_id}", NotFound().message)
    try:
        act(activity_id)
    except BusinessError as refusal:
        return RowResult(activity_id, title, sentence_of(refusal))
    return RowResult(activity_id, title)

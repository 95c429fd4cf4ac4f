"""One thing done to many rows: each by its own service in its own transaction, with a result per row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bpm_portal.common.errors import BusinessError, NotFound


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row; an empty `refusal` means that it is done."""

    pk: int
    title: str
    refusal: str = ""

    @property
    def is_done(self) -> bool:
        """Nothing stood in the way."""
        return not self.refusal


def act_on_each(
    *, ids: Sequence[int], titles: Mapping[int, str], act: Callable[[int], Any]
) -> list[RowResult]:
    """Call `act` with each id that has a title (what may be seen); a refused one stops none of the others."""
    return [_act_on(pk, titles.get(pk), act) for pk in ids]


def _act_on(pk: int, title: str | None, act: Callable[[int], Any]) -> RowResult:
    if title is None:
        return RowResult(pk, f"#{pk}", NotFound().message)
    try:
        act(pk)
    except BusinessError as refusal:
        return RowResult(pk, title, refusal.in_full)
    return RowResult(pk, title)

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


def sentence_of(refusal: BusinessError) -> str:
    """Why it was refused, in one line: the problems themselves where there are such."""
    if refusal.status != 400 or not refusal.detail:
        return refusal.message
    problems = refusal.detail.values()
    return " ".join(str(t) for p in problems for t in (p if isinstance(p, list) else [p]))


def _act_on(pk: int, title: str | None, act: Callable[[int], Any]) -> RowResult:
    if title is None:
        return RowResult(pk, f"#{pk}", NotFound().message)
    try:
        act(pk)
    except BusinessError as refusal:
        return RowResult(pk, title, sentence_of(refusal))
    return RowResult(pk, title)

"""Port: what happened around a record, told by each app for itself and merged here, the latest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

LAST_KEY = 2**63 - 1
SALT = "timeline"


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the timeline; `key` tells those of one moment apart."""

    at: datetime
    key: int
    icon: str
    text: str
    url: str = ""
    details: str = ""
    state: str = ""  # a badge, as HTML that is safe
    by: Any = None


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a page ends: what comes after it happened earlier, or at the same time with a smaller key."""

    at: datetime
    key: int


# (user, record, end of the page before or None, how many) -> the latest that come after it, in one statement or two.
Teller = Callable[[Any, Any, Moment | None, int], Sequence[Happening]]


@dataclass(frozen=True, slots=True)
class Sort:
    """One kind of what happens."""

    code: str
    label: str | Promise
    icon: str
    tell: Teller


_sorts: dict[str, Sort] = {}


def register(sort: Sort) -> None:
    """Add a sort; called at start-up, the order is that of the filter."""
    _sorts[sort.code] = sort


def sorts() -> list[Sort]:
    """All sorts."""
    return list(_sorts.values())


def earlier(rows: "QuerySet[Any]", end: Moment | None, at: str) -> "QuerySet[Any]":
    """The rows that come after the end of a page, in the order of the timeline; `at` names the time of a row."""
    if end is not None:
        rows = rows.filter(Q(**{f"{at}__lt": end.at}) | Q(**{at: end.at, "pk__lt": end.key}))
    return rows.order_by(f"-{at}", "-pk")


def timeline(
    user: Any, record: Any, *, only: str, cursor: str, size: int
) -> tuple[list[tuple[Sort, Happening]], str]:
    """A page of what happened, of one sort where `only` names one, and the cursor of the next page (empty: none).

    Each sort is read no further than a page needs. A cursor that is none of ours means the first page.
    """
    chosen = [_sorts[only]] if only in _sorts else sorts()
    ranks = {sort.code: rank for rank, sort in enumerate(_sorts.values())}
    end = _read(cursor)
    found = [
        (happening, sort)
        for sort in chosen
        for happening in sort.tell(user, record, _end_for(end, ranks[sort.code]), size + 1)
    ]
    found.sort(key=lambda pair: (pair[0].at, ranks[pair[1].code], pair[0].key), reverse=True)
    page = [(sort, happening) for happening, sort in found[:size]]
    if len(found) <= size:
        return page, ""
    last_sort, last = page[-1]
    return page, signing.dumps([last.at.isoformat(), ranks[last_sort.code], last.key], salt=SALT)


def _end_for(end: tuple[datetime, int, int] | None, rank: int) -> Moment | None:
    """The end of the page as one sort sees it: of one moment, higher ranks stand before lower ones."""
    if end is None:
        return None
    at, its_rank, key = end
    return Moment(at, key if rank == its_rank else LAST_KEY if rank < its_rank else 0)


def _read(cursor: str) -> tuple[datetime, int, int] | None:
    try:
        at, rank, key = signing.loads(cursor, salt=SALT)
        return datetime.fromisoformat(at), int(rank), int(key)
    except (signing.BadSignature, ValueError, TypeError):
        return None

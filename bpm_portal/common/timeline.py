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
class Sort:
    """One kind of what happens."""

    code: str
    label: str | Promise
    icon: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the timeline; `key` tells those of one moment apart."""

    sort: Sort
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a teller is asked for: the latest `size` of these sorts that come after the end of the page before."""

    sorts: Sequence[Sort]
    end: Moment | None
    size: int


# (user, record, what is asked for) -> what it knows of that, in one statement for all its sorts.
Teller = Callable[[Any, Any, Asked], Sequence[Happening]]

_tellers: list[tuple[Teller, Sequence[Sort]]] = []


def register(tell: Teller, *told: Sort) -> None:
    """Add what tells of these sorts; called at start-up, the order is that of the filter."""
    _tellers.append((tell, told))


def sorts() -> list[Sort]:
    """All sorts."""
    return [sort for _tell, told in _tellers for sort in told]


def earlier(rows: "QuerySet[Any]", asked: Asked, at: str) -> "QuerySet[Any]":
    """The rows that are asked for, in the order of the timeline; `at` names the time of a row."""
    end = asked.end
    if end is not None:
        rows = rows.filter(Q(**{f"{at}__lt": end.at}) | Q(**{at: end.at, "pk__lt": end.key}))
    return rows.order_by(f"-{at}", "-pk")[: asked.size]


def timeline(user: Any, record: Any, *, only: str, cursor: str, size: int) -> tuple[list[Happening], str]:
    """A page of what happened, of one sort where `only` names one, and the cursor of the next page (empty: none).

    Each teller reads no further than a page needs. A cursor that is none of ours means the first page.
    """
    named = {sort.code: [sort] for sort in sorts()}.get(only, sorts())
    end = _read(cursor)
    found = [
        (happening.at, rank, happening.key, happening)
        for rank, (tell, told) in enumerate(_tellers)
        if (chosen := [sort for sort in told if sort in named])
        for happening in tell(user, record, Asked(chosen, _end_for(end, rank), size + 1))
    ]
    found.sort(key=lambda entry: entry[:3], reverse=True)
    page = [happening for _at, _rank, _key, happening in found[:size]]
    if len(found) <= size:
        return page, ""
    at, rank, key, _last = found[size - 1]
    return page, signing.dumps([at.isoformat(), rank, key], salt=SALT)


def _end_for(end: tuple[datetime, int, int] | None, rank: int) -> Moment | None:
    """The end of the page as one teller sees it: of one moment, higher ranks stand before lower ones."""
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

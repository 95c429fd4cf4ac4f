"""A rule that can be met in several ways: one condition for the few rows at hand, one branch each for long lists.

A single OR over all ways has no index to go by: PostgreSQL walks the whole table for it, and for somebody who sees
nothing to its end. Each way alone has one, so a list is read as the union of the first rows of each way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from bpm_portal.common.compiled import compiled, rows_of_all

Rows = TypeVar("Rows", bound="QuerySet[Any]")


@dataclass(frozen=True, slots=True)
class Through:
    """Other rows lead here: `column` of `rows` names what `key` of a row holds."""

    rows: "QuerySet[Any]"
    column: str
    key: str = "pk"


@dataclass(frozen=True, slots=True)
class Many(Through):
    """Through so many that a list is read in its own order, and each of its rows is asked."""


Way = Q | Through
EVERYTHING: tuple[Way, ...] = (Q(),)
FEW = 500  # rows that are named one by one


def any_of(ways: Sequence[Way]) -> Q:
    """One condition that asks each row; matches nothing where there is no way."""
    condition = Q(pk__in=[])
    for way in ways:
        if way == Q():
            return Q()
        condition |= _asked(way)
    return condition


def branches(rows: Rows, ways: Sequence[Way]) -> list[Rows]:
    """The rows that each way leads to; some may be in several of them.

    All that is read in the order of the list is one branch: it ends as soon as any of these ways has filled the page.
    """
    many = [way for way in ways if isinstance(way, Many)]
    led = [rows.filter(_led(way)) for way in ways if not isinstance(way, Many)]
    return [*led, rows.filter(any_of(many))] if many else led


def beyond(key: str, target: "QuerySet[Any]", ways: Iterable[Way]) -> list[Way]:
    """The ways to the rows of `target` that a foreign key names, from where the key stands."""
    return [
        Through(target.filter(way), "pk", key) if isinstance(way, Q) else replace(way, key=key)
        for way in ways
    ]


def settled(ways: Sequence[Way]) -> list[Way]:
    """The same ways, where those that lead to few rows name them; one statement.

    PostgreSQL knows how much people have on the average. For somebody who has next to nothing it would walk a whole
    table in the hope of finding a page of it, so that is looked up first.
    """
    through = [way for way in ways if isinstance(way, Through)]
    found = _first_of(through)
    few: dict[str, set[int]] = {}
    rest: list[Way] = [way for way in ways if not isinstance(way, Through)]
    for way, ids in zip(through, found, strict=True):
        if len(ids) > FEW:
            rest.append(Many(way.rows, way.column, way.key))
        elif ids:
            few.setdefault(way.key, set()).update(ids)
    return [*rest, *(Q(**{f"{key}__in": sorted(ids)}) for key, ids in few.items())]


def _first_of(ways: Sequence[Through]) -> list[list[int]]:
    found: list[list[int]] = [[] for _way in ways]
    statements = []
    for at, way in enumerate(ways):
        if one := compiled(way.rows.order_by().values_list(way.column)[: FEW + 1]):
            statements.append((f"SELECT {at}, x.* FROM ({one[0]}) x", one[1]))  # noqa: S608 - compiled by the ORM
    for at, key in rows_of_all(statements):
        found[at].append(key)
    return found


def _asked(way: Way) -> Q:
    match way:
        case Many():
            return Q(Coalesce(_first(way), Value(False)))
        case Through():
            return Q(_exists(way))
        case _:
            return way


def _led(way: Way) -> Q:
    if isinstance(way, Q):
        return way
    return Q(**{f"{way.key}__in": way.rows.order_by().values(way.column)})


def _exists(way: Through) -> Exists:
    return Exists(way.rows.filter(**{way.column: OuterRef(way.key)}))


def _first(way: Many) -> Subquery:
    """Whether there is one, asked by a limited subquery: that is carried out for each row that is looked at.

    An EXISTS PostgreSQL joins, or it reads all the rows first to look them up by hash, however few will be asked.
    """
    found = way.rows.filter(**{way.column: OuterRef(way.key)}).order_by()
    return Subquery(found.annotate(is_there=Value(True)).values("is_there")[:1])

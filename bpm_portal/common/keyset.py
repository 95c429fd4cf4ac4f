"""Pages by key: the thousandth page of a list costs what the first one does, and one query each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Field, Func, OrderBy, Q, QuerySet, Value

from bpm_portal.common.compiled import compiled, rows_of_all

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list; an empty cursor means that there is no such page."""

    items: list[Row]
    next_cursor: str
    previous_cursor: str

    def __iter__(self) -> Iterator[Row]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True)
class _Key:
    """One field of the order."""

    name: str
    descending: bool
    field: "Field[Any, Any]"
    nullable: bool


def keyset_page(
    queryset: QuerySet[Any, Row],
    *,
    cursor: str,
    size: int,
    order: Sequence[str],
    among: Sequence[QuerySet[Any, Any]] | None = None,
    known: list[Row] | None = None,
) -> Page[Row]:
    """The rows that follow (or precede) the row a cursor names; an empty cursor means the first page.

    `order` names fields as `order_by` does and must end with a unique one, as `("-starts_at", "-id")`. The
    queryset's own order is replaced. A cursor that was tampered with, or made for another order, gives the
    first page: nothing in it is secret, and a reader with an old link gets a list, no error.

    With `among`, the rows of the queryset that are in any of those: each is walked in the order of the page by itself,
    and no further than a page needs (see `ways`); two statements. `known` are the first `size + 1` rows where
    somebody has read them already.
    """
    keys = [_key(queryset, name) for name in order]
    backwards, values = _read_cursor(cursor, keys, queryset, order)

    def first_of(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        rows = rows.order_by(*(_ordering(key, backwards) for key in keys))
        return (rows if values is None else rows.filter(_beyond(keys, values, backwards)))[: size + 1]

    if among is not None:
        ordering = [_ordering(key, backwards) for key in keys]
        first = first_keys([first_of(rows) for rows in among], ordering, limit=size + 1)
        queryset = queryset.filter(pk__in=first)
    found = list(first_of(queryset)) if known is None or values is not None else known
    more = len(found) > size
    items = found[:size]
    if backwards:
        items.reverse()
    has_next = backwards or more
    has_previous = more if backwards else values is not None
    return Page(
        items=items,
        next_cursor=_write_cursor("n", items[-1], keys, queryset, order) if items and has_next else "",
        previous_cursor=_write_cursor("p", items[0], keys, queryset, order) if items and has_previous else "",
    )


def first_keys(
    branches: Sequence[QuerySet[Any, Any]], ordering: Sequence[OrderBy], *, limit: int
) -> list[int]:
    """The primary keys of the first rows that are in any of the branches; each is ordered and limited so already.

    They are read by themselves: joined to what a page shows, PostgreSQL may find it cheaper to read all of that.
    """
    if len(branches) < 2:
        return [key for branch in branches for key in branch.values_list("pk", flat=True)]
    names = [expression.expression.name for expression in ordering]
    first, *others = (branch.values_list("pk", *names) for branch in branches)
    return [row[0] for row in first.union(*others).order_by(*ordering)[:limit]]


def found_first(search: QuerySet[Any, Any]) -> Func:
    """The condition that a row is one of these, for a search that is limited: it is carried out before all else.

    An ordinary IN is joined, and for the order of the page PostgreSQL then walks the table with the matches in hand.
    """
    return AnyOf(F("pk"), ArraySubquery(search))


def capped_count(*querysets: QuerySet[Any, Any], cap: int = 1000) -> int:
    """How many rows are in any of them, counted no further than `cap + 1`; above the cap show `1000+`."""
    return capped_counts([querysets], cap=cap)[0]


def capped_counts(sets: Sequence[Sequence[QuerySet[Any, Any]]], *, cap: int) -> list[int]:
    """How many rows are in any queryset of each set, counted no further than `cap + 1`; one statement for all sets."""
    counts = [0] * len(sets)
    statements = []
    for at, querysets in enumerate(sets):
        keys = (queryset.order_by().values("pk")[: cap + 1] for queryset in querysets)
        branches = [one for one in map(compiled, keys) if one]
        if branches:
            union = " UNION ".join(f"({sql})" for sql, _ in branches)
            found = union if len(branches) == 1 else f"{union} LIMIT {cap + 1}"
            statement = f"SELECT {at}, count(*) FROM ({found}) AS found"  # noqa: S608 - compiled by the ORM
            statements.append((statement, [value for _, params in branches for value in params]))
    for at, count in rows_of_all(statements):
        counts[at] = count
    return counts


def _key(queryset: QuerySet[Any, Any], name: str) -> _Key:
    descending, plain = name.startswith("-"), name.removeprefix("-")
    expression = queryset.query.clone().resolve_ref(plain)
    field = expression.output_field
    # A joined row may be missing, an annotation may be anything: only a column of the model itself is sure.
    own = "__" not in plain and plain not in queryset.query.annotations
    return _Key(plain, descending, field, nullable=not own or field.null)


def _ordering(key: _Key, backwards: bool) -> Any:
    return F(key.name).desc() if key.descending != backwards else F(key.name).asc()


def _beyond(keys: list[_Key], values: list[Any], backwards: bool) -> Any:
    """The condition "comes after these values in the order of the page"."""
    same_direction = len({key.descending for key in keys}) == 1
    if same_direction and not any(key.nullable for key in keys):
        comparison = _RowLess if keys[0].descending != backwards else _RowGreater
        row = _Row(*(F(key.name) for key in keys))
        bound = _Row(*(Value(v, output_field=key.field) for key, v in zip(keys, values, strict=True)))
        return comparison(row, bound)
    condition, equal = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        condition |= equal & _after(key, value, backwards)
        equal &= Q(**{f"{key.name}__isnull": True}) if value is None else Q(**{key.name: value})
    return condition


def _after(key: _Key, value: Any, backwards: bool) -> Q:
    """PostgreSQL sorts null above everything: last when ascending, first when descending."""
    nothing, null = Q(pk__in=[]), Q(**{f"{key.name}__isnull": True})
    if key.descending != backwards:
        return ~null if value is None else Q(**{f"{key.name}__lt": value})
    if value is None:
        return nothing
    greater = Q(**{f"{key.name}__gt": value})
    return greater | null if key.nullable else greater


class AnyOf(Func):
    """That the first is one of an array, which is made before anything is looked up."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


class _Row(Func):
    """`(a, b)`: PostgreSQL compares whole rows along one composite index."""

    template = "(%(expressions)s)"
    output_field = BooleanField()


class _RowLess(Func):
    template = "%(expressions)s"
    arg_joiner = " < "
    output_field = BooleanField()


class _RowGreater(_RowLess):
    arg_joiner = " > "


def _salt(queryset: QuerySet[Any, Any], order: Sequence[str]) -> str:
    return f"keyset:{queryset.model._meta.label}:{','.join(order)}"


def _write_cursor(
    direction: str, row: Any, keys: list[_Key], queryset: QuerySet[Any, Any], order: Sequence[str]
) -> str:
    values = [_plain(_value(row, key.name)) for key in keys]
    return signing.dumps([direction, *values], salt=_salt(queryset, order), compress=False)


def _value(row: Any, name: str) -> Any:
    if isinstance(row, dict):
        return row[name]
    for part in name.split("__"):
        row = None if row is None else getattr(row, part)
    return row


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _read_cursor(
    cursor: str, keys: list[_Key], queryset: QuerySet[Any, Any], order: Sequence[str]
) -> tuple[bool, list[Any] | None]:
    """(backwards, values), or (False, None) where the cursor is empty or not ours."""
    if not cursor:
        return False, None
    try:
        direction, *raw = signing.loads(cursor, salt=_salt(queryset, order))
        values = [key.field.to_python(value) for key, value in zip(keys, raw, strict=True)]
    except (signing.BadSignature, ValidationError, ValueError, TypeError):
        return False, None
    return direction == "p", values

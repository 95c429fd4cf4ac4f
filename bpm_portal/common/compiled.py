"""Several querysets as one statement, where each has its own limit and the ORM would make one of each."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Statement = tuple[str, Sequence[Any]]


def compiled(rows: "QuerySet[Any]") -> Statement | None:
    """The statement of a queryset; None where it cannot find anything, as of roles for somebody without any."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None


def rows_of_all(statements: Iterable[Statement]) -> list[tuple[Any, ...]]:
    """What all of them find, in one statement; none where there is nothing to ask."""
    found = list(statements)
    if not found:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(sql for sql, _ in found), [p for _, params in found for p in params]
        )
        return list(cursor.fetchall())

"""The list of a section as rows of a file, as it is filtered, page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone, translation

from bpm_portal.common.keyset import keyset_page
from records.csv_files import safe_cell
from records.fields import KINDS
from records.list_form import Column
from records.models import Record

PAGE = 500


@dataclass(frozen=True, slots=True)
class Wording:
    """Whose file it is: the language of choices and heads, the time zone, the sign before a fraction."""

    language: str
    time_zone: Any
    decimal_sign: str = "."


def export_rows(
    records: Any, columns: Sequence[Column], *, order: Sequence[str], wording: Wording
) -> Iterator[list[str]]:
    """The head, then the rows. Each page is a statement of its own: nothing is held open for a slow reader."""
    with translation.override(wording.language):
        yield [safe_cell(str(label)) for label in head(columns)]
    cursor, first = "", True
    while first or cursor:
        page = keyset_page(records.select_related("owner"), cursor=cursor, size=PAGE, order=order)
        cursor, first = page.next_cursor, False
        # Not around the loop: between two rows other code runs, in the language of others.
        with translation.override(wording.language):
            rows = [_row(record, columns, wording) for record in page]
        yield from rows


def head(columns: Sequence[Column]) -> list[Any]:
    """The names of the columns, the caption first."""
    return [translation.gettext("Caption"), *(column.label for column in columns)]


def _row(record: Record, columns: Sequence[Column], wording: Wording) -> list[str]:
    return [safe_cell(record.caption), *(_cell(record, column, wording) for column in columns)]


def _cell(record: Record, column: Column, wording: Wording) -> str:
    if column.field is not None:
        kind, stored = KINDS[column.field.kind], record.data.get(column.field.code)
        return kind.to_cell(column.field, stored, wording.decimal_sign)
    return {
        "owner": lambda: safe_cell(record.owner.username if record.owner else ""),
        "external_id": lambda: safe_cell(record.external_id),
        "created": lambda: _moment(record.created_at, wording),
        "changed": lambda: _moment(record.updated_at, wording),
    }[column.name]()


def _moment(moment: Any, wording: Wording) -> str:
    return timezone.localtime(moment, wording.time_zone).strftime("%Y-%m-%d %H:%M")

"""One row of a file as one call of the service for records: what its cells mean, which record it is about."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from bpm_portal.accounts.models import User
from bpm_portal.common.errors import BusinessError
from records import access
from records.csv_files import plain_cell, read_rows
from records.fields import KINDS
from records.import_columns import CAPTION, EXTERNAL_ID, EXTERNAL_URL, ID, OWN, OWNER, field_of
from records.list_form import PREFIX
from records.models import Record, RecordField, RecordImport, RecordType
from records.services.saving import KEEP, change_record, create_record
from records.values import check_values

ADDED, CHANGED, UNCHANGED, REFUSED = "added", "changed", "unchanged", "refused"


@dataclass(frozen=True, slots=True)
class Row:
    """A row that has something in it, with the number of its line in the file."""

    line: int
    cells: list[str]


class RowRefused(Exception):
    """What is wrong with a row: (column, sentence) each."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


def read_file(text: str, delimiter: str) -> tuple[list[str], list[Row]]:
    """The head and the rows. Raises csv.Error where the file is no CSV."""
    rows = [Row(line, [cell.strip() for cell in cells]) for line, cells in read_rows(text, delimiter)]
    filled = [row for row in rows if any(row.cells)]
    if not filled:
        raise csv.Error("empty")
    return filled[0].cells, filled[1:]


@dataclass
class FileCells:
    """How the cells of this file are read, and which records they name."""

    decimal_sign: str
    by: Any
    known: dict[tuple[int | None, str], int] = field(default_factory=dict)

    def record(self, record_field: RecordField, text: str) -> int:
        """The visible record with this external id, else the one with this caption. Raises ValidationError."""
        key = (record_field.lookup_type_id, text)
        if key not in self.known:
            self.known[key] = self._look_up(record_field, text)
        return self.known[key]

    def _look_up(self, record_field: RecordField, text: str) -> int:
        records = Record.objects.visible_to(self.by).filter(record_type_id=record_field.lookup_type_id)
        found = list(records.with_external_id(text).values_list("pk", flat=True)[:1])
        found = found or list(records.filter(caption__iexact=text).values_list("pk", flat=True)[:2])
        words = {"name": text, "section": record_field.lookup_type}
        if not found:
            raise ValidationError(_("There is no “%(name)s” in the section “%(section)s”.") % words)
        if len(found) > 1:
            raise ValidationError(
                _("Several records are called “%(name)s”; write the external id of one.") % words
            )
        return int(found[0])


class Importer:
    """The rows of one import, for as long as a worker is at it."""

    def __init__(self, work: RecordImport) -> None:
        self.work = work
        self.by = work.by
        self.record_type = RecordType.objects.prefetch_related("fields").get(pk=work.record_type_id)
        self.head, self.rows = read_file(bytes(work.content).decode(work.encoding), work.delimiter)
        self.cells = FileCells("," if work.decimals == RecordImport.Decimals.COMMA else ".", work.by)
        self.people: dict[str, User | None] = {}

    @cached_property
    def first_lines(self) -> dict[tuple[str, str], int]:
        """Of each value of what must stand once in the file, the line where it first stands."""
        found: dict[tuple[str, str], int] = {}
        for row in self.rows:
            for target, text in self._texts(row).items():
                if target in {self.work.key, EXTERNAL_ID}:
                    found.setdefault((target, text.casefold()), row.line)
        return found

    def save(self, row: Row, now: datetime) -> tuple[str, int]:
        """Add or change the record of a row; the outcome and its id. Raises RowRefused."""
        texts = self._texts(row)
        problems = [(self.name_of(t), s) for t, s in self._clashes(row, texts)]
        if any(row.cells[len(self.head) :]):
            problems.append(("", _("The row has more cells than the head of the file.")))
        values, found = self._values(texts)
        problems += found
        record = None
        try:
            owner = self._owner(texts)
            record = self._record(texts)
        except ValidationError as error:
            problems.append((self.name_of(self.work.key), " ".join(error.messages)))
        except LookupError:
            words = {"name": texts[OWNER]}
            problems.append((self.name_of(OWNER), _("Nobody has the user name “%(name)s”.") % words))
        if problems:
            _parsed, further = check_values(self.record_type, values, stored={}, by=self.by)
            raise RowRefused([*problems, *self._named(further)])
        if record is not None and not access.may_change(self.by, record):
            raise RowRefused([("", _("You may not change this record."))])
        own = {name: texts[name] for name in (CAPTION, EXTERNAL_ID, EXTERNAL_URL) if name in texts}
        try:
            if record is None:
                given: dict[str, Any] = {"owner": self.by if owner is KEEP else owner, **own}
                made = create_record(
                    record_type=self.record_type, values=values, by=self.by, now=now, **given
                )
                return ADDED, made.pk
            saved = change_record(record=record, values=values, by=self.by, now=now, owner=owner, **own)
        except BusinessError as refusal:
            raise RowRefused(self._told(refusal)) from refusal
        return (UNCHANGED if saved.updated_at == record.updated_at else CHANGED), saved.pk

    def name_of(self, target: str) -> str:
        """The head of the column that fills it, else its own name."""
        if target in self.work.columns:
            return self.head[self.work.columns.index(target)]
        found = field_of(self.record_type, target)
        return found.label if found else str(OWN.get(target, ""))

    def _texts(self, row: Row) -> dict[str, str]:
        """What is filled with what: cells that are empty change nothing."""
        pairs = zip(self.work.columns, row.cells, strict=False)
        texts = {target: plain_cell(cell) for target, cell in pairs if target}
        return {target: text for target, text in texts.items() if text}

    def _clashes(self, row: Row, texts: Mapping[str, str]) -> list[tuple[str, str]]:
        found = []
        for target in dict.fromkeys((self.work.key, EXTERNAL_ID)):
            first = self.first_lines.get((target, texts.get(target, "").casefold()), row.line)
            if first != row.line:
                found.append((target, _("Line %(line)d of the file has the same.") % {"line": first}))
        return found

    def _values(self, texts: Mapping[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        values, problems = {}, []
        for target, text in texts.items():
            found = field_of(self.record_type, target)
            if found is None:
                continue
            try:
                values[found.code] = KINDS[found.kind].from_cell(found, text, self.cells)
            except ValidationError as error:
                problems.append((self.name_of(target), " ".join(error.messages)))
        return values, problems

    def _owner(self, texts: Mapping[str, str]) -> Any:
        """The person; raises LookupError where there is none."""
        name = texts.get(OWNER, "")
        if not name:
            return KEEP
        if name not in self.people:
            people = User.objects.filter(is_active=True)
            self.people[name] = people.filter(username=name).first() or (
                people.filter(email__iexact=name).first() if "@" in name else None
            )
        person = self.people[name]
        if person is None:
            raise LookupError(name)
        return person

    def _record(self, texts: Mapping[str, str]) -> Record | None:
        """The visible record that the row is about; None: a new one. Raises ValidationError."""
        key = self.work.key
        text = texts.get(key, "")
        if not key or not text:
            return None
        records = Record.objects.visible_to(self.by).filter(record_type=self.record_type)
        if key == ID:
            fits = text.isascii() and text.isdecimal() and len(text) < 19
            record: Record | None = records.with_fields().filter(pk=int(text)).first() if fits else None
            if record is None:
                raise ValidationError(_("There is no record with this number in the section."))
            return record
        found = list(self._with_key(records, key, text).with_fields()[:2])
        if len(found) > 1:
            raise ValidationError(
                _("Several records have this value; choose another key, or correct them first.")
            )
        return found[0] if found else None

    def _with_key(self, records: Any, key: str, text: str) -> Any:
        by_field = field_of(self.record_type, key)
        if by_field is None:
            return records.with_external_id(text)
        kind = KINDS[by_field.kind]
        raw = kind.from_cell(by_field, text, self.cells)
        stored = kind.parse(by_field, raw, _find)
        return records.with_value(by_field.code, {"id": raw} if isinstance(stored, dict) else stored)

    def _told(self, refusal: BusinessError) -> list[tuple[str, str]]:
        if refusal.status != 400 or not refusal.detail:
            return [("", refusal.in_full)]
        return self._named(refusal.detail)

    def _named(self, problems: Mapping[str, Any]) -> list[tuple[str, str]]:
        codes = {f.code for f in self.record_type.fields.all()}
        return [
            (self.name_of(PREFIX + code if code in codes else code), str(sentence))
            for code, sentences in problems.items()
            for sentence in sentences
        ]


def _find(record_field: RecordField, pk: int) -> Record | None:
    return Record.objects.filter(pk=pk, record_type_id=record_field.lookup_type_id).first()

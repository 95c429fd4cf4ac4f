"""The values of a record: checked against the fields of its section, shown, and given to conditions."""

import re
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from bpm_portal.common.errors import Invalid
from records.fields import KINDS, lookup_id
from records.models import FieldChange, Record, RecordField, RecordType

CAPTION_LENGTH = 250
PLACEHOLDER = re.compile(r"\{(\w+)\}")

Problems = dict[str, list[str]]  # field code -> what is wrong with it


@dataclass(frozen=True, slots=True)
class Shown:
    """One field as a page shows it; `record_id` leads to the other record of a lookup."""

    field: RecordField
    text: str
    record_id: int | None = None


def record_values(record: Record) -> dict[str, Any]:
    """What conditions and processes see of a record: field code -> Decimal, date, bool, text, a context
    `{"id", "caption"}` or None, for every field of the section; and `id` and `caption`."""
    values = {
        field.code: KINDS[field.kind].to_value(record.data.get(field.code))
        for field in record.record_type.fields.all()
    }
    return {**values, "id": record.pk, "caption": record.caption}


def values_before(record: Record, changed: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """The same of the record as it was before it got these changes (see `lifecycle.Change`)."""
    former = copy(record)
    former.data = {**record.data, **{code: old for code, (old, _new) in changed.items()}}
    former.caption = changed.get("caption", (record.caption,))[0]
    return record_values(former)


def shown_fields(record: Record, fields: Iterable[RecordField] | None = None) -> list[Shown]:
    """The fields of a record in the reader's language; all of its section where none are named."""
    chosen = record.record_type.fields.all() if fields is None else fields
    return [_shown(field, record.data.get(field.code)) for field in chosen]


def show_value(field: RecordField | None, stored: Any) -> str:
    """A stored value in the reader's language; of a field that is gone, what can be read of it."""
    if field is not None:
        return KINDS[field.kind].display(field, stored)
    if isinstance(stored, dict):
        return str(stored.get("caption", ""))
    return "" if stored is None else str(stored)


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One row of the field history, in the reader's language."""

    label: str
    old: str
    new: str
    by: Any
    at: datetime


def shown_changes(record: Record, changes: Iterable[FieldChange]) -> list[ShownChange]:
    """The field history as a page shows it; of a field that is gone, its code and what can be read of it."""
    fields = {field.code: field for field in record.record_type.fields.all()}
    names = {
        "caption": _("Caption"),
        "owner": _("Owner"),
        "external_id": _("External id"),
        "external_url": _("External address"),
    }
    return [
        ShownChange(
            label=fields[c.field].label if c.field in fields else names.get(c.field, c.field),
            old=show_value(fields.get(c.field), c.old),
            new=show_value(fields.get(c.field), c.new),
            by=c.by,
            at=c.at,
        )
        for c in changes
    ]


def check_values(
    record_type: RecordType, given: Mapping[str, Any], *, stored: Mapping[str, Any], by: Any
) -> tuple[dict[str, Any], Problems]:
    """The JSON values for what was given, and all problems at once.

    A value that is stored already is not checked again: a choice may have been taken off the list since, a
    lookup may point to what this person cannot see. `by` None (no person) may point a lookup anywhere.
    """
    fields = {field.code: field for field in record_type.fields.all()}
    values: dict[str, Any] = {}
    problems: Problems = {}

    def find(field: RecordField, pk: int) -> Record | None:
        records = Record.objects.filter(record_type_id=field.lookup_type_id, pk=pk)
        return (records if by is None else records.visible_to(by)).only("id", "caption").first()

    for code, raw in given.items():
        if code not in fields:
            readable = code.encode("utf-8", "replace").decode()  # JSON may bring half a character
            problems[readable] = [_("This section has no such field.")]
            continue
        field, present = fields[code], stored.get(code)
        if (raw == present and type(raw) is type(present)) or _same_lookup(raw, present):
            values[code] = present
            continue
        kind = KINDS[field.kind]
        try:
            value = None if raw is None else kind.parse(field, raw, find)
        except ValidationError as error:
            problems[code] = list(error.messages)
            continue
        if value is None and field.required:
            problems[code] = [_("This field is required.")]
        # 1.50 that is stored and 1.5 that was typed are one number, and no change.
        same = value is not None and kind.to_value(value) == kind.to_value(present)
        values[code] = present if same else value
    return values, problems


def refuse(problems: Problems) -> None:
    """Raise Invalid with these problems, if there are any."""
    if problems:
        error = Invalid()
        error.detail = problems  # not as keywords: a field may be called `message`
        raise error


def missing_fields(record_type: RecordType, given: Mapping[str, Any]) -> Problems:
    """The required fields of which a new record says nothing."""
    return {
        field.code: [_("This field is required.")]
        for field in record_type.fields.all()
        if field.required and given.get(field.code) is None
    }


def default_values(record_type: RecordType) -> dict[str, Any]:
    """The stored values that a new record of the section begins with."""
    return {f.code: f.default for f in record_type.fields.all() if f.default is not None}


def make_caption(record_type: RecordType, data: Mapping[str, Any], typed: str) -> str:
    """The caption by the section's template; without a template what was typed, else the first value.

    Empty where nothing is known. Written in the portal's own language: a caption is stored once for all.
    """
    fields = list(record_type.fields.all())
    with translation.override(settings.LANGUAGE_CODE):
        texts = {f.code: KINDS[f.kind].display(f, data.get(f.code)) for f in fields}
    if record_type.caption_template:
        filled = PLACEHOLDER.sub(lambda match: texts.get(match[1], ""), record_type.caption_template)
        caption = " ".join(filled.split())
    else:
        caption = typed.strip() or next((texts[f.code] for f in fields if texts[f.code]), "")
    return caption if caption == typed.strip() else Truncator(" ".join(caption.split())).chars(CAPTION_LENGTH)


def _shown(field: RecordField, stored: Any) -> Shown:
    to_record = field.kind == RecordField.Kind.LOOKUP and isinstance(stored, dict)
    return Shown(field, KINDS[field.kind].display(field, stored), stored.get("id") if to_record else None)


def _same_lookup(raw: Any, present: Any) -> bool:
    """The id of the record that the lookup holds already, alone or in a context."""
    if not isinstance(present, dict):
        return False
    given = lookup_id(raw)
    return isinstance(given, int | str) and str(given) == str(present.get("id"))

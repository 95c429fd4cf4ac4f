"""What the diagram says about an edited record: which one, with which values, and when it is good enough."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from processes.engine.feel import FeelError, compile_expression
from processes.kinds import Opening
from records.fields import KINDS
from records.models import Record, RecordField, RecordType

#: Among the settings of the step: the id of the record that it edits, None while it adds one.
EDITS = "edits"
#: The stored values that a new record begins with.
DEFAULTS = "defaults"
#: The page was saved before, and the record was not good enough.
SAVED = "saved"


def settle(opening: Opening) -> dict[str, Any]:
    """What the step remembers from its opening. Raises ValueError with a sentence."""
    settings = opening.settings
    code = str(settings.get("recordType") or "").strip()
    if settings.get("record") in (None, "") and code:
        record_type = RecordType.objects.prefetch_related("fields").filter(code=code).first()
        if record_type is None:
            raise ValueError(f"there is no section “{code}”.")
        _check_result_field(settings, record_type)
        return {EDITS: None, DEFAULTS: _defaults(settings, record_type)}
    record = Record.objects.with_fields().filter(pk=opening.record_id).first()
    if record is None:
        raise ValueError("it names no record and no section, and the process has no record.")
    _check_result_field(settings, record.record_type)
    return {EDITS: record.pk}


def _check_result_field(settings: Mapping[str, Any], record_type: RecordType) -> None:
    code = settings.get("fieldCode")
    if code and code not in {"id", "caption", *(field.code for field in record_type.fields.all())}:
        raise ValueError(f"the section “{record_type}” has no field “{code}” for the result.")


def _defaults(settings: Mapping[str, Any], record_type: RecordType) -> dict[str, Any]:
    fields = {field.code: field for field in record_type.fields.all()}
    values = {}
    for default in settings.get("default", ()):
        code, raw = str(default.get("field")), default.get("value")
        if code not in fields:
            raise ValueError(f"the section “{record_type}” has no field “{code}”.")
        try:
            stored = None if raw in (None, "") else KINDS[fields[code].kind].parse(fields[code], raw, _find)
        except ValidationError as error:
            raise ValueError(f"the default of “{code}”: {' '.join(error.messages)}") from error
        if stored is not None:
            values[code] = stored
    return values


def _find(field: RecordField, record_id: int) -> Record | None:
    """A diagram may point to any record of the section."""
    return Record.objects.filter(pk=record_id, record_type=field.lookup_type).first()


def conditions(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Expression and label of every `completeWhen`."""
    return [
        (
            str(entry.get("text") or entry.get("condition")).strip().removeprefix("="),
            str(entry.get("label") or ""),
        )
        for entry in settings.get("completeWhen", ())
    ]


def missing(
    settings: Mapping[str, Any], context: Mapping[str, Any], record_type: RecordType, now: datetime
) -> str:
    """The sentence that says what is still missing; empty when every condition holds."""
    for text, label in conditions(settings):
        try:
            if compile_expression(text).evaluate(context, now=now) is not True:
                return _("Saved. %(what)s") % {"what": _sentence(text, label, record_type)}
        except FeelError as error:
            return _("Saved, but whether this task is done cannot be told: %(error)s") % {"error": error}
    return ""


def done_once(settings: Mapping[str, Any], record_type: RecordType) -> str:
    """What the task waits for, for a page that is opened again."""
    return " ".join(_sentence(text, label, record_type) for text, label in conditions(settings))


def _sentence(text: str, label: str, record_type: RecordType) -> str:
    if label:
        return _("This task is not done yet: %(label)s.") % {"label": label.rstrip(".")}
    names = ", ".join(f"“{field.label}”" for field in looked_at(text, record_type))
    if names:
        return _("This task is done once %(fields)s fits: %(condition)s") % {
            "fields": names,
            "condition": text,
        }
    return _("This task is done once this holds: %(condition)s") % {"condition": text}


def looked_at(text: str, record_type: RecordType) -> list[RecordField]:
    """The fields of which a condition speaks."""
    words = set(re.findall(r"\w+", text))
    return [field for field in record_type.fields.all() if field.code in words]


def schema(settings: Mapping[str, Any], record_type: RecordType, *, is_new: bool) -> dict[str, Any]:
    """The fields as the API describes them."""
    defaults = settings.get(DEFAULTS) or {}
    needed = {f.code for text, _label in conditions(settings) for f in looked_at(text, record_type)}
    if is_new:
        needed |= {f.code for f in record_type.fields.all() if f.required and f.code not in defaults}
    properties = {field.code: describe(field, defaults.get(field.code)) for field in record_type.fields.all()}
    return {
        "type": "object",
        "properties": {
            "result": {"type": "null"},
            "variables": {"type": "object", "properties": properties, "required": sorted(needed)},
        },
        "required": ["variables"],
    }


def describe(field: RecordField, default: Any = None) -> dict[str, Any]:
    """One field in a schema: title and kind, the codes of a choice, the section of a lookup, a default."""
    described: dict[str, Any] = {"title": field.label, "kind": field.kind}
    if field.choices:
        described["enum"] = [code for code, _label in field.choices]
    if field.lookup_type is not None:
        described["record-type"] = field.lookup_type.code
    if default not in (None, ""):
        described["default"] = default
    return described

"""What several kinds of steps share: yes and no in attributes, choices in a line, forms that are refused."""

from typing import Any

from django import forms

from records.models import Record, RecordField
from records.values import refuse


def is_true(value: Any) -> bool:
    """Whether an attribute says yes."""
    return value is True or str(value).lower() == "true"


def refuse_form(form: forms.BaseForm) -> None:
    """Raise Invalid with the problems of a form that is not valid."""
    refuse({name: [str(text) for text in texts] for name, texts in form.errors.items()})


def find_record(by: Any, field: RecordField, record_id: int) -> Record | None:
    """The record that a lookup of a form may point to: of its section, and one that this user may see."""
    return Record.objects.visible_to(by).filter(pk=record_id, record_type=field.lookup_type).first()


def read_choices(value: Any) -> list[list[str]]:
    """Pairs of code and label: from `red=Red; green=Green`, or a list of texts or of contexts."""
    entries = value if isinstance(value, list) else str(value or "").split(";")
    pairs = []
    for entry in entries:
        if isinstance(entry, dict):
            code, label = entry.get("code"), entry.get("label") or entry.get("code")
        else:
            code, _sign, label = (part.strip() for part in str(entry).partition("="))
        if code not in (None, ""):
            pairs.append([str(code), str(label or code)])
    return pairs

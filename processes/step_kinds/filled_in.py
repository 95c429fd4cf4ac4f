"""What has been filled in on the generated pages of an instance, for those who decide about it."""

from typing import Any

from django.core.exceptions import ValidationError

from processes.compiled import definition_of
from processes.engine.feel import decode
from processes.step_kinds.common import read_choices
from records.fields import KINDS
from records.models import RecordField


def filled_in(instance: Any) -> list[tuple[str, str]]:
    """Label and text of every field of the diagram's pages that has a value, in the order of the diagram."""
    shown: dict[str, tuple[str, str]] = {}
    for element in definition_of(instance.version_id).elements.values():
        for extra in element.extras:
            code = str(extra.attributes.get("code", ""))
            if extra.tag == "field" and instance.variables.get(code) is not None:
                text = _text(extra.attributes, decode(instance.variables[code]))
                if text:
                    shown[code] = (str(extra.attributes.get("label") or code), text)
    return list(shown.values())


def _text(attributes: Any, value: Any) -> str:
    """The value in the reader's language; empty where it is of another kind than the field."""
    kind = KINDS.get(str(attributes.get("type") or "text"))
    choices = attributes.get("choices")
    field = RecordField(choices=read_choices(choices) if isinstance(choices, str) else [])
    if kind is None:
        return ""
    if isinstance(value, dict):
        return kind.display(field, value)
    try:
        return kind.display(field, kind.parse(field, value, lambda *_about: None))
    except ValidationError:
        return ""

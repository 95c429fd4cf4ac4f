"""What the columns of a file can fill, and which of it their heads seem to mean."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from records.list_form import PREFIX
from records.models import RecordField, RecordType

ID, CAPTION, OWNER = "id", "caption", "owner"
EXTERNAL_ID, EXTERNAL_URL = "external_id", "external_url"
OWN = {
    ID: _("Number of the record"),
    CAPTION: _("Caption"),
    OWNER: _("Owner"),
    EXTERNAL_ID: _("External id"),
    EXTERNAL_URL: _("External address"),
}
KEYS = (EXTERNAL_ID, ID)  # of these a record has one alone; fields may serve as well


def targets(record_type: RecordType) -> list[tuple[str, Any]]:
    """Code and name of all that a column may fill."""
    own = [(code, name) for code, name in OWN.items() if code != CAPTION or not record_type.caption_template]
    fields = [(PREFIX + field.code, field.label) for field in record_type.fields.all()]
    return [*fields, *own]


def field_of(record_type: RecordType, target: str) -> RecordField | None:
    """The field of the section that a target means."""
    code = target.removeprefix(PREFIX) if target.startswith(PREFIX) else None
    return next((field for field in record_type.fields.all() if field.code == code), None)


def guess(record_type: RecordType, head: Iterable[str]) -> list[str]:
    """Per column what it fills: by code or name in any language, each once; empty where nothing fits."""
    names: dict[str, str] = {}
    for code, _name in targets(record_type):
        for word in _words(record_type, code):
            names.setdefault(_plain(word), code)
    found: list[str] = []
    for cell in head:
        code = names.get(_plain(cell), "")
        found.append("" if code in found else code)
    return found


def guess_key(columns: Sequence[str]) -> str:
    """What finds the record that a row is about."""
    return next((key for key in KEYS if key in columns), "")


def _words(record_type: RecordType, code: str) -> list[str]:
    field = field_of(record_type, code)
    if field is not None:
        return [field.code, field.label_en, field.label_ru]
    words = [code]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words.append(str(OWN[code]))
    return words


def _plain(word: str) -> str:
    return " ".join(word.replace("_", " ").casefold().split())

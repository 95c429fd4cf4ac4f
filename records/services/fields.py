"""Fields of a section that are removed while records hold values in them, and brought back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bpm_portal.common.errors import Conflict, NotFound
from records.models import RecordField, RecordType

REMEMBERED = (
    "code", "label_en", "label_ru", "kind", "required", "multiline", "in_list", "choice_rows", "lookup_type_id",
    "default", "position",
)  # fmt: skip


def remove_field(*, field: RecordField) -> bool:
    """Remove a field; True where records hold values in it, which stay, as does what brings it back.

    `record_type` of the field gets the list as it is then.
    """
    section = field.record_type
    with transaction.atomic():
        removed = _lock(section)
        is_filled = section.records.with_field(field.code).exists()
        field.delete()
        if is_filled:
            section.removed_fields = [*removed, {name: getattr(field, name) for name in REMEMBERED}]
            section.save(update_fields=["removed_fields"])
    return is_filled


def bring_back_field(*, section: RecordType, code: str) -> RecordField:
    """The field that was removed, as it was. Raises NotFound, and Conflict where it cannot be as it was."""
    with transaction.atomic():
        removed = _lock(section)
        kept = next((entry for entry in removed if entry["code"] == code), None)
        if kept is None:
            raise NotFound
        looks_in = kept["lookup_type_id"]
        if looks_in and not RecordType.objects.filter(pk=looks_in).exists():
            raise Conflict(_("The section in which “%(code)s” looked is gone.") % {"code": code})
        if section.fields.filter(code=code).exists():
            raise Conflict(_("The section has another field “%(code)s” by now.") % {"code": code})
        section.removed_fields = [entry for entry in removed if entry is not kept]
        section.save(update_fields=["removed_fields"])
        return RecordField.objects.create(record_type=section, **kept)


def _lock(section: RecordType) -> list[dict[str, Any]]:
    """The removed fields as the database has them; nobody else changes them until the end."""
    removed: list[dict[str, Any]] = (
        RecordType.objects.select_for_update().values_list("removed_fields", flat=True).get(pk=section.pk)
    )
    return removed

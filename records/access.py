"""Who may do what with records: views and API fetch every record and section through these functions."""

from typing import Any

from bpm_portal.accounts.roles import role_ids
from bpm_portal.common.errors import Forbidden, NotFound
from records.models import Record, RecordImport, RecordType


def visible_types(user: Any) -> list[RecordType]:
    """The sections this user may open, in the order of the menu; read once per request."""
    known: list[RecordType] | None = getattr(user, "_record_types", None)
    if known is None:
        known = list(RecordType.objects.visible_to(user))
        user._record_types = known
    return known


def get_type(user: Any, code: str) -> RecordType:
    """The section with this code; raises NotFound where it is not theirs to see."""
    for record_type in visible_types(user):
        if record_type.code == code:
            return record_type
    raise NotFound


def get_record(user: Any, pk: int) -> Record:
    """The record with its section and fields; raises NotFound where it is not theirs to see."""
    records = Record.objects.visible_to(user).with_fields().select_related("record_type", "owner")
    record: Record | None = records.filter(pk=pk).first()
    if record is None:
        raise NotFound
    return record


def may_add(user: Any, record_type: RecordType) -> bool:
    """With the permission, or with a role of the section."""
    return user.has_perm("records.add_record") or _works_with(user, record_type)


def may_import(user: Any, record_type: RecordType) -> bool:
    """Whoever may add to the section, with the permission for files."""
    return user.has_perm("records.import_record") and may_add(user, record_type)


def may_change(user: Any, record: Record) -> bool:
    """With the permission, with a role of the section, or as the owner. Whoever merely reaches the record
    by a step changes it through that step."""
    return (
        user.has_perm("records.change_record")
        or record.owner_id == user.pk
        or _works_with(user, record.record_type)
    )


def may_delete(user: Any, record: Record) -> bool:
    """With the permission, with a role of the section, or as the owner."""
    return (
        user.has_perm("records.delete_record")
        or record.owner_id == user.pk
        or _works_with(user, record.record_type)
    )


def get_record_to_change(user: Any, pk: int) -> Record:
    """A visible record that this user may change; raises NotFound or Forbidden."""
    record = get_record(user, pk)
    if not may_change(user, record):
        raise Forbidden
    return record


def get_record_to_delete(user: Any, pk: int) -> Record:
    """A visible record that this user may delete; raises NotFound or Forbidden."""
    record = get_record(user, pk)
    if not may_delete(user, record):
        raise Forbidden
    return record


def get_type_to_add(user: Any, code: str) -> RecordType:
    """A visible section to which this user may add; raises NotFound or Forbidden."""
    record_type = get_type(user, code)
    if not may_add(user, record_type):
        raise Forbidden
    return record_type


def get_type_to_import(user: Any, code: str) -> RecordType:
    """A visible section into which this user may import; raises NotFound or Forbidden."""
    record_type = get_type(user, code)
    if not may_import(user, record_type):
        raise Forbidden
    return record_type


def get_import(user: Any, pk: int) -> RecordImport:
    """An import of one's own, of a section into which one may import still; raises NotFound or Forbidden."""
    found: RecordImport | None = (
        RecordImport.objects.visible_to(user).select_related("record_type", "by").filter(pk=pk).first()
    )
    if found is None:
        raise NotFound
    get_type_to_import(user, found.record_type.code)
    return found


def _works_with(user: Any, record_type: RecordType) -> bool:
    """The user has one of the section's roles."""
    return record_type.pk in _types_of_roles(user)


def _types_of_roles(user: Any) -> set[int]:
    """Ids of the sections of the user's roles, read once per request; of most people they are what they may open."""
    if not user.has_perm("records.view_record"):
        return {record_type.pk for record_type in visible_types(user)}
    known: set[int] | None = getattr(user, "_types_of_roles", None)
    if known is None:
        sections = RecordType.roles.through.objects.filter(group__in=role_ids(user))
        known = user._types_of_roles = set(sections.values_list("recordtype_id", flat=True))
    return known

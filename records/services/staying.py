"""What one refers to stays: nobody deletes it while it is being named somewhere."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from bpm_portal.common.errors import NotFound
from records.models import RecordField
from records.values import Problems, refuse


def stay_record(record_id: int) -> None:
    """Let nobody delete the record before this transaction ends; others may change it. Raises NotFound."""
    if not _staying([record_id]):
        raise NotFound


def stay_looked_up(fields: Iterable[RecordField], changed: Mapping[str, tuple[Any, Any]]) -> None:
    """The same for the records that changed lookups point to now; raises Invalid for what has been deleted.

    No foreign key keeps a lookup: without this it would point to nothing from then on.
    """
    lookups = {field.code for field in fields if field.kind == RecordField.Kind.LOOKUP}
    named = {code: new["id"] for code, (_old, new) in changed.items() if code in lookups and new}
    staying = _staying(named.values()) if named else set()
    problems: Problems = {
        code: [_("Choose a record from the list.")] for code, pk in named.items() if pk not in staying
    }
    refuse(problems)


def _staying(ids: Iterable[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM records_record WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [sorted(set(ids))]
        )
        return {pk for (pk,) in cursor.fetchall()}

"""What expressions may read besides variables: the linked record, the starter, the instance."""

from typing import Any

from processes.engine.model import Definition
from processes.store import LockedInstance
from records.models import Record
from records.services import record_values


def facts_of(instance: LockedInstance, definition: Definition) -> dict[str, Any]:
    """`record` (its fields by code, with `id` and `caption`), `starter` (a username) and `instance`.

    The record is read only when some expression of the diagram asks for it.
    """
    facts: dict[str, Any] = {
        "starter": instance.starter,
        "instance": {"id": instance.id, "caption": instance.caption, "started_at": instance.started_at},
    }
    if "record" in definition.names:
        facts["record"] = values_of(instance.record_id)
    return facts


def values_of(record_id: int | None) -> dict[str, Any] | None:
    """The values of a record for expressions; None where there is none."""
    record = (
        Record.objects.select_related("record_type").filter(pk=record_id).first()
        if record_id is not None
        else None
    )
    return record_values(record) if record else None

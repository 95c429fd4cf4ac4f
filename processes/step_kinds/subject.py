"""The record that a step is about, as the page of the step shows it."""

from typing import Any

from processes.cards import CARD
from processes.step_kinds.filled_in import filled_in
from records.models import Record
from records.values import shown_fields


def subject_of(step: Any, *, by: Any) -> dict[str, Any]:
    """What `_subject.html` shows: the record with the fields that have a value; nothing where `by` may not open it.

    A process card has no fields: what has been filled in on the pages of the instance stands there instead. What
    the fields point to is a link where this reader may open that, too.
    """
    linked = step.linked_record
    found = Record.objects.with_fields().select_related("owner")
    record = found.filter(pk=linked.pk).first() if linked is not None else None
    if record is None:
        return {}
    shown = [field for field in shown_fields(record) if field.text]
    targets = [field.record_id for field in shown if field.record_id]
    visible = set(
        Record.objects.visible_to(by).filter(pk__in=[record.pk, *targets]).values_list("pk", flat=True)
    )
    if record.pk not in visible:
        return {}
    filled = filled_in(step.instance) if record.record_type.code == CARD else []
    return {"subject": record, "fields": shown, "open_targets": visible, "filled_in": filled}

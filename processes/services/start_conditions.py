"""Processes that begin when a condition about a record of their section becomes true (BPMN 2.0.2, 10.5.2)."""

import logging
from collections.abc import Sequence
from typing import Any

from processes.compiled import definition_of
from processes.engine.feel import Expression, FeelError
from processes.models import ProcessChange, ProcessStart
from records.lifecycle import Change
from records.services import record_values, values_before

logger = logging.getLogger(__name__)


def fulfilled_by(change: Change, starts: Sequence[ProcessStart]) -> list[ProcessStart]:
    """Those whose condition holds now and did not hold before the change; they need `version` selected.

    Asked while the record is being saved, which nothing that is wrong with a condition prevents.
    """
    if change.kind == "deleted" or not starts:
        return []
    found = []
    now, before = _facts(record_values(change.record), change), None
    if change.kind == "changed":
        before = _facts(values_before(change.record, change.changed), change)
    for start in starts:
        element = definition_of(start.version_id).elements[start.element_id]
        condition = element.events[start.position].condition
        assert condition is not None
        try:
            if _holds(condition, now, change) and not (before and _holds(condition, before, change)):
                found.append(start)
        except FeelError as error:
            _tell(start, element.name or element.id, str(error), change)
    return found


def _facts(values: Any, change: Change) -> dict[str, Any]:
    return {"record": values, "starter": change.by.username if change.by else ""}


def _holds(condition: Expression, facts: dict[str, Any], change: Change) -> bool:
    return condition.evaluate(facts, now=change.now) is True


def _tell(start: ProcessStart, name: str, reason: str, change: Change) -> None:
    """Say it in the journal of the process, once for each version; every time in the log."""
    logger.warning("%s did not look at record %d: %s", start, change.record.pk, reason)
    told = {"number": start.version.number, "element": start.element_id}
    of_process = ProcessChange.objects.of_process(start.version.process_id)
    failed = of_process.filter(kind=ProcessChange.Kind.START_FAILED)
    if not failed.filter(data__contains=told).exists():
        ProcessChange.objects.create(
            process_id=start.version.process_id,
            kind=ProcessChange.Kind.START_FAILED,
            at=change.now,
            data={**told, "name": name, "reason": reason},
        )

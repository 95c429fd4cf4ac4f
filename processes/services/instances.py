"""Start, finish and cancel process instances."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bpm_portal.common.errors import Conflict, Forbidden, NotFound
from processes import outbox
from processes.compiled import definition_of
from processes.engine.effects import CancelAll, SetVariables, Start
from processes.engine.errors import Incident
from processes.engine.feel import Expression, FeelError
from processes.errors import InstanceEnded, ProcessDisabled
from processes.facts import values_of
from processes.models import Process, ProcessEvent, ProcessInstance, ProcessVersion
from processes.services.guards import check_may_run_elements
from processes.turn import turn
from records.services import stay_record


def start_process(
    *,
    process: Process,
    by: Any,
    now: datetime,
    record: Any = None,
    variables: Mapping[str, Any] | None = None,
    caption: str = "",
    start_event: str | None = None,
) -> ProcessInstance:
    """Start the current version by hand or by API, on a record or without one.

    Raises NotFound (not yours to start), ProcessDisabled, EngineRefused (no such start).
    """
    if not Process.objects.startable_by(by).filter(pk=process.pk).exists():
        if Process.objects.visible_to(by).filter(pk=process.pk).exists():
            raise Forbidden
        raise NotFound
    return begin_instance(
        process_id=process.pk, by=by, now=now, record=record, variables=variables or {}, caption=caption,
        start_event=start_event,
    )  # fmt: skip


@transaction.atomic
def begin_instance(
    *,
    process_id: int,
    by: Any,
    now: datetime,
    record: Any,
    variables: Mapping[str, Any],
    caption: str = "",
    start_event: str | None = None,
) -> ProcessInstance:
    """Make the instance and take its first turn; whoever calls has checked that `by` may start it."""
    check_enabled(process_id)
    if record is not None:
        stay_record(record.pk)
    version = ProcessVersion.objects.select_related("process").get(process=process_id, is_current=True)
    facts = {"record": values_of(record.pk if record else None), "starter": by.username if by else ""}
    instance = ProcessInstance.objects.create(
        process=version.process,
        version=version,
        caption=(caption or caption_of(version, {**variables, **facts}, now))[:250],
        record=record,
        record_caption=record.caption if record else "",
        starter=by,
        started_at=now,
    )
    with turn(instance_id=instance.pk, by=by, now=now) as move:
        move.tell("instance-started", process=version.process.name)
        move.run(Start(variables, start_event))
    instance.refresh_from_db()
    return instance


def check_enabled(process_id: int) -> None:
    """Raise ProcessDisabled; holds the row, so that disabling waits for starts that are under way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT enabled, name FROM processes_process WHERE id = %s FOR SHARE", [process_id])
        enabled, name = cursor.fetchone()
    if not enabled:
        raise ProcessDisabled(process=name)


def caption_of(version: ProcessVersion, facts: Mapping[str, Any], now: datetime) -> str:
    """The instance's caption: `portal:caption`, evaluated; else the process and the record."""
    process, record = version.process.name, (facts.get("record") or {}).get("caption", "")
    pattern = definition_of(version.pk).portal.get("caption", "")
    if isinstance(pattern, Expression):
        try:
            pattern = pattern.evaluate(facts, now=now) or ""
        except (FeelError, Incident):
            pattern = ""  # a caption is never worth an incident
    return str(pattern) or (f"{process}: {record}" if record else process)


def set_variables(*, instance_id: int, values: Mapping[str, Any], by: Any, now: datetime) -> None:
    """Let an administrator set variables of a running instance, which may move what waits on a condition.

    Raises Forbidden, NotFound, InstanceEnded.
    """
    check_may_run_elements(by)
    with turn(instance_id=instance_id, by=by, now=now) as move:
        if move.instance.status not in ProcessInstance.LIVE or move.instance.ended_at is not None:
            raise InstanceEnded
        move.tell("variables-set", names=", ".join(sorted(values)))
        move.run(SetVariables(values))


def finish_instance(*, instance_id: int, now: datetime) -> bool:
    """Complete an instance whose last end event has come; returns whether this call did it.

    End date and duration come from the end event, not from `now`: a worker that is late changes nothing.
    """
    with transaction.atomic():
        done = (
            ProcessInstance.objects.to_finish()
            .filter(pk=instance_id)
            .update(status=ProcessInstance.Status.COMPLETED, duration=F("ended_at") - F("started_at"))
        )
        if not done:
            return False  # another worker was faster, or it was cancelled: both are final
        ProcessEvent.objects.create(instance_id=instance_id, kind="instance-completed", at=now)
        outbox.wake()
    return True


def check_may_cancel(by: Any) -> None:
    """Raises Forbidden."""
    if not by.has_perm("processes.cancel_processinstance"):
        raise Forbidden


def cancel_instance(*, instance_id: int, reason: str, by: Any, now: datetime) -> None:
    """Cancel one root instance: every step, activity and child in one transaction, or nothing.

    Raises InstanceEnded, Conflict for a child (its parent must be cancelled), NotFound.
    """
    with turn(instance_id=instance_id, by=by, now=now) as move:
        if move.instance.root_id != instance_id:
            raise Conflict(_("This process was called by another one; cancel that one."))
        if move.instance.status not in ProcessInstance.LIVE or move.instance.ended_at is not None:
            raise InstanceEnded
        for child in ProcessInstance.objects.live().filter(root=instance_id).values_list("pk", flat=True):
            with turn(instance_id=child, by=by, now=now) as inner:
                inner.run(CancelAll())
                inner.cancel(reason)
        move.run(CancelAll())
        move.cancel(reason)

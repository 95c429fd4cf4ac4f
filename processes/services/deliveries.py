"""What was thrown inside, or happened to a record, on its way to who waits: handed over exactly once.

The row of a delivery is written with what causes it and deleted with what it causes, each in one transaction.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from bpm_portal.common.errors import BusinessError
from processes.engine.effects import SetVariables
from processes.engine.feel import decode, encode
from processes.engine.state import WaitsOn
from processes.models import ProcessDelivery, ProcessStart, ProcessStep
from processes.outbox import PublishedEvent
from processes.services.instances import begin_instance
from processes.services.messages import deliver
from processes.services.start_conditions import fulfilled_by
from processes.services.starts import starts_by
from processes.turn import turn
from records.lifecycle import Change

logger = logging.getLogger(__name__)

CLAIM = timedelta(seconds=30)
BATCH = 100
MESSAGE, SIGNAL, CONDITION = WaitsOn.MESSAGE.value, WaitsOn.SIGNAL.value, WaitsOn.CONDITION.value
Kind = ProcessDelivery.Kind
THROWN = {"message-thrown": Kind.MESSAGE, "signal-thrown": Kind.SIGNAL}
WAITED_FOR = {Kind.MESSAGE: [MESSAGE], Kind.SIGNAL: [SIGNAL], Kind.RECORD: [MESSAGE, SIGNAL]}


def note_thrown(events: Sequence[PublishedEvent]) -> None:
    """Write down what instances have thrown; idempotent."""
    rows = [
        ProcessDelivery(
            kind=THROWN[event.kind],
            name=event.data["name"][:200],
            correlation=event.data["correlation"][:250],
            variables=event.data["variables"],
            by_id=event.by_id,
            at=event.at,
            event_id=event.id,
            thrower_id=event.instance_id if event.data.get("heard_here", True) else None,
        )
        for event in events
        if event.kind in THROWN
    ]
    ProcessDelivery.objects.bulk_create(rows, ignore_conflicts=True)


def note_change(change: Change) -> bool:
    """Write down the change of a record if anybody waits for it; called inside the record's transaction.

    Who waits for `record added: contract` (or changed, or deleted) and the code of the section, by message or
    signal, gets it; conditions of instances about the record are looked at again; and processes of the section begin
    whose start has a condition that the change made true.
    """
    section = change.record.record_type.code
    name = f"record {change.kind}: {section}"
    names = Q(waits_on__in=(MESSAGE, SIGNAL), topic=name)
    conditions = Q(waits_on=CONDITION, instance__record=change.record.pk)
    looking = Q(waits_on=CONDITION, topic=section, version__process__enabled=True)
    starts = list(ProcessStart.objects.filter(names | looking).select_related("version").order_by("id"))
    by_condition = [start for start in starts if start.waits_on == CONDITION]
    deliveries = [
        _news_of(change, name, process_id=start.version.process_id, element_id=start.element_id)
        for start in fulfilled_by(change, by_condition)
    ]
    is_named = len(starts) > len(by_condition)
    if is_named or ProcessStep.objects.pending().filter(names | conditions).exists():
        deliveries.append(_news_of(change, name))
    ProcessDelivery.objects.bulk_create(deliveries)
    return bool(deliveries)


def _news_of(change: Change, name: str, **receiver: Any) -> ProcessDelivery:
    record, is_there = change.record, change.kind != "deleted"
    return ProcessDelivery(
        kind=Kind.RECORD,
        name=name,
        correlation=str(record.pk),
        variables={} if is_there else encode({"record_id": record.pk, "record_caption": record.caption}),
        record=record if is_there else None,
        by=change.by,
        at=change.now,
        **receiver,
    )


def hand_over_waiting(*, now: datetime) -> int:
    """Hand over what is on its way, at most BATCH of it; returns how many."""
    done = 0
    for delivery_id in _claim(now):
        try:
            done += hand_over(delivery_id=delivery_id, now=now)
        except Exception:  # one broken receiver must not hold up the others
            logger.exception("Delivery %d could not be handed over; it will be tried again", delivery_id)
    return done


@transaction.atomic
def _claim(now: datetime) -> list[int]:
    free = ProcessDelivery.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=now))
    ids = list(free.order_by("id").select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
    ProcessDelivery.objects.filter(pk__in=ids).update(claimed_until=now + CLAIM)
    return ids


@transaction.atomic
def hand_over(*, delivery_id: int, now: datetime) -> bool:
    """Hand over one, or split it into its receivers; returns whether it was still there.

    A step moves at the time of its turn, so that nothing ends before it has begun.
    """
    delivery = (
        ProcessDelivery.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("by", "record", "step")
        .filter(pk=delivery_id)
        .first()
    )
    if delivery is None:
        return False
    try:
        _hand_over(delivery, now)
    except BusinessError as refusal:  # what was refused once will be refused again
        logger.warning("%s is lost: %s", delivery, refusal.message)
    delivery.delete()
    return True


def _hand_over(delivery: ProcessDelivery, now: datetime) -> None:
    if delivery.step is not None:
        _wake(delivery, delivery.step, now)
    elif delivery.process_id is not None:
        _begin(delivery, delivery.process_id, now)
    elif delivery.kind == Kind.MESSAGE:
        _hand_to_one(delivery, now)
    else:
        ProcessDelivery.objects.bulk_create(_split(delivery))


def _begin(delivery: ProcessDelivery, process_id: int, now: datetime) -> None:
    if delivery.kind == Kind.RECORD and delivery.record is None and not delivery.variables:
        logger.info("Process %d does not begin: the record of %s is gone", process_id, delivery)
        return
    begin_instance(
        process_id=process_id,
        by=delivery.by,
        now=now,
        record=delivery.record,
        variables=decode(delivery.variables),
        start_event=delivery.element_id,
    )


def _wake(delivery: ProcessDelivery, step: ProcessStep, now: datetime) -> bool:
    """Let the step have it, unless it waits no more."""
    if step.waits_on == CONDITION:
        with turn(step_id=step.pk, by=delivery.by, now=now) as move:
            if move.rows:
                move.run(SetVariables({}))  # nothing is set: the record itself has changed
        return True
    woken = deliver(
        step_id=step.pk,
        waits_on=WaitsOn(step.waits_on),
        name=delivery.name,
        variables=decode(delivery.variables),
        by=delivery.by,
        now=now,
    )
    return woken is not None


def _hand_to_one(delivery: ProcessDelivery, now: datetime) -> None:
    """A message has one receiver: who has waited longest, else the first process that begins with it."""
    waiting = ProcessStep.objects.waiting_on_topic(MESSAGE, delivery.name)
    keyed = waiting.with_correlation(delivery.correlation)
    for step in ProcessStep.objects.in_bulk([*keyed, *waiting.without_correlation()]).values():
        if _wake(delivery, step, now):
            return
    for process, element_id in starts_by(waits_on=[MESSAGE], name=delivery.name, by=None):
        if process.enabled:
            delivery.element_id = element_id
            _begin(delivery, process.pk, now)
            return
    logger.info("Nobody waits for %s", delivery)


def _split(delivery: ProcessDelivery) -> list[ProcessDelivery]:
    waited_for = WAITED_FOR[Kind(delivery.kind)]
    steps = ProcessStep.objects.pending().filter(waits_on__in=waited_for, topic=delivery.name).order_by("id")
    if delivery.kind == Kind.SIGNAL:
        steps = steps.exclude(instance=delivery.thrower_id)  # it has heard its own signal already
    else:
        steps = steps.filter(_concerned(delivery))
    receivers = [ProcessDelivery(step_id=step_id) for step_id in steps.values_list("pk", flat=True)]
    receivers += [ProcessDelivery(step_id=step_id) for step_id in _conditions(delivery)]
    receivers += [
        ProcessDelivery(process=process, element_id=element_id)
        for process, element_id in starts_by(waits_on=waited_for, name=delivery.name, by=None)
    ]
    for each in receivers:
        for name in ("kind", "name", "correlation", "variables", "record", "by", "at"):
            setattr(each, name, getattr(delivery, name))
    return receivers


def _concerned(delivery: ProcessDelivery) -> Q:
    """Of those who wait for changes of records: with the id as key, or, without a key, about that record."""
    return Q(settings__correlation=delivery.correlation) | (
        ~Q(settings__has_key="correlation") & Q(instance__record=int(delivery.correlation))
    )


def _conditions(delivery: ProcessDelivery) -> list[int]:
    """One step of each instance about the record that waits for a condition: its turn looks at all of them."""
    if delivery.kind != Kind.RECORD or delivery.record is None:
        return []
    waiting = ProcessStep.objects.pending().filter(waits_on=CONDITION, instance__record=delivery.record)
    return list(waiting.order_by("instance_id", "id").distinct("instance_id").values_list("pk", flat=True))

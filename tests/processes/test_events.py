"""Messages, signals, timers, records and compensation on real rows: who starts, who wakes, and only once."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from processes import outbox
from processes.models import (
    Process,
    ProcessDelivery,
    ProcessEvent,
    ProcessInstance,
    ProcessStart,
    ProcessStep,
)
from processes.services import definitions, deliveries, instances, messages, steps, timers
from processes.services.definitions import deploy_file
from records.services import change_record, create_record, delete_record
from tests.factories import RecordFactory
from tests.processes.conftest import DIAGRAMS, allow

pytestmark = pytest.mark.django_db


@pytest.fixture
def events(role, deploy):
    """All processes of the diagram `events`, by key."""
    deploy("events")
    return {process.key: process for process in Process.objects.all()}


@pytest.fixture
def work(now):
    """What the worker does until nothing is left; returns how much it handed over."""

    def run() -> int:
        done = 0
        while (published := outbox.publish(now=now)) or (handed := deliveries.hand_over_waiting(now=now)):
            done += 0 if published else handed
        return done

    return run


def live(**filters):
    """Ids of the elements that are live."""
    found = ProcessStep.objects.filter(status__in=ProcessStep.LIVE, **filters)
    return sorted(found.values_list("element_id", flat=True))


def start(process, by, now, **more):
    return instances.start_process(process=process, by=by, now=now, **more)


def finish(element_id, by, now, **more):
    step = ProcessStep.objects.pending().filter(element_id=element_id).earliest("id")
    return steps.complete_step(step_id=step.pk, by=by, now=now, **more)


def test_a_message_goes_to_the_instance_with_its_key_and_to_no_other(events, bob, now):
    first = start(events["waiter"], bob, now, variables={"order": "A"})
    second = start(events["waiter"], bob, now, variables={"order": "B"})
    reached = messages.send_message(
        name="order paid", correlation="B", variables={"amount": 3}, by=bob, now=now
    )
    assert reached == [second]
    assert live(instance=first) == ["alarmed", "payment"]
    second.refresh_from_db()
    assert (second.ended_at, second.variables["amount"]) == (now, 3)


def test_what_is_thrown_inside_reaches_other_instances_and_starts_processes(events, bob, now, work):
    waiter = start(events["waiter"], bob, now, variables={"order": "A"})
    other = start(events["waiter"], bob, now, variables={"order": "B"})
    start(events["thrower"], bob, now, variables={"order": "A", "amount": 7})
    assert live(instance=waiter) == ["alarmed", "payment"]
    work()
    waiter.refresh_from_db()
    assert (waiter.ended_at, waiter.variables["amount"]) == (now, 7)
    assert live(instance=other) == ["rescue"]
    started = ProcessInstance.objects.filter(process=events["started"])
    assert sorted(
        ProcessStep.objects.filter(instance__in=started, element_type="startEvent").values_list(
            "element_id", flat=True
        )
    ) == ["by_message", "by_signal"]
    assert {instance.starter for instance in started} == {bob}
    assert not ProcessDelivery.objects.exists()


def test_an_event_that_is_published_twice_is_handed_over_once(events, bob, now, work):

    start(events["thrower"], bob, now, variables={"order": "A", "amount": 7})
    outbox.publish(now=now)
    on_their_way = ProcessDelivery.objects.count()
    ProcessEvent.objects.update(published_at=None)  # a worker was killed before its commit
    outbox.publish(now=now)
    assert ProcessDelivery.objects.count() == on_their_way == 3
    work()
    assert ProcessInstance.objects.filter(process=events["started"]).count() == 2


def test_a_delivery_that_fails_is_tried_again_after_its_lease(events, bob, now, monkeypatch):
    start(events["thrower"], bob, now, variables={"order": "A", "amount": 7})
    outbox.publish(now=now)

    def broken(**_):
        raise RuntimeError("no")

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "begin_instance", broken)
        deliveries.hand_over_waiting(now=now)
        deliveries.hand_over_waiting(now=now)
    assert ProcessDelivery.objects.exists()
    assert deliveries.hand_over_waiting(now=now) == 0
    later = now + deliveries.CLAIM * 2
    assert deliveries.hand_over_waiting(now=later) > 0
    assert ProcessInstance.objects.filter(process=events["started"]).count() == 2


def test_a_signal_reaches_everybody_and_starts_what_begins_with_it(events, bob, now):
    waiting = [start(events["waiter"], bob, now, variables={"order": key}) for key in "AB"]
    reached = messages.throw_signal(name="alarm", variables={}, by=bob, now=now)
    assert {instance.process.key for instance in reached} == {"waiter", "started"}
    for instance in waiting:
        assert live(instance=instance) == ["rescue"]


def test_a_new_version_begins_and_the_old_one_does_not_any_more(events, now):
    before = ProcessStart.objects.count()
    source = (DIAGRAMS / "events.bpmn").read_bytes()
    deploy_file(source=source.replace(b"order shipped", b"order sent"), by=None, now=now)
    assert ProcessStart.objects.count() == before
    assert not ProcessStart.objects.filter(topic="order shipped").exists()
    assert ProcessStart.objects.get(topic="order sent").version.number == 2


def test_a_timer_starts_the_process_hour_by_hour_but_not_while_it_is_disabled(events, bob, now):
    admin = allow(bob, "disable_process", "cancel_processinstance")
    started = ProcessInstance.objects.filter(process=events["started"])
    hours = [now + timedelta(hours=hour) for hour in range(6)]
    assert timers.fire_due_starts(now=now + timedelta(minutes=59)) == 0
    assert [timers.fire_due_starts(now=hours[1]) for _ in range(2)] == [1, 0]
    definitions.disable_process(process=events["started"], running="finish", by=admin, now=hours[1])
    assert timers.fire_due_timers(now=hours[3]) == 0
    definitions.enable_process(process=events["started"], by=admin, now=hours[3] + timedelta(minutes=5))
    assert timers.fire_due_starts(now=hours[3] + timedelta(minutes=10)) == 0
    assert timers.fire_due_starts(now=hours[4]) == 1
    assert started.count() == 2
    assert set(started.values_list("starter", flat=True)) == {None}


def test_a_date_that_is_over_starts_nothing(role, now):
    source = (DIAGRAMS / "events.bpmn").read_bytes()
    for old, new in ((b"timeCycle", b"timeDate"), (b"R/PT1H", b"2020-01-01")):
        source = source.replace(old, new)
    deploy_file(source=source, by=None, now=now)
    assert not ProcessStart.objects.filter(waits_on="timer").exists()


@pytest.fixture
def contract_type(db):
    """The section of contracts with a field for the amount."""
    record = RecordFactory(caption="Contract 7")
    kind = record.record_type
    kind.code = "contract"
    kind.save()
    kind.fields.get_or_create(code="amount", defaults={"label": "Amount", "type": "number"})
    return kind


def test_records_start_processes_when_they_are_added_and_deleted(events, contract_type, bob, now, work):
    record = create_record(record_type=contract_type, values={}, caption="Contract 8", by=bob, now=now)
    work()
    instance = ProcessInstance.objects.get(process=events["started"])
    assert (instance.record, instance.starter) == (record, bob)
    lonely = create_record(record_type=contract_type, values={}, caption="Contract 9", by=bob, now=now)
    key = lonely.pk
    ProcessDelivery.objects.all().delete()
    delete_record(record=lonely, by=bob, now=now)
    work()
    last = ProcessInstance.objects.filter(process=events["started"]).latest("id")
    assert last.variables == {"record_id": key, "record_caption": "Contract 9"}


def test_a_changed_record_wakes_those_who_wait_for_it(events, contract_type, bob, now, work):
    one, other = (
        create_record(record_type=contract_type, values={"amount": 5}, caption=caption, by=bob, now=now)
        for caption in ("One", "Other")
    )
    work()
    mine = start(events["watcher"], bob, now, record=one)
    theirs = start(events["watcher"], bob, now, record=other)
    change_record(record=one, values={"amount": 50}, by=bob, now=now)
    work()
    assert (live(instance=mine), live(instance=theirs)) == (["large"], ["change", "large"])
    change_record(record=one, values={"amount": 5000}, by=bob, now=now)
    work()
    assert (live(instance=mine), live(instance=theirs)) == ([], ["change", "large"])


def test_a_change_that_nobody_waits_for_leaves_nothing(contract_type, bob, now):
    create_record(record_type=contract_type, values={}, caption="Contract 8", by=bob, now=now)
    assert not ProcessDelivery.objects.exists()


def test_what_is_completed_is_undone_from_its_rows(events, bob, now):
    instance = start(events["undoer"], bob, now)
    finish("hotel", bob, now)
    finish("travel", bob, now)
    assert live(instance=instance) == ["leave_hotel", "stay", "trip"]
    instance.refresh_from_db()
    assert instance.variables["booked"] is None
    finish("leave_hotel", bob, now)
    instance.refresh_from_db()
    assert instance.ended_at == now
    assert ProcessStep.objects.filter(instance=instance, element_id="leave_hotel").count() == 1


def test_the_caller_catches_what_the_called_process_does_not(events, bob, now):
    caller = start(events["caller"], bob, now)
    finish("decide", bob, now)
    assert live(instance=caller) == ["assist", "repair"]
    called = ProcessInstance.objects.get(process=events["called"])
    assert called.status == ProcessInstance.Status.CANCELLED
    assert live(instance=called) == []


def test_an_error_that_no_caller_catches_is_an_incident_of_the_called_process(events, bob, now):
    source = (DIAGRAMS / "events.bpmn").read_bytes()
    source = source.replace(
        b'<boundaryEvent id="caught" attachedToRef="call"><errorEventDefinition errorRef="wrong"/></boundaryEvent>',
        b'<boundaryEvent id="caught" attachedToRef="call"><errorEventDefinition errorRef="else"/></boundaryEvent>',
    ).replace(b'<error id="wrong"', b'<error id="else" errorCode="ELSE"/><error id="wrong"')
    deploy_file(source=source, by=None, now=now)
    caller = start(events["caller"], bob, now)
    finish("decide", bob, now)
    assert live(instance=caller) == ["assist", "call"]
    called = ProcessInstance.objects.get(process=events["called"])
    assert (called.status, live(instance=called)) == (ProcessInstance.Status.FAILED, ["fail"])


def test_versions_from_before_starts_were_rows_are_armed_by_the_upgrade(events, stuck, work, bob, now):
    before = set(ProcessStart.objects.values_list("version", "element_id", "position", "waits_on", "topic"))
    migration = import_module("processes.migrations.0019_arm_old_versions")
    migration.arm_old_versions(apps, None)
    assert ProcessStart.objects.count() == len(before)
    ProcessStart.objects.all().delete()
    migration.arm_old_versions(apps, None)
    after = ProcessStart.objects.values_list("version", "element_id", "position", "waits_on", "topic")
    assert len(before) > 2
    assert set(after) == before
    assert not ProcessStart.objects.filter(waits_on="timer", due_at__lt=timezone.now()).exists()

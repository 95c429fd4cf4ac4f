"""What the worker does: service steps under a lease, timers, finishing; and what happens when it dies in between."""

from datetime import timedelta

import pytest

from bpm_portal.common import working
from bpm_portal.common.errors import NotFound
from processes import outbox, service_calls, tasks
from processes.errors import ProcessDisabled
from processes.models import ProcessInstance, ProcessStep
from processes.services import definitions, instances, messages, steps, timers, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def warehouse():
    """A service that notes its calls; `fail` is what it raises then, `answer` is returned."""

    class Warehouse(list):
        fail = ""
        answer = None

    calls = Warehouse()

    @service_calls.service("warehouse")
    def look_up(call):
        calls.append(call)
        if calls.fail:
            raise ConnectionError(calls.fail)
        return calls.answer or f"shelf {len(calls)}"

    yield calls
    service_calls.unregister("warehouse")


@pytest.fixture
def machine(role, warehouse, deploy):
    """A service, a timer, a task with two boundary timers."""
    return deploy("machine")


def waiting(instance):
    return sorted(
        ProcessStep.objects.pending().filter(instance=instance).values_list("element_id", flat=True)
    )


def test_a_service_step_runs_once_and_its_result_becomes_a_variable(machine, warehouse, bob, now):
    instance = instances.start_process(process=machine, by=bob, now=now)
    assert waiting(instance) == ["call"]
    assert work.run_service_step(now=now)
    assert not work.run_service_step(now=now)
    assert [call.starter for call in warehouse] == ["bob"]
    instance.refresh_from_db()
    assert instance.variables["shelf"] == "shelf 1"
    assert waiting(instance) == ["pause"]


def test_a_worker_that_dies_during_the_call_leaves_a_lease_that_another_one_takes_over(
    machine, warehouse, bob, now
):
    instance = instances.start_process(process=machine, by=bob, now=now)
    dead = work.claim_service_step(now=now)
    assert dead is not None
    assert not work.run_service_step(now=now + timedelta(seconds=30))
    assert work.run_service_step(now=now + work.LEASE + timedelta(seconds=1))
    assert waiting(instance) == ["pause"]
    # The dead one was only slow, and comes back with its result: the step is no longer its own.
    late = work.Complete(dead.pk, result="late")
    work.settle_service_step(step=dead, command=late, now=now + timedelta(minutes=5))
    instance.refresh_from_db()
    assert instance.variables["shelf"] == "shelf 1"
    assert waiting(instance) == ["pause"]


def test_a_failing_service_is_an_incident_that_can_be_retried(machine, warehouse, bob, admin, now):
    instance = instances.start_process(process=machine, by=bob, now=now)
    warehouse.fail = "the warehouse does not answer"
    work.run_service_step(now=now)
    instance.refresh_from_db()
    step = ProcessStep.objects.get(element_id="call")
    assert (instance.status, step.status) == ("failed", "failed")
    assert "the warehouse does not answer" in step.error
    warehouse.fail = ""
    steps.retry_step(step_id=step.pk, by=admin, now=now)
    work.run_service_step(now=now)
    instance.refresh_from_db()
    assert (instance.status, waiting(instance)) == ("running", ["pause"])


@pytest.mark.parametrize(
    "answer",
    [object(), b"bytes", float("nan"), {1: "one"}, [{"place": "\x00"}], {"\x00": 1}, "half \ud83d"],
    ids=["object", "bytes", "nan", "key", "nul", "nul-key", "half-character"],
)
def test_a_service_whose_answer_cannot_be_kept_is_an_incident_and_not_called_for_ever(
    machine, warehouse, bob, now, answer
):
    warehouse.answer = answer
    instance = instances.start_process(process=machine, by=bob, now=now)
    assert work.run_service_step(now=now)
    step = ProcessStep.objects.get(instance=instance, element_id="call")
    assert step.status == "failed"
    assert "warehouse" in step.error
    assert not work.run_service_step(now=now + work.LEASE * 2)
    assert len(warehouse) == 1


def test_an_incident_says_what_can_be_read_of_an_error_that_cannot_be_kept(
    machine, warehouse, bob, now, caplog
):
    caplog.set_level(
        "CRITICAL", logger="processes.services.work"
    )  # parallel runs cannot pass on half a character
    warehouse.fail = "the \x00warehouse \ud83d does not answer"
    instance = instances.start_process(process=machine, by=bob, now=now)
    assert work.run_service_step(now=now)
    step = ProcessStep.objects.get(instance=instance, element_id="call")
    assert (step.status, step.error) == ("failed", "ConnectionError: the warehouse ? does not answer")


def test_timers_fire_when_due_and_only_once(machine, bob, now):
    instance = instances.start_process(process=machine, by=bob, now=now)
    work.run_service_step(now=now)
    assert timers.fire_due_timers(now=now + timedelta(hours=1, minutes=59)) == 0
    two = now + timedelta(hours=2)
    assert timers.fire_due_timers(now=two) == 1
    assert timers.fire_due_timers(now=two) == 0
    assert waiting(instance) == ["deadline", "fetch", "reminder"]
    assert timers.fire_due_timers(now=two + timedelta(hours=1)) == 1
    assert waiting(instance) == ["deadline", "fetch", "nag"]
    late = two + timedelta(days=1)
    assert timers.fire_due_timers(now=late) == 1
    instance.refresh_from_db()
    assert (waiting(instance), instance.ended_at) == ([], late)


def test_a_tick_that_finds_nothing_asks_once(db, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert timers.fire_due_timers(now=now) == 0


def test_completing_the_task_closes_its_boundary_timers(machine, bob, now):
    instance = instances.start_process(process=machine, by=bob, now=now)
    work.run_service_step(now=now)
    timers.fire_due_timers(now=now + timedelta(hours=2))
    fetch = ProcessStep.objects.pending().get(element_id="fetch")
    steps.complete_step(step_id=fetch.pk, by=bob, now=now + timedelta(hours=2, minutes=1))
    instance.refresh_from_db()
    assert waiting(instance) == []
    assert instance.ended_at == now + timedelta(hours=2, minutes=1)


def test_a_message_starts_what_begins_with_it_unless_that_is_disabled(machine, bob, admin, mallory, now):
    [instance] = messages.send_message(name="goods ordered", variables={"n": 1}, by=bob, now=now)
    assert waiting(instance) == ["call"]
    with pytest.raises(NotFound):
        messages.send_message(name="goods ordered", variables={}, by=mallory, now=now)
    with pytest.raises(NotFound):
        messages.send_message(name="unheard of", variables={}, by=bob, now=now)
    definitions.disable_process(process=machine, running="finish", by=admin, now=now)
    with pytest.raises(ProcessDisabled):
        messages.send_message(name="goods ordered", variables={}, by=bob, now=now)
    assert ProcessInstance.objects.count() == 1


def test_more_events_than_a_task_has_time_for_are_left_to_the_next_task(machine, bob, now, monkeypatch):
    """Else the time limit kills the worker in the middle of a batch, again and again until the heap is gone."""
    instance = instances.start_process(process=machine, by=bob, now=now)
    woken = []
    monkeypatch.setattr(working, "wake", woken.append)
    monkeypatch.setattr(working, "PATIENCE", 0)
    monkeypatch.setattr(outbox, "BATCH", 1)
    waiting = instance.events.filter(published_at=None)
    number = waiting.count()
    tasks.publish_events()
    assert (waiting.count(), woken) == (number - 1, [outbox.PUBLISH])
    while waiting.exists():
        tasks.publish_events()


def test_an_event_whose_handler_fails_is_published_again_and_does_not_stop_the_others(
    machine, bob, now, monkeypatch
):
    instance = instances.start_process(process=machine, by=bob, now=now)
    seen = []

    def picky(events, at):
        if any(event.kind == "step-opened" for event in events):
            raise RuntimeError("not today")
        seen.extend(event.kind for event in events)

    monkeypatch.setattr(outbox, "_handlers", [picky])
    outbox.publish(now=now)
    assert "instance-started" in seen
    assert list(instance.events.filter(published_at=None).values_list("kind", flat=True)) == ["step-opened"]
    monkeypatch.setattr(outbox, "_handlers", [])
    outbox.publish(now=now + outbox.SOONEST)
    assert not instance.events.filter(published_at=None).exists()


def test_events_that_fail_for_ever_never_fill_the_batch_in_front_of_others(machine, bob, now, monkeypatch):
    instance = instances.start_process(process=machine, by=bob, now=now)
    waiting = instance.events.filter(published_at=None)
    monkeypatch.setattr(outbox, "BATCH", 1)
    seen = []

    def picky(events, at):
        if any(event.kind == "instance-started" for event in events):
            raise RuntimeError("never")
        seen.extend(event.id for event in events)

    monkeypatch.setattr(outbox, "_handlers", [picky])
    poison, *others = waiting.order_by("id").values_list("pk", "kind")
    assert poison[1] == "instance-started"
    while outbox.publish(now=now):
        pass
    assert seen == [pk for pk, _kind in others]
    # It is tried again, ever more rarely, and goes through as soon as its handler can take it.
    assert outbox.publish(now=now + outbox.SOONEST) == 1
    assert outbox.publish(now=now + outbox.SOONEST) == 0
    monkeypatch.setattr(outbox, "_handlers", [])
    assert outbox.publish(now=now + outbox.SOONEST + outbox.LATEST) == 1
    assert not waiting.exists()

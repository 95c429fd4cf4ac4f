"""Races on real PostgreSQL: many people on one step, cancel against complete, disable against start."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, connections

from bpm_portal.common.errors import Conflict
from processes.errors import InstanceEnded, ProcessDisabled, StepAlreadyClosed
from processes.models import Process, ProcessDelivery, ProcessInstance, ProcessStart, ProcessStep
from processes.services import (
    cancel_jobs,
    definitions,
    deliveries,
    handing,
    instances,
    messages,
    steps,
    timers,
)
from tests.factories import RecordFactory, UserFactory
from tests.patience import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


def together(*calls):
    """Run the calls at the same moment, each with a connection of its own; returns results and exceptions."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=PATIENCE)
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def first_step(instance):
    return ProcessStep.objects.pending().filter(instance=instance).order_by("id").first()


def test_of_fifty_people_on_one_step_one_wins_and_the_others_are_told_who(approval, role, bob, now):
    # All fifty read the step as pending before any of them gets the lock of its instance.
    people = [UserFactory(username=f"colleague{n}") for n in range(50)]
    role.user_set.add(*people)
    instance = instances.start_process(process=approval, by=bob, now=now, record=RecordFactory())
    steps.complete_step(step_id=first_step(instance).pk, by=bob, now=now, result="ready")
    question = first_step(instance)
    at = now + timedelta(minutes=5)
    results = together(
        *(
            lambda person=person: steps.complete_step(step_id=question.pk, by=person, now=at, result="yes")
            for person in people
        )
    )
    winners = [result for result in results if isinstance(result, steps.Completion)]
    losers = [result for result in results if isinstance(result, StepAlreadyClosed)]
    assert len(winners) == 1, results
    assert len(losers) == 49, results
    question.refresh_from_db()
    assert {loser.detail["by"] for loser in losers} == {str(question.closed_by)}
    assert all(loser.code == "step_already_closed" for loser in losers)
    assert ProcessStep.objects.filter(instance=instance, element_id="sign").count() == 1


def test_cancel_and_complete_at_the_same_time_never_deadlock_and_one_of_them_wins(approval, bob, admin, now):
    # Both want the activity and the instance; whoever locked them in the other order would wait in a circle.
    for _round in range(15):
        instance = instances.start_process(process=approval, by=bob, now=now, record=RecordFactory())
        step = first_step(instance)
        done, cancelled = together(
            partial(steps.complete_step, step_id=step.pk, by=bob, now=now, result="ready"),
            partial(instances.cancel_instance, instance_id=instance.pk, reason="race", by=admin, now=now),
        )
        assert isinstance(done, steps.Completion | StepAlreadyClosed), done
        assert cancelled is None, cancelled
        instance.refresh_from_db()
        assert instance.status == "cancelled"
        assert not ProcessStep.objects.filter(instance=instance, status="pending").exists()


def test_two_colleagues_taking_one_step_the_second_is_told(approval, bob, carol, now):
    instance = instances.start_process(process=approval, by=bob, now=now, record=RecordFactory())
    steps.complete_step(step_id=first_step(instance).pk, by=bob, now=now, result="ready")
    step = first_step(instance)
    results = together(
        lambda: handing.take_step(step_id=step.pk, by=bob, now=now),
        lambda: handing.take_step(step_id=step.pk, by=carol, now=now),
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "StepTaken"]


def test_no_start_slips_through_while_a_process_is_being_disabled(approval, bob, admin, now):
    # A start that has read "enabled" must be waited for, or it would run on in a process that cancelled everything.
    record = RecordFactory()

    def start():
        return instances.start_process(process=approval, by=bob, now=now, record=record)

    for _round in range(5):
        together(
            *[start] * 6,
            lambda: definitions.disable_process(process=approval, running="cancel", by=admin, now=now),
        )
        cancel_jobs.run_cancel_jobs()
        assert not ProcessInstance.objects.live().exists()
        with pytest.raises(ProcessDisabled):
            start()
        definitions.enable_process(process=approval, by=admin, now=now)
    assert Process.objects.get().enabled


def test_finishing_twice_at_once_completes_once(approval, bob, now):
    instance = instances.start_process(process=approval, by=bob, now=now, record=RecordFactory())
    steps.complete_step(step_id=first_step(instance).pk, by=bob, now=now, result="ready")
    steps.complete_step(step_id=first_step(instance).pk, by=bob, now=now, result="no")
    results = together(
        *[lambda: instances.finish_instance(instance_id=instance.pk, now=now + timedelta(days=1))] * 4
    )
    assert sorted(results) == [False, False, False, True]
    assert instance.events.filter(kind="instance-completed").count() == 1


def test_a_finished_instance_cannot_be_cancelled(approval, bob, admin, now):
    instance = instances.start_process(process=approval, by=bob, now=now, record=RecordFactory())
    steps.complete_step(step_id=first_step(instance).pk, by=bob, now=now, result="ready")
    steps.complete_step(step_id=first_step(instance).pk, by=bob, now=now, result="no")
    with pytest.raises(InstanceEnded) as problem:
        instances.cancel_instance(instance_id=instance.pk, reason="late", by=admin, now=now)
    assert isinstance(problem.value, Conflict)
    assert connection.in_atomic_block is False


def test_a_message_that_two_workers_hand_over_reaches_one_step_once(role, deploy, bob, now):
    # Both claim it at once: one of them because the lease of the other has just run out.
    deploy("events")
    waiter = Process.objects.get(key="waiter")
    waiting = [
        instances.start_process(process=waiter, by=bob, now=now, variables={"order": "A"}) for _ in "12"
    ]
    delivery = ProcessDelivery.objects.create(
        kind="message", name="order paid", correlation="A", by=bob, at=now
    )
    results = together(*[partial(deliveries.hand_over, delivery_id=delivery.pk, now=now)] * 8)
    assert sorted(results) == [False] * 7 + [True]
    ended = ProcessInstance.objects.filter(pk__in=[one.pk for one in waiting], ended_at=now)
    assert list(ended) == waiting[:1]


def test_eight_messages_at_once_reach_eight_steps(role, deploy, bob, now):
    # All find the same oldest step; whoever comes too late goes on to the next one.
    deploy("events")
    waiter = Process.objects.get(key="waiter")
    for _ in range(8):
        instances.start_process(process=waiter, by=bob, now=now, variables={"order": "A"})
    send = partial(messages.send_message, name="order paid", correlation="A", variables={}, by=bob, now=now)
    results = together(*[send] * 8)
    assert len({reached[0].pk for reached in results}) == 8
    assert not ProcessStep.objects.pending().filter(element_id="payment").exists()


def test_a_timer_that_two_beats_fire_starts_one_instance(role, deploy, bob, now):
    deploy("events")
    start = ProcessStart.objects.get(waits_on="timer")
    later = now + timedelta(hours=1)
    results = together(*[partial(timers.fire_start, start_id=start.pk, now=later)] * 6)
    assert sorted(results) == [False] * 5 + [True]
    assert ProcessInstance.objects.filter(process__key="started").count() == 1

"""The worker is killed: in the middle of a service call, and between the end event and the completion."""

import os
import signal

import pytest
from django.db import transaction
from django.utils import timezone

from processes.errors import StepInWork
from processes.models import ProcessEvent, ProcessInstance
from processes.services import cancel_jobs, instances, steps
from tests.faults.conftest import assert_counted_once, assert_ended_once, is_completed, pending
from tests.faults.mail import MailServer
from tests.faults.rig import blocked_backends
from tests.patience import until
from tests.processes.conftest import allow


def finish(instance, user) -> None:
    """Wait for the task after the service call and do it."""
    step = until(lambda: pending(instance, "check"), "the token is at the task")
    steps.complete_step(step_id=step.pk, by=user, now=timezone.now(), result="good")


@pytest.mark.parametrize("victim", ["the whole worker", "the process that calls"])
def test_a_service_call_that_dies_is_made_again_with_the_same_key(rig, deploy, bob, victim) -> None:
    # A lease keeps a second worker away while the first one calls; it ends by itself when that one is dead.
    worker, _beat = rig.worker(), rig.beat()
    process = deploy("slow_service")
    instance = instances.start_process(process=process, by=bob, now=timezone.now())
    [call] = until(rig.calls, "the service is called")
    if victim == "the whole worker":
        worker.kill()
        rig.worker("second")
    else:
        os.kill(int(call[2]), signal.SIGKILL)
    rig.open_gate()
    finish(instance, bob)
    until(lambda: is_completed(instance), "the instance is completed")
    assert_ended_once(instance)
    assert [key for key, _instance, _pid in rig.calls()] == [call[0], call[0]]
    assert instance.variables["outcome"] == "served"


def test_a_service_call_that_takes_too_long_is_an_incident_and_not_made_for_ever(rig, deploy, bob) -> None:
    # Killed at its limit it could not say so: its lease would run out, and another worker call again.
    rig.worker(), rig.beat()
    instance = instances.start_process(process=deploy("slow_service"), by=bob, now=timezone.now())
    until(lambda: ProcessInstance.objects.get(pk=instance.pk).status == "failed", "an incident is told")
    [failed] = instance.steps.filter(status="failed")
    assert failed.error.startswith("There was no answer within ")
    assert len(rig.calls()) == 1


def test_a_mail_whose_worker_dies_is_sent_again_under_the_same_id_and_done_once(rig, deploy, bob) -> None:
    # Whether the server would have taken it nobody knows; by its id mail systems see that it is the same one.
    answer = {"to": "customer@example.org"}
    with MailServer() as server:
        rig.env["EMAIL_URL"] = server.url
        worker, _beat = rig.worker(), rig.beat()
        instance = instances.start_process(process=deploy("letter"), by=bob, now=timezone.now())
        step = pending(instance, "write")
        steps.complete_step(step_id=step.pk, by=bob, now=timezone.now(), variables=answer)
        [message] = until(lambda: server.messages, "the mail is being sent")
        with pytest.raises(StepInWork):
            steps.complete_step(step_id=step.pk, by=bob, now=timezone.now(), variables=answer)
        worker.kill()
        rig.worker("second")
        server.gate.set()
        until(lambda: is_completed(instance), "the instance is completed")
    assert_ended_once(instance)
    assert server.messages == [message, message]
    step.refresh_from_db()
    assert (step.closed_by, step.activity.closed_by) == (bob, bob)


def test_an_end_event_whose_worker_dies_is_completed_later_with_its_own_date(rig, deploy, bob) -> None:
    rig.open_gate()
    worker = rig.worker()
    instance = instances.start_process(process=deploy("slow_service"), by=bob, now=timezone.now())
    step = until(lambda: pending(instance, "check"), "the token is at the task")
    worker.freeze()
    steps.complete_step(step_id=step.pk, by=bob, now=timezone.now(), result="good")
    with transaction.atomic():
        ProcessInstance.objects.select_for_update().get(pk=instance.pk)
        worker.thaw()
        until(blocked_backends, "the worker is about to complete the instance")
        worker.kill()
    instance.refresh_from_db()
    ended_at = instance.ended_at
    assert (instance.status, instance.duration) == ("running", None)
    assert ended_at is not None
    rig.kill_broker()  # or it would give the message to the next worker; now only the sweep can find it
    rig.revive_broker()
    rig.worker("second")
    rig.beat()
    until(lambda: is_completed(instance), "the instance is completed")
    assert_ended_once(instance)
    assert instance.ended_at == ended_at
    assert_counted_once(bob, instance)


def test_a_cancellation_of_many_whose_worker_dies_is_finished_by_the_next_one(rig, deploy, bob) -> None:
    # It dies while it waits for an instance that somebody else holds: two are cancelled, the third one is not.
    process, now = deploy("slow_service"), timezone.now()
    many = [instances.start_process(process=process, by=bob, now=now) for _number in range(4)]
    worker = rig.worker()
    worker.freeze()
    chosen = ProcessInstance.objects.filter(pk__in=[one.pk for one in many])
    job = cancel_jobs.start_cancel_job(
        instances=chosen, reason="Over", by=allow(bob, "cancel_processinstance"), now=now
    )
    with transaction.atomic():
        ProcessInstance.objects.select_for_update().get(pk=many[2].pk)
        worker.thaw()
        until(
            lambda: job.items.counts() == {"done": 2, "pending": 2} and blocked_backends(),
            "two are cancelled, and the worker waits for the third instance",
        )
        worker.kill()
    assert job.items.counts() == {"done": 2, "pending": 2}
    rig.worker("second")
    rig.beat()
    until(lambda: job.items.counts() == {"done": 4}, "all are cancelled")
    cancelled = ProcessEvent.objects.filter(instance__in=many, kind="instance-cancelled")
    assert sorted(cancelled.values_list("instance", flat=True)) == [one.pk for one in many]

"""Two workers and two beats at once, as during a deployment: each timer fires once, each service is called once."""

from collections import Counter

from django.utils import timezone

from processes import outbox
from processes.models import ProcessEvent, ProcessStep
from processes.services import instances, steps
from tests.faults.conftest import assert_ended_once, is_completed, pending
from tests.faults.rig import LONG_TASK_SECONDS
from tests.patience import until

RUNS = 12
PROCESSES = 4  # of both workers


def test_each_timer_fires_once(rig, deploy, bob) -> None:
    rig.env["TASK_TIME_LIMIT"] = str(LONG_TASK_SECONDS)
    rig.open_gate()
    process = deploy("short_timer")
    running = [instances.start_process(process=process, by=bob, now=timezone.now()) for _ in range(RUNS)]
    rig.worker("first"), rig.worker("second")
    rig.beat("tick"), rig.beat("tack")
    until(lambda: is_completed(*running), "all instances are completed")
    assert_ended_once(*running)
    fired = ProcessEvent.objects.filter(kind="timer-fired").values_list("instance_id", flat=True)
    assert Counter(fired) == dict.fromkeys((instance.pk for instance in running), 1)
    calls = Counter(call[0] for call in rig.calls())
    assert (len(calls), set(calls.values())) == (RUNS, {1})


def test_each_service_is_called_once_although_messages_come_twice(rig, deploy, bob) -> None:
    rig.env["TASK_TIME_LIMIT"] = str(LONG_TASK_SECONDS)
    process = deploy("slow_service")
    running = [
        instances.start_process(process=process, by=bob, now=timezone.now()) for _ in range(PROCESSES + 1)
    ]
    # As brokers do it that hand on again what a worker has not yet confirmed.
    for step in ProcessStep.objects.pending().filter(element_id="call"):
        for _ in range(PROCESSES):
            outbox.current_app.send_task("processes.run_service_step", [step.pk])
    rig.worker("first"), rig.worker("second"), rig.beat()
    until(lambda: len(rig.calls()) == PROCESSES, "every process of the workers calls")
    assert len({call[0] for call in rig.calls()}) == PROCESSES
    rig.open_gate()
    for instance in running:
        step = until(lambda instance=instance: pending(instance, "check"), "the token is at the task")
        steps.complete_step(step_id=step.pk, by=bob, now=timezone.now(), result="good")
    until(lambda: is_completed(*running), "all instances are completed")
    assert_ended_once(*running)
    assert set(Counter(call[0] for call in rig.calls()).values()) == {1}

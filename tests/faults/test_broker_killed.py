"""The broker dies and comes back with nothing: all that counts is in the database."""

import time
from collections import Counter

from django.utils import timezone

from processes.models import ProcessEvent
from processes.services import instances, steps
from tests.faults.conftest import assert_counted_once, assert_ended_once, is_completed, pending
from tests.faults.rig import LONG_TASK_SECONDS
from tests.patience import until

RUNS = 5


def test_instances_outlive_the_broker_and_everything_it_knew(rig, deploy, bob) -> None:
    # Two calls are under way, one more waits in the broker, events are being told: all of that is lost there.
    rig.env["TASK_TIME_LIMIT"] = str(LONG_TASK_SECONDS)
    rig.worker(), rig.beat()
    process = deploy("slow_service")
    running = [instances.start_process(process=process, by=bob, now=timezone.now()) for _ in range(RUNS)]
    until(lambda: len(rig.calls()) == 2, "both processes of the worker call the service")
    rig.kill_broker()

    begin = time.monotonic()
    late = instances.start_process(process=process, by=bob, now=timezone.now())
    assert time.monotonic() - begin < 30, "nobody waits for a dead broker"
    rig.open_gate()
    called = [instance for instance in running if str(instance.pk) in {call[1] for call in rig.calls()}]
    for instance in called:
        step = until(lambda instance=instance: pending(instance, "check"), "calls end without a broker")
        steps.complete_step(step_id=step.pk, by=bob, now=timezone.now(), result="good")
        instance.refresh_from_db()
        assert (instance.status, instance.ended_at is not None) == ("running", True)

    rig.revive_broker()
    everything = [*running, late]
    for instance in everything:
        if instance not in called:
            step = until(lambda instance=instance: pending(instance, "check"), "the worker goes on")
            steps.complete_step(step_id=step.pk, by=bob, now=timezone.now(), result="good")
    until(lambda: is_completed(*everything), "all instances are completed")
    assert_ended_once(*everything)
    assert set(Counter(call[0] for call in rig.calls()).values()) == {1}
    until(lambda: not ProcessEvent.objects.filter(published_at=None).exists(), "every event is told")
    assert_counted_once(bob, *everything)

"""Two workers and two beats at once, as during a deployment: each timer fires once, each service is called once."""

from collections import Counter

from django.utils import timezone

from processes.models import ProcessEvent
from processes.services import instances
from tests.faults.conftest import assert_ended_once, is_completed
from tests.faults.rig import until

RUNS = 12


def test_two_workers_and_two_beats_do_everything_once(rig, deploy, bob) -> None:
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

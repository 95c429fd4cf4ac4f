"""Services that take long hold up no news, no timers and no completions: their queue has a worker of its own."""

from django.utils import timezone

from processes.services import instances, steps
from tests.faults.conftest import is_completed, pending
from tests.faults.rig import LONG_TASK_SECONDS
from tests.patience import until

PROCESSES = 2  # of each worker


def test_what_people_do_is_followed_up_while_every_service_hangs(rig, deploy, bob) -> None:
    rig.env["TASK_TIME_LIMIT"] = str(LONG_TASK_SECONDS)
    process, timer = deploy("slow_service"), deploy("short_timer")
    quick = instances.start_process(process=process, by=bob, now=timezone.now())
    rig.worker("worker", "celery"), rig.worker("slow-worker", "slow"), rig.beat()
    rig.open_gate()
    step = until(lambda: pending(quick, "check"), "the token is at the task")
    rig.close_gate()
    for _ in range(2 * PROCESSES):
        instances.start_process(process=process, by=bob, now=timezone.now())
    until(lambda: len(rig.calls()) == 1 + PROCESSES, "every process of the slow worker hangs")
    steps.complete_step(step_id=step.pk, by=bob, now=timezone.now(), result="good")
    until(lambda: is_completed(quick), "the instance is completed")
    assert len(rig.calls()) == 1 + PROCESSES
    waiting = instances.start_process(process=timer, by=bob, now=timezone.now())
    until(lambda: waiting.events.filter(kind="timer-fired").exists(), "the timer has fired")

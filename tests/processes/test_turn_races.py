"""Turns of one instance at the same moment, each reading only what stands around its step: no token lost or doubled."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from processes.errors import InstanceEnded, StepAlreadyClosed
from processes.models import ProcessInstance, ProcessStep
from processes.services import instances, steps, timers
from processes.services.definitions import deploy_file
from tests.processes import wide
from tests.processes.test_races import together

pytestmark = pytest.mark.django_db(transaction=True)

LATE = (
    '<boundaryEvent id="t" attachedToRef="a"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
    "</timerEventDefinition></boundaryEvent>"
    + wide.TASK.format("after", "")
    + wide.TASK.format("late", "")
    + wide.flows("after e", "t late e")
)


@pytest.fixture
def begin(role, bob, now):
    """Deploys a diagram; returns what starts an instance of it."""

    def deploy(body: str, **variables: object):
        version, *_ = deploy_file(source=wide.file(body), by=None, now=now)
        return partial(instances.start_process, process=version.process, by=bob, now=now, variables=variables)

    return deploy


def complete(step: ProcessStep, user, now):
    return partial(steps.complete_step, step_id=step.pk, by=user, now=now, result="done")


def asked(instance: ProcessInstance) -> list[ProcessStep]:
    pending = ProcessStep.objects.pending().filter(instance=instance, waits_on="activity")
    return list(pending.order_by("id"))


def live(instance: ProcessInstance) -> Counter[str]:
    """How many live steps each element has."""
    found = ProcessStep.objects.filter(instance=instance, status__in=("pending", "failed"))
    return Counter(found.values_list("element_id", flat=True))


def happened(instance: ProcessInstance, kind: str) -> int:
    return instance.events.filter(kind=kind).count()


def test_instances_of_one_activity_that_are_done_at_once_all_count(begin, bob, now):
    start = begin(wide.many(), count=6)
    for _round in range(3):
        instance = start()
        results = together(*[complete(step, bob, now) for step in asked(instance)])
        assert all(isinstance(result, steps.Completion) for result in results), results
        instance.refresh_from_db()
        assert instance.variables["a"] == ["done"] * 6
        assert (instance.ended_at, live(instance), happened(instance, "instance-ended")) == (
            now,
            Counter(),
            1,
        )


@pytest.mark.parametrize("count", [1, 3])
def test_an_instance_that_is_done_while_a_timer_ends_them_all_leaves_one_way(begin, bob, now, count):
    ways = set()
    start = begin(
        wide.many().replace('"a-e"', '"a-after"').replace('targetRef="e"', 'targetRef="after"') + LATE,
        count=count,
    )
    for _round in range(5):
        instance = start()
        first = asked(instance)[0]
        at = now + timedelta(hours=2)
        done, _fired = together(complete(first, bob, at), partial(timers.fire_due_timers, now=at))
        assert isinstance(done, steps.Completion | StepAlreadyClosed), done
        [(way, number)] = live(instance).items()
        ways.add(way)
        assert number == 1
        assert way == "late" or (count == 1 and isinstance(done, steps.Completion))
        first.refresh_from_db()
        assert (first.status == "completed") is isinstance(done, steps.Completion)
    assert ways


def test_an_instance_that_is_done_while_all_is_cancelled_leaves_nothing_behind(begin, bob, admin, now):
    start = begin(wide.many(), count=3)
    for _round in range(5):
        instance = start()
        done, cancelled = together(
            complete(asked(instance)[1], bob, now),
            partial(instances.cancel_instance, instance_id=instance.pk, reason="race", by=admin, now=now),
        )
        assert isinstance(done, steps.Completion | StepAlreadyClosed), done
        assert cancelled is None, cancelled
        instance.refresh_from_db()
        assert (instance.status, live(instance)) == ("cancelled", Counter())
        assert happened(instance, "instance-cancelled") == 1


def test_the_last_instance_done_or_all_cancelled_is_one_of_both(begin, bob, admin, now):
    start = begin(wide.many(), count=1)
    for _round in range(5):
        instance = start()
        done, cancelled = together(
            complete(asked(instance)[0], bob, now),
            partial(instances.cancel_instance, instance_id=instance.pk, reason="race", by=admin, now=now),
        )
        instance.refresh_from_db()
        assert live(instance) == Counter()
        won = happened(instance, "instance-cancelled")
        assert isinstance(cancelled, InstanceEnded) is (won == 0), cancelled
        assert isinstance(done, StepAlreadyClosed if won else steps.Completion), done
        assert happened(instance, "instance-ended") == 1 - won


@pytest.mark.parametrize("join", ["parallelGateway", "inclusiveGateway"])
def test_tokens_that_reach_a_join_at_once_go_on_as_one(begin, bob, now, join):
    body = wide.branches(6, join).replace('"j-e"', '"j-after"').replace('targetRef="e"', 'targetRef="after"')
    start = begin(body + wide.TASK.format("after", "") + wide.flows("after e"))
    for _round in range(3):
        instance = start()
        results = together(*[complete(step, bob, now) for step in asked(instance)])
        assert all(isinstance(result, steps.Completion) for result in results), results
        assert live(instance) == Counter({"after": 1})
        tokens = ProcessStep.objects.filter(instance=instance, element_id="j")
        assert Counter(tokens.values_list("status", flat=True)) == Counter(completed=6)

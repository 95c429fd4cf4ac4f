"""Clocks of servers that differ, or are set back: nothing ends before it has begun."""

from datetime import timedelta

import pytest
from django.db.models import F

from processes.models import ProcessInstance, ProcessStep
from processes.services import instances, steps
from tests.factories import RecordFactory

pytestmark = pytest.mark.django_db
ANSWERS = [("ready", {}), ("yes", {}), ("signed", {"place": "Minsk"})]


@pytest.fixture
def instance(approval, bob, now) -> ProcessInstance:
    """Begun by a server whose clock goes five seconds fast."""
    at = now + timedelta(seconds=5)
    return instances.start_process(process=approval, by=bob, now=at, record=RecordFactory())


def test_a_process_begun_by_a_fast_clock_ends_by_a_right_one(instance, bob, pending, now):
    for result, variables in ANSWERS:
        [step] = pending(instance)
        steps.complete_step(step_id=step.pk, by=bob, now=now, result=result, variables=variables)
    assert instances.finish_instance(instance_id=instance.pk, now=now)
    instance.refresh_from_db()
    assert (instance.ended_at, instance.duration) == (instance.started_at, timedelta())
    assert not ProcessStep.objects.filter(instance=instance, closed_at__lt=F("opened_at")).exists()


def test_my_next_step_opens_at_once_whatever_clock_has_opened_it(instance, bob, pending, now):
    [step] = pending(instance)
    done = steps.complete_step(step_id=step.pk, by=bob, now=now, result="ready")
    assert [done.next_step_id] == [step.pk for step in pending(instance)]
    assert done.count == 1


def test_a_process_begun_by_a_fast_clock_is_cancelled_by_a_right_one(instance, admin, now):
    instances.cancel_instance(instance_id=instance.pk, reason="no need", by=admin, now=now)
    instance.refresh_from_db()
    assert instance.ended_at == instance.started_at

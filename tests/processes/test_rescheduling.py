"""A pending step gets other times: its activity and the reminders follow, the journal tells it."""

from datetime import timedelta

import pytest

from activities.services import reschedule_activity
from bpm_portal.common.errors import Forbidden, Invalid, NotFound
from processes.errors import StepAlreadyClosed
from processes.models import ProcessEvent, ProcessStep
from processes.services import handing, instances, steps
from processes.services.journal import in_words
from tests.factories import NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def step(approval, alice, role, contract):
    alice.groups.add(role)
    instance = instances.start_process(process=approval, by=alice, now=NOW, record=contract)
    first = ProcessStep.objects.get(instance=instance, status="pending")
    steps.complete_step(step_id=first.pk, by=alice, now=NOW, result="ready")
    alice.groups.clear()  # from here on it is for the role, and she only looks on
    return ProcessStep.objects.select_related("activity").get(instance=instance, status="pending")


def reschedule(step, by, *, start=NOW - HOUR, due=NOW + HOUR):
    reschedule_activity(activity_id=step.activity_id, starts_at=start, due_at=due, by=by, now=NOW)


def test_step_and_activity_move_together_even_into_the_past(step, bob):
    remind = step.activity.starts_at + HOUR
    type(step.activity).objects.filter(pk=step.activity_id).update(remind_owner_at=remind)
    before = step.starts_at
    reschedule(step, bob)
    step.refresh_from_db()
    step.activity.refresh_from_db()
    assert (step.starts_at, step.due_at) == (NOW - HOUR, NOW + HOUR)
    assert (step.activity.starts_at, step.activity.due_at) == (NOW - HOUR, NOW + HOUR)
    assert step.activity.remind_owner_at == remind + (NOW - HOUR - before)
    assert step.activity.remind_author_at is None


def test_the_reminder_of_a_postponed_task_moves_with_it(step, bob):
    """It rang for what was put off until next week, and not again."""
    remind = step.activity.starts_at - HOUR
    type(step.activity).objects.filter(pk=step.activity_id).update(remind_owner_at=remind)
    later = step.starts_at + 48 * HOUR
    handing.postpone_step(step_id=step.pk, until=later, by=bob, now=NOW)
    step.activity.refresh_from_db()
    assert step.activity.remind_owner_at == later - HOUR


def test_the_journal_says_so(step, bob):
    reschedule(step, bob)
    told = ProcessEvent.objects.select_related("step", "by").get(kind="step-rescheduled")
    assert in_words([told], now=NOW)[0].text.endswith("was moved to Today, 08:00.")
    assert told.by == bob


def test_a_due_date_before_the_start_is_refused(step, bob):
    with pytest.raises(Invalid):
        reschedule(step, bob, due=NOW - 2 * HOUR)


def test_only_who_may_perform_it_gives_it_other_times(step, alice, bob, mallory):
    with pytest.raises(NotFound):
        reschedule(step, mallory)
    with pytest.raises(Forbidden):
        reschedule(step, type(alice).objects.get(pk=alice.pk))


def test_what_is_done_keeps_its_times(step, bob):
    steps.complete_step(step_id=step.pk, by=bob, now=NOW, result="no")
    with pytest.raises(StepAlreadyClosed):
        reschedule(step, bob)

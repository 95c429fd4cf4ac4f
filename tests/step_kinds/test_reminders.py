"""Reminders of steps that wait on a record: once, for the performer, as long as they wait."""

from datetime import timedelta

from notifications.models import Notification
from notifications.reminders import ring_due_reminders
from processes.services import handing, steps

REMINDED = 'portal:kind="approval" portal:duration="P1D" portal:remindBefore="PT1H"'


def reminded(user):
    return list(Notification.objects.filter(user=user, kind="reminder").values_list("step", "url"))


def test_the_performer_is_reminded_once(ask, bob, carol, now):
    step = ask(f'{REMINDED} portal:assignee="carol"').step
    assert ring_due_reminders(now=now + timedelta(hours=22)) == 0
    assert ring_due_reminders(now=now + timedelta(hours=23)) == 1
    assert ring_due_reminders(now=now + timedelta(hours=24)) == 0
    assert reminded(carol) == [(step.pk, f"/steps/{step.pk}/")]
    assert reminded(bob) == []


def test_everybody_of_the_role_is_reminded_while_nobody_has_taken_it(ask, bob, carol, now):
    ask(f'{REMINDED} portal:role="Sales managers"')
    assert ring_due_reminders(now=now + timedelta(hours=23)) == 2
    assert [len(reminded(user)) for user in (bob, carol)] == [1, 1]


def test_what_is_postponed_reminds_of_its_new_deadline(ask, carol, now):
    step = ask(f'{REMINDED} portal:assignee="carol"').step
    handing.postpone_step(step_id=step.pk, until=now + timedelta(days=3), by=carol, now=now)
    assert ring_due_reminders(now=now + timedelta(days=3)) == 0
    assert ring_due_reminders(now=now + timedelta(days=3, hours=23)) == 1


def test_nobody_is_reminded_of_what_is_done(ask, bob, now):
    step = ask(f'{REMINDED} portal:role="Sales managers"').step
    steps.complete_step(step_id=step.pk, by=bob, now=now, result="approved")
    assert ring_due_reminders(now=now + timedelta(hours=23)) == 0

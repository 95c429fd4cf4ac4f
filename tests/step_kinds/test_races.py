"""Two clicks, two people, a turn and another writer of the same record: on real PostgreSQL, at the same moment."""

from functools import partial

import pytest
from django.core import mail

from processes.errors import StepAlreadyClosed, StepInWork
from processes.services import steps, work
from processes.services.instances import cancel_instance
from records.models import Record
from records.services import change_record
from tests.processes.test_races import together

pytestmark = pytest.mark.django_db(transaction=True)

ADD = 'portal:kind="edit-record" portal:role="Sales managers" portal:recordType="contract"'
EDIT = 'portal:kind="edit-record" portal:role="Sales managers"'
LATER = '<portal:completeWhen>=record.state = "in_force"</portal:completeWhen>'
MAIL = 'portal:kind="send-email" portal:role="Sales managers"'


def save(step, by, now, **values):
    return steps.complete_step(step_id=step.pk, by=by, now=now, variables=values)


def test_a_double_click_on_save_makes_one_record(ask, contracts, bob, now):
    # Both requests have read the page of an addition; the second gets the lock when the first is through.
    asked = ask(ADD, LATER)
    clicks = together(*[partial(save, asked.step, bob, now, subject="Pipes") for _click in range(2)])
    assert [done.is_done for done in clicks] == [False, False], clicks
    assert Record.objects.filter(record_type=contracts).count() == 1
    assert save(asked.step, bob, now, state="in_force").is_done


def test_of_two_people_who_add_one_wins_and_the_other_makes_nothing(ask, contracts, bob, carol, now):
    asked = ask(ADD)
    results = together(
        partial(save, asked.step, bob, now, subject="Bob's"),
        partial(save, asked.step, carol, now, subject="Carol's"),
    )
    assert sum(isinstance(result, StepAlreadyClosed) for result in results) == 1, results
    assert Record.objects.filter(record_type=contracts).count() == 1


def test_a_step_and_the_page_of_the_record_save_at_once_without_waiting_in_a_circle(
    ask, contract, bob, carol, now
):
    # The step locks its instance and then the record, the record's own page the record alone.
    asked = ask(EDIT, LATER, record=contract)
    for turn in range(5):
        results = together(
            partial(save, asked.step, bob, now, amount=str(turn)),
            partial(change_record, record=contract, values={"subject": f"Paper {turn}"}, by=carol, now=now),
        )
        assert not [result for result in results if isinstance(result, Exception)], results
    contract.refresh_from_db()
    assert (contract.data["amount"], contract.data["subject"]) == ("4", "Paper 4")


def test_a_double_click_on_send_sends_once_whatever_number_of_workers(ask, bob, now):
    asked = ask(MAIL)
    letter = {"to": "ann@example.com", "subject": "Hello", "body": "All is well."}
    clicks = together(*[partial(save, asked.step, bob, now, **letter) for _click in range(3)])
    assert sum(isinstance(click, StepInWork) for click in clicks) == 2, clicks
    done = together(*[partial(work.run_service_step, now=now) for _worker in range(4)])
    assert sorted(done) == [False, False, False, True]
    assert len(mail.outbox) == 1
    assert asked.again().status == "completed"


def test_sending_and_cancelling_at_once_leave_one_end(ask, bob, admin, now):
    asked = ask(MAIL)
    save(asked.step, bob, now, to="ann@example.com", subject="Hello", body="x")
    results = together(
        partial(work.run_service_step, now=now),
        partial(cancel_instance, instance_id=asked.instance.pk, reason="no", by=admin, now=now),
    )
    step = asked.again()
    assert step.status in ("completed", "cancelled"), results
    assert step.activity.status == step.status
    assert asked.instance.ended_at is not None

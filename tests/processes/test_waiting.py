"""What an instance waits for, in sentences."""

from datetime import timedelta

import pytest

from processes.models import ProcessStep
from processes.services import usual
from processes.services.waiting import waiting_by_instance, waiting_sentences, with_usual_times
from tests.factories import HumanStepFactory, ProcessInstanceFactory, ProcessVersionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def instance(db):
    return ProcessInstanceFactory()


@pytest.fixture
def machine_step(instance, now):
    """`machine_step("timer", ...)`: a pending step that no person does."""

    def make(waits_on, **values):
        defaults = {"element_id": "x", "element_type": "task", "name": "Delivery", "opened_at": now}
        return ProcessStep.objects.create(instance=instance, waits_on=waits_on, **{**defaults, **values})

    return make


def texts(instance, now):
    return [waiting.text for waiting in waiting_sentences(instance, now=now)]


def test_a_person_a_role_and_nobody(instance, bob, role, now):
    HumanStepFactory(instance=instance, name="Check", assignee=bob, role=role)
    HumanStepFactory(instance=instance, name="Sign", role=role, kind="user-question")
    HumanStepFactory(instance=instance, name="File", kind="gone")
    assert texts(instance, now) == [
        "Waits for a process administrator to say who is to do “File”, since today, 09:00.",
        "Waits for Bob to do “Check”, since today, 09:00.",
        "Waits for anyone of Sales managers to answer “Sign”, since today, 09:00.",
    ]


def test_work_that_begins_later_says_when(instance, bob, now):
    HumanStepFactory(instance=instance, name="Check", assignee=bob, starts_at=now + timedelta(days=1))
    assert texts(instance, now) == [
        "Waits for Bob to do “Check”, to begin tomorrow, 09:00, since today, 09:00."
    ]


@pytest.mark.parametrize(
    ("waits_on", "values", "sentence"),
    [
        ("timer", {"due_at": True}, "Waits until today, 11:00 (“Delivery”)"),
        ("message", {"topic": "paid"}, "Waits for the message “paid”"),
        ("signal", {"topic": "alarm"}, "Waits for the signal “alarm”"),
        ("worker", {"topic": "warehouse"}, "Waits for the worker to run “Delivery”"),
        ("condition", {}, "Waits until the condition of “Delivery” holds"),
        ("tokens", {}, "Waits at “Delivery” for other branches"),
        ("children", {}, "Waits for “Delivery” to end"),
    ],
)
def test_machines(instance, machine_step, now, waits_on, values, sentence):
    if "due_at" in values:
        values = {"due_at": now + timedelta(hours=2)}
    machine_step(waits_on, **values)
    assert texts(instance, now) == [f"{sentence}, since today, 09:00."]


def test_a_border_event_stands_behind_what_it_watches(instance, machine_step, bob, now):
    host = HumanStepFactory(instance=instance, name="Check", assignee=bob)
    machine_step("timer", host=host, name="Too late", due_at=now + timedelta(hours=2))
    first, second = waiting_sentences(instance, now=now)
    assert (first.is_side, second.is_side) == (False, True)
    assert second.sentence == "Waits until today, 11:00 (“Too late”), unless “Check” is done before"


def test_a_sub_process_is_told_by_its_steps(instance, machine_step, bob, now):
    scope = machine_step("children", name="Solve")
    HumanStepFactory(instance=instance, name="Check", assignee=bob, scope=scope)
    assert texts(instance, now) == ["Waits for Bob to do “Check”, since today, 09:00."]


def test_a_call_names_the_instance_that_it_waits_for(instance, machine_step, now):
    call = machine_step("children", element_type="callActivity", name="Ship")
    child = ProcessInstanceFactory(parent_step=call, root=instance, caption="Shipping 4711")
    [waiting] = waiting_sentences(instance, now=now)
    assert waiting.sentence == "Waits for “Shipping 4711” to end"
    assert list(waiting.children) == [child]


def test_trouble_comes_first(instance, machine_step, bob, now):
    HumanStepFactory(instance=instance, name="Check", assignee=bob)
    machine_step("", status="failed", error="No way out.", closed_at=now, name="Way")
    assert texts(instance, now)[0] == "“Way” has failed: No way out, since today, 09:00."


def test_what_has_ended_waits_for_the_worker_and_then_for_nothing(instance, now):
    instance.ended_at = now
    assert texts(instance, now) == ["Waits for the worker to record that it has ended, since today, 09:00."]
    instance.status = "completed"
    assert texts(instance, now) == []


@pytest.fixture
def done_before(instance, now):
    """`done_before("check", 1, 2, 9)`: completed instances in which that element took so many hours."""

    def make(element_id, *hours):
        for number in hours:
            end = now + timedelta(hours=number)
            before = ProcessInstanceFactory(
                version=instance.version, status="completed", ended_at=end, duration=end - now
            )
            HumanStepFactory(instance=before, element_id=element_id, status="completed", closed_at=end)

    return make


def test_what_people_did_often_says_how_long_it_usually_takes(instance, bob, now, done_before):
    HumanStepFactory(instance=instance, name="Check", assignee=bob)
    done_before("check", 1, 1, 2, 30, 40)
    assert texts(instance, now) == ["Waits for Bob to do “Check”, since today, 09:00, usually 2 h."]


def test_too_few_or_other_steps_say_nothing_about_the_usual_time(instance, bob, now, done_before):
    HumanStepFactory(instance=instance, name="Check", assignee=bob)
    done_before("check", 1, 1, 2, 30)
    done_before("sign", 1, 1, 1, 1, 1)
    assert texts(instance, now) == ["Waits for Bob to do “Check”, since today, 09:00."]


def test_a_whole_page_costs_two_queries(machine_step, bob, now, django_assert_num_queries):
    version = ProcessVersionFactory()
    many = ProcessInstanceFactory.create_batch(3, version=version)
    for instance in many:
        HumanStepFactory(instance=instance, assignee=bob)
    machine_step("children")
    with django_assert_num_queries(1):
        waiting_by_instance(many, now=now)


def test_a_scope_that_has_failed_is_told_although_something_inside_still_waits(
    instance, machine_step, bob, now
):
    body = machine_step("children", status="failed", closed_at=now, error="It broke.", name="All of them")
    HumanStepFactory(instance=instance, name="Check", assignee=bob, scope=body)
    assert texts(instance, now) == [
        "“All of them” has failed: It broke, since today, 09:00.",
        "Waits for Bob to do “Check”, since today, 09:00.",
    ]


def test_what_only_listens_beside_is_told_last(instance, machine_step, bob, now):
    machine_step("signal", topic="stop", element_type="subscription")
    HumanStepFactory(instance=instance, name="Check", assignee=bob)
    told = waiting_sentences(instance, now=now)
    assert [(waiting.step.waits_on, waiting.is_side) for waiting in told] == [
        ("activity", False),
        ("signal", True),
    ]


def test_lists_say_it_from_the_cache_that_the_worker_fills(
    instance, bob, admin, now, done_before, client, django_assert_num_queries
):
    HumanStepFactory(instance=instance, name="Check", assignee=bob)
    done_before("check", 1, 1, 2, 30, 40)
    usual.remember([instance.process_id])
    found = waiting_by_instance([instance], now=now)
    with django_assert_num_queries(0):
        told = with_usual_times(found, [instance])
    assert [waiting.usual for waiting in told[instance.pk]] == [timedelta(hours=2)]
    client.force_login(admin)
    assert "usually 2 h" in client.get("/log/").content.decode()


def test_a_cache_that_does_not_answer_costs_the_words_alone(instance, bob, now, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    HumanStepFactory(instance=instance, name="Check", assignee=bob)
    usual.remember([instance.process_id])
    [waiting] = with_usual_times(waiting_by_instance([instance], now=now), [instance])[instance.pk]
    assert (waiting.sentence, waiting.usual) == ("Waits for Bob to do “Check”", None)

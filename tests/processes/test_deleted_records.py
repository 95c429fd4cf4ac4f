"""A record is deleted: what becomes of the steps, activities and instances that are about it, rule by rule."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from activities.models import ActivityConnection
from bpm_portal.common.errors import Conflict
from processes.models import ProcessStep
from processes.services import instances, steps
from records.models import Record
from records.services import delete_record
from tests.factories import ActivityFactory, RecordFactory, SubstitutionFactory

pytestmark = pytest.mark.django_db
ANSWERS = [("ready", {}), ("yes", {}), ("signed", {"place": "Minsk"})]


@pytest.fixture
def at(approval, contract, bob, now):
    """An instance on the contract, so many steps further on; returns its pending step, if any."""

    def brought(answered: int) -> ProcessStep | None:
        instance = instances.start_process(process=approval, by=bob, now=now, record=contract)
        for result, variables in ANSWERS[:answered]:
            step = ProcessStep.objects.pending().get(instance=instance)
            steps.complete_step(step_id=step.pk, by=bob, now=now, result=result, variables=variables)
        return ProcessStep.objects.pending().filter(instance=instance).first()

    return brought


def refusal(contract, by, now) -> str:
    with pytest.raises(Conflict) as refused:
        delete_record(record=contract, by=by, now=now)
    assert Record.objects.filter(pk=contract.pk).exists()
    return refused.value.message


def test_a_task_that_waits_through_its_activity_keeps_it_and_is_named(at, contract, bob, now) -> None:
    step = at(0)
    assert refusal(contract, bob, now) == (
        f"Tasks wait on this record: “{step}” (Approval of Contract 7). "
        "Have them finished, or their processes cancelled, then delete it."
    )


def test_a_step_whose_subject_it_is_keeps_it(at, contract, bob, now) -> None:
    step = at(2)
    assert step.record == contract
    assert f"“{step}”" in refusal(contract, bob, now)


def test_many_are_counted_and_none_is_named_that_the_reader_may_not_see(
    at, contract, bob, mallory, dave, now
) -> None:
    for _ in range(5):
        at(0)
    assert "2 tasks more" in refusal(contract, bob, now)
    said = refusal(contract, mallory, now)
    assert "5 tasks that are not yours to see" in said
    assert "Approval" not in said
    SubstitutionFactory(absent=bob, substitute=dave)
    assert "2 tasks more" in refusal(contract, dave, now), "he sees them as bob does"


def test_it_is_said_in_russian_too(at, contract, bob, now) -> None:
    at(0)
    with translation.override("ru"):
        assert "Дождитесь их выполнения" in refusal(contract, bob, now)


def test_once_the_process_is_cancelled_it_goes(at, contract, bob, admin, now) -> None:
    step = at(0)
    instances.cancel_instance(instance_id=step.instance_id, reason="no need", by=admin, now=now)
    delete_record(record=contract, by=bob, now=now)
    assert not Record.objects.filter(pk=contract.pk).exists()


def test_what_was_finished_goes_over_to_the_card_and_keeps_the_caption(
    at, client, contract, bob, now
) -> None:
    assert at(3) is None
    delete_record(record=contract, by=bob, now=now)
    signed = ProcessStep.objects.get(element_id="sign")
    assert (signed.record.record_type.code, signed.record_caption) == ("process_card", "Contract 7")
    task = ProcessStep.objects.get(element_id="prepare")
    assert (task.activity.record, task.activity.record_caption) == (None, "Contract 7")
    client.force_login(bob)
    for address in (
        f"/steps/{signed.pk}/",
        f"/activities/{task.activity_id}/",
        f"/log/{signed.instance_id}/",
    ):
        assert client.get(address).status_code == 200
    assert not Record.objects.filter(pk=contract.pk).exists()


def test_the_card_of_a_process_stays_with_what_was_done_in_it(at, contract, bob, now) -> None:
    at(3)
    delete_record(record=contract, by=bob, now=now)
    card = ProcessStep.objects.get(element_id="sign").record
    assert refusal(card, bob, now).startswith("This is the card of a process")


def test_an_instance_that_merely_works_on_it_goes_on_with_its_card(at, contract, bob, now) -> None:
    question = at(1)
    type(question.activity).objects.filter(pk=question.activity_id).update(record=None)
    delete_record(record=contract, by=bob, now=now)
    steps.complete_step(step_id=question.pk, by=bob, now=now + timedelta(hours=1), result="yes")
    [form] = ProcessStep.objects.pending().filter(instance=question.instance_id)
    assert (form.waits_on, form.record.record_type.code) == ("record", "process_card")
    question.instance.refresh_from_db()
    assert (question.instance.record, question.instance.record_caption) == (None, "Contract 7")


def test_activities_of_people_and_mere_connections_let_it_go(contract, bob, now) -> None:
    own = ActivityFactory(owner=bob, record=contract, record_caption=contract.caption)
    ActivityConnection.objects.create(
        activity=ActivityFactory(owner=bob, record=RecordFactory()), record=contract
    )
    delete_record(record=contract, by=bob, now=now)
    own.refresh_from_db()
    assert (own.record, own.record_caption) == (None, "Contract 7")


def test_the_administration_deletes_a_record_whose_steps_are_finished(
    at, client, contract, admin, now
) -> None:
    at(3)
    client.force_login(admin)
    url = reverse("admin:records_record_delete", args=[contract.pk])
    assert "Are you sure" in client.get(url).content.decode()
    assert Record.objects.filter(pk=contract.pk).exists(), "looking deletes nothing"
    client.post(url, {"post": "yes"})
    assert not Record.objects.filter(pk=contract.pk).exists()
    signed = ProcessStep.objects.get(element_id="sign")
    assert (signed.record.record_type.code, signed.record_caption) == ("process_card", "Contract 7")


def test_the_administration_says_why_a_record_stays_and_what_to_do(at, client, contract, admin, now) -> None:
    at(2)
    free = RecordFactory(caption="Contract 8")
    client.force_login(admin)
    text = client.get(reverse("admin:records_record_delete", args=[contract.pk])).content.decode()
    assert "Have them finished, or their processes cancelled, then delete it." in text
    action = {"action": "delete_selected", "_selected_action": [contract.pk, free.pk], "post": "yes"}
    text = client.post(reverse("admin:records_record_changelist"), action).content.decode()
    assert "Contract 7: Tasks wait on this record" in text
    assert Record.objects.filter(pk__in=[contract.pk, free.pk]).count() == 2
    action["_selected_action"] = [free.pk]
    client.post(reverse("admin:records_record_changelist"), action)
    assert not Record.objects.filter(pk=free.pk).exists()

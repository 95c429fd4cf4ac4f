"""What stands in an ad-hoc sub-process is begun by people: on the page of the instance, and by the API."""

import pytest
from django.urls import reverse

from processes.models import ProcessStep
from processes.services import instances
from processes.services.waiting import waiting_sentences
from tests.processes.test_repeating import AD_HOC, begin  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(begin, role):  # noqa: F811
    instance = begin(AD_HOC.replace('id="a"', 'id="a" name="Ask the customer"'), enough=False)
    return instance.steps.get(element_id="box")


def dialog_of(step: ProcessStep) -> str:
    return reverse("processes:begin", args=[step.pk])


def page_of(step: ProcessStep) -> str:
    return reverse("processes:instance", args=[step.instance_id])


def test_an_instance_that_waits_for_somebody_to_begin_something_says_so(box, now):
    [waiting] = waiting_sentences(box.instance, now=now)
    assert waiting.sentence == "Waits for somebody to begin an element of “box”"


def test_the_starter_begins_an_element_from_the_page_of_the_instance(as_user, box, bob):
    client = as_user(bob)
    assert dialog_of(box) in client.get(page_of(box)).content.decode()
    assert "Ask the customer" in client.get(dialog_of(box)).content.decode()
    answer = client.post(dialog_of(box), {"element": "a"}, follow=True)
    assert "“Ask the customer” has begun." in answer.content.decode()
    begun = ProcessStep.objects.get(instance=box.instance, element_id="a")
    assert (begun.status, begun.scope) == ("pending", box)


def test_what_is_open_inside_does_not_keep_another_from_being_begun(as_user, box, bob):
    for _number in range(2):
        as_user(bob).post(dialog_of(box), {"element": "a"})
        assert dialog_of(box) in as_user(bob).get(page_of(box)).content.decode()
    assert ProcessStep.objects.pending().filter(instance=box.instance, element_id="a").count() == 2


def test_whoever_merely_has_a_task_of_it_begins_nothing(as_user, box, bob, carol, mallory):
    as_user(bob).post(dialog_of(box), {"element": "a"})
    assert dialog_of(box) not in as_user(carol).get(page_of(box)).content.decode()
    for stranger in (carol, mallory):
        assert as_user(stranger).get(dialog_of(box)).status_code == 404
        assert as_user(stranger).post(dialog_of(box), {"element": "a"}).status_code == 404


def test_an_answer_that_the_dialog_has_not_offered_keeps_it_open(as_user, box, bob):
    answer = as_user(bob).post(dialog_of(box), {"element": "e"})
    assert answer.status_code == 400
    assert "Ask the customer" in answer.content.decode()


def test_nothing_is_begun_once_the_sub_process_is_through(as_user, box, admin, now):
    instances.set_variables(instance_id=box.instance_id, values={"enough": True}, by=admin, now=now)
    client = as_user(admin)
    assert dialog_of(box) not in client.get(page_of(box)).content.decode()
    refused = client.get(dialog_of(box))
    assert refused.status_code == 409
    assert "Nothing can be begun in “box” now." in refused.content.decode()


def test_programs_begin_elements_too(api, box, bob):
    url = reverse("step-begin", args=[box.pk])
    assert api(bob).post(url, {}, format="json").status_code == 400
    refused = api(bob).post(url, {"element": "e"}, format="json")
    assert refused.status_code == 409
    assert refused.json()["message"] == "“box” has no activity “e” to begin with."
    assert api(bob).post(url, {"element": "a"}, format="json").json()["id"] == box.pk
    assert ProcessStep.objects.pending().filter(instance=box.instance, element_id="a").exists()

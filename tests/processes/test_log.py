"""The process log: the list, the page of an instance, cancellation, and what administrators do with elements."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from processes.models import ProcessEvent, ProcessInstance, ProcessStep
from processes.services import handing, instances, steps
from processes.services.definitions import deploy_file
from processes.services.figures import figures_of
from processes.services.waiting import waiting_sentences
from tests.factories import HumanStepFactory, ProcessInstanceFactory, RecordFactory
from tests.processes import wide
from tests.processes.conftest import allow, count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(stuck, bob, now):
    """Waits for bob to answer."""
    return instances.start_process(process=stuck, by=bob, now=now, variables={"depth": 3, "ready": True})


def listed(client, **query):
    text = client.get(reverse("processes:log", query=query)).content.decode()
    return re.findall(r'class="list-title"[^>]*>([^<]*)</a>', text)


def page(client, instance, **query):
    response = client.get(reverse("processes:instance", args=[instance.pk], query=query))
    assert response.status_code == 200
    return response.content.decode()


def failed_step(instance):
    return ProcessStep.objects.get(instance=instance, status="failed")


def test_the_list_is_narrowed_by_its_address(as_user, running, failed, approval, contract, bob, now):
    other = instances.start_process(process=approval, by=bob, now=now, record=contract)
    client = as_user(bob)
    assert listed(client) == [other.caption, "Choose a way", "Choose a way"]
    assert listed(client, process="approval") == [other.caption]
    assert len(listed(client, status="failed")) == 1
    assert listed(client, record=contract.pk) == [other.caption]
    assert listed(client, q="contract 7") == [other.caption]
    assert len(listed(client, starter=bob.pk)) == 3
    assert listed(client, since="2026-03-03") == []
    assert len(listed(client, until="2026-03-02")) == 3
    assert len(listed(client, since="nonsense", process="unheard-of")) == 3


def test_a_stranger_sees_nothing(as_user, running, failed, mallory):
    client = as_user(mallory)
    assert listed(client) == []
    for name in ("instance", "instance-source"):
        assert client.get(reverse(f"processes:{name}", args=[running.pk])).status_code == 404
    step = failed_step(failed)
    assert client.post(reverse("processes:retry", args=[step.pk])).status_code == 404
    for name in ("skip", "reassign-dialog"):
        assert client.get(reverse(f"processes:{name}", args=[step.pk])).status_code == 404
    assert client.get(reverse("processes:cancel", query={"ids": running.pk})).status_code == 403
    assert client.get(reverse("processes:unassigned")).status_code == 403


def test_the_log_costs_the_same_however_many_there_are(
    as_user, stuck, bob, admin, now, django_assert_num_queries
):
    client, url = as_user(admin), reverse("processes:log")
    instances.start_process(process=stuck, by=bob, now=now)
    with_one = count_queries(client, url)
    for _ in range(4):
        instances.start_process(process=stuck, by=bob, now=now)
    with django_assert_num_queries(with_one):
        assert len(listed(client)) == 5


def test_a_called_instance_leads_to_the_one_that_called_it_for_whoever_may_see_that(
    as_user, running, bob, admin, alice
):
    child = ProcessInstanceFactory(caption="Ship it", root=running, starter=bob)
    link = f'<a href="{reverse("processes:instance", args=[running.pk])}">'
    url = reverse("processes:log", query={"q": "Ship it"})
    assert link in as_user(bob).get(url).content.decode()
    assert link in as_user(admin).get(url).content.decode()
    HumanStepFactory(instance=child, assignee=alice)
    text = as_user(alice).get(url).content.decode()
    assert "Ship it" in text
    assert link not in text


def test_the_page_says_what_the_instance_waits_for(as_user, running, bob):
    text = page(as_user(bob), running)
    assert "Waits for Bob to answer “Which way?”" in text
    step = running.steps.get(status="pending")
    assert f"{reverse('processes:step', args=[step.pk])}?next=" in text


def test_what_many_alike_elements_wait_for_is_said_once_with_their_number(as_user, role, bob, now):
    version, _called = deploy_file(source=wide.file(wide.many()), by=None, now=now)
    many = instances.start_process(process=version.process, by=bob, now=now, variables={"count": 3})
    text = page(as_user(bob), many)
    assert text.count("<strong>3 ×</strong> Waits for") == text.count('class="waiting-line ') == 1
    (figures,) = (each for each in figures_of(many.pk) if each.element_id == "a")
    assert figures.counts == {"pending": 3}, "the step around them is none of them"


@pytest.mark.parametrize("tab", ["elements", "variables", "records", "journal"])
def test_a_page_of_an_instance_costs_the_same_however_much_has_happened(
    as_user, running, bob, admin, tab, now, django_assert_num_queries
):
    client, url = as_user(admin), reverse("processes:instance", args=[running.pk], query={"tab": tab})
    with_few = count_queries(client, url)
    for step in HumanStepFactory.create_batch(7, instance=running, assignee=bob):
        ProcessEvent.objects.create(instance=running, step=step, kind="step-opened", by=bob, at=now)
    with django_assert_num_queries(with_few):
        page(client, running, tab=tab)


def test_the_diagram_gets_its_tokens(as_user, failed, bob):
    response = as_user(bob).get(reverse("processes:instance", args=[failed.pk]))
    marks = json.loads(response.context["marks"])
    assert marks["elements"] == {
        "start": {"completed": 1},
        "choose": {"completed": 1},
        "fork": {"failed": 1},
    }
    assert sorted(marks["flows"]) == ["f1", "f2"]
    source = as_user(bob).get(reverse("processes:instance-source", args=[failed.pk]))
    assert source.content == bytes(failed.version.source)


def test_variables_are_shown_in_words(as_user, running, bob):
    text = page(as_user(bob), running, tab="variables")
    assert re.search(r"<code>depth</code></th>\s*<td[^>]*>3</td>", text)
    assert re.search(r"<code>ready</code></th>\s*<td[^>]*>Yes</td>", text)


def test_connected_records_are_only_those_that_the_reader_may_see(
    as_user,
    approval,
    contract,
    bob,
    carol,
    admin,
    now,
):
    instance = instances.start_process(process=approval, by=bob, now=now, record=contract)
    hidden = RecordFactory(caption="Secret")
    HumanStepFactory(instance=instance, assignee=carol, activity=None, record=hidden, waits_on="record")
    text = page(as_user(admin), instance, tab="records")
    assert "Contract 7" in text
    assert "Secret" in text
    own = page(
        as_user(bob), instance, tab="records"
    )  # who started it reads its record, not those of others' steps
    assert "Contract 7" in own
    assert "Secret" not in own


def test_the_journal_tells_who_did_what(as_user, approval, contract, bob, carol, admin, now):
    instance = instances.start_process(process=approval, by=bob, now=now, record=contract)
    step = instance.steps.get(status="pending")
    handing.reassign_step(step_id=step.pk, assignee=carol, by=bob, now=now)
    ProcessEvent.objects.create(instance=instance, step=step, kind="moon-rose", at=now)
    text = page(as_user(admin), instance, tab="journal")
    assert "“Prepare” went from Bob to Carol." in text
    assert "Moon rose: “Prepare”" in text


def test_a_performer_sees_only_the_elements_that_are_his(as_user, approval, alice, bob, role, now, pending):
    alice.groups.add(role)
    instance = instances.start_process(process=approval, by=alice, now=now)
    alice.groups.remove(role)
    steps.complete_step(step_id=pending(instance)[0].pk, by=alice, now=now, result="ready")
    text = page(as_user(bob), instance)
    assert "<code>decide</code>" in text
    assert "<code>prepare</code>" not in text
    assert "You see the elements that are or were yours." in text
    assert "<code>prepare</code>" in page(as_user(alice), instance)
    assert "Run element" in text
    assert "Run element" not in page(as_user(alice), instance)  # she is not of the role any more


def test_cancelling_shows_what_it_closes_and_asks_why(as_user, running, failed, admin):
    url = reverse("processes:cancel")
    text = as_user(admin).get(url, {"ids": [running.pk, failed.pk]}).content.decode()
    assert "Cancel 2 instances?" in text
    assert re.search(r"Taken from</dt>\s*<dd>Bob</dd>", text)
    refused = as_user(admin).post(url, {"ids": [running.pk], "reason": "  "})
    assert refused.status_code == 400
    assert ProcessInstance.objects.live().count() == 2


def test_a_cancelled_instance_says_who_cancelled_it_and_why(as_user, running, admin):
    as_user(admin).post(reverse("processes:cancel"), {"ids": running.pk, "reason": "Wrong season"})
    text = page(as_user(admin), running)
    assert "Cancelled by Admin" in text
    assert "Wrong season" in text


def test_starters_see_no_actions_of_administrators(as_user, failed, bob, admin):
    step = failed_step(failed)
    for name in ("retry", "skip"):
        assert reverse(f"processes:{name}", args=[step.pk]) not in page(as_user(bob), failed)
        assert reverse(f"processes:{name}", args=[step.pk]) in page(as_user(admin), failed)
    assert as_user(bob).post(reverse("processes:retry", args=[step.pk])).status_code == 403
    assert as_user(bob).get(reverse("processes:skip", args=[step.pk])).status_code == 403
    assert "Cancel execution" not in page(as_user(bob), failed)


def test_a_failed_element_can_be_skipped_by_a_way_one_chooses(as_user, failed, admin):
    step = failed_step(failed)
    url = reverse("processes:skip", args=[step.pk])
    text = as_user(admin).get(url).content.decode()
    assert "right → Went right" in text
    assert as_user(admin).post(url, {"flow": "to_right"}).status_code == 400
    assert as_user(admin).post(url, {"flow": "elsewhere", "reason": "x"}).status_code == 400
    done = as_user(admin).post(url, {"flow": "to_right", "reason": "Right is right"})
    assert done["Location"] == reverse("processes:instance", args=[failed.pk])
    step.refresh_from_db()
    assert step.status == "skipped"
    assert "Why “Way” was skipped: Right is right" in page(as_user(admin), failed, tab="journal")


def test_a_failed_element_can_be_run_again(as_user, failed, admin):
    step = failed_step(failed)
    response = as_user(admin).post(reverse("processes:retry", args=[step.pk]), headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert ProcessEvent.objects.filter(step=step, kind="step-rerun").exists()


def test_the_unassigned_queue_is_worked_off_by_administrators(as_user, running, bob, admin, now):
    steps.complete_step(step_id=running.steps.get(status="pending").pk, by=bob, now=now, result="left")
    orphan = ProcessStep.objects.unassigned().get()
    [waiting] = waiting_sentences(running, now=now)
    assert waiting.is_trouble
    assert "who is to do “Walk left”" in waiting.text
    assert as_user(bob).get(reverse("processes:unassigned")).status_code == 403
    text = as_user(admin).get(reverse("processes:unassigned")).content.decode()
    assert "Walk left" in text
    as_user(admin).post(reverse("processes:reassign", args=[orphan.pk]), {"assignee": bob.pk})
    assert "Every task has somebody" in as_user(admin).get(reverse("processes:unassigned")).content.decode()
    assert "Waits for Bob to do “Walk left”" in page(as_user(bob), running)


def test_who_may_only_cancel_sees_the_queue_without_assigning(as_user, running, bob, now):
    steps.complete_step(step_id=running.steps.get(status="pending").pk, by=bob, now=now, result="left")
    bob = allow(bob, "cancel_processinstance")
    text = as_user(bob).get(reverse("processes:unassigned")).content.decode()
    assert "Walk left" in text
    assert 'class="assign"' not in text


def test_the_diagram_says_how_often_and_how_long(as_user, stuck, bob, pending, now):
    instance = instances.start_process(process=stuck, by=bob, now=now)
    end = now + timedelta(hours=2)
    steps.complete_step(step_id=pending(instance)[0].pk, by=bob, now=end, result="right")
    HumanStepFactory(
        instance=instance, element_id="choose", status="completed", closed_at=now + timedelta(hours=1)
    )
    response = as_user(bob).get(reverse("processes:instance", args=[instance.pk]))
    marks = json.loads(response.context["marks"])
    assert marks["elements"]["choose"] == {"completed": 2}
    assert marks["times"] == {"choose": {"text": "1 h 30 min", "title": "median 1 h 30 min, 3 h in total"}}
    [row] = [each for each in response.context["figures"] if each.element_id == "choose"]
    assert f'data-show-element="{row.element_id}"' in response.content.decode()


def test_what_an_administrator_does_to_an_element_is_previewed_and_its_reason_kept(
    as_user, failed, running, carol, admin
):
    client, step = as_user(admin), failed_step(failed)
    text = client.get(reverse("processes:retry", args=[step.pk])).content.decode()
    assert "Run “Way” again?" in text
    client.post(reverse("processes:retry", args=[step.pk]), {"reason": "The post works again"})
    assert "asked to run again. “The post works again”" in page(client, failed, tab="journal")
    asked = running.steps.get(status="pending")
    assert (
        "Goes on with</dt><dd>Way</dd>"
        in client.get(reverse("processes:skip", args=[asked.pk])).content.decode()
    )
    given = {"assignee": carol.pk, "reason": "Bob is ill"}
    client.post(reverse("processes:reassign", args=[asked.pk]), given)
    assert "went from Bob to Carol. “Bob is ill”" in page(client, running, tab="journal")

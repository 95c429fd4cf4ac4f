"""One by one through a list: done leads to the next one of it, whatever becomes of the list meanwhile."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity
from activities.services import create_activity
from notifications.models import Preference
from processes.models import ProcessStep
from processes.services import steps
from processes.services.definitions import deploy_file
from processes.services.instances import start_process
from tests.notifications.test_cards import order  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
LIST = "/activities/?sort=title"


@pytest.fixture
def bobs(client, bob):
    """His browser."""
    client.force_login(bob)
    return client


@pytest.fixture
def lines(order):  # noqa: F811
    """The three steps of one card, in order."""
    order(3)
    return list(ProcessStep.objects.pending().human().order_by("id"))


def begin(client, back=LIST) -> str:
    """Start on the panel; returns the page of the first stop."""
    return onward(client, client.post(reverse("notifications:walk"), {"next": back}))


def onward(client, answer) -> str:
    """Follow redirects to a page, which is then `client.page`, and return its address."""
    while answer.status_code == 302:
        address = answer["Location"]
        answer = client.get(address)
    assert answer.status_code == 200
    client.page = " ".join(answer.content.decode().split())
    return address


def done(client, address: str) -> str:
    """Finish the activity of this page as its form does; returns the page it leads to."""
    page, _, query = address.partition("?next=")
    came_from = query.replace("%2F", "/")
    return onward(client, client.post(f"{page}complete/", {"result": "", "next": came_from}))


def test_each_done_task_leads_to_the_next_and_the_last_one_back_to_the_list(bobs, lines):
    first = begin(bobs)
    assert first.startswith(f"/activities/{lines[0].activity_id}/?next=")
    assert "1 of 3" in bobs.page
    assert "walk-previous" not in bobs.page
    second = done(bobs, first)
    assert second.startswith(f"/activities/{lines[1].activity_id}/")
    assert "2 of 3" in bobs.page
    third = done(bobs, second)
    assert done(bobs, third) == LIST
    assert "nothing of the list is left" in bobs.page


def test_who_skips_and_goes_back_finds_what_still_waits(bobs, carol, lines):
    """A colleague finishes the second one meanwhile."""
    first = begin(bobs)
    token = first.split("walks%2F")[1].split("%2F")[0]
    steps.complete_step(step_id=lines[1].pk, by=carol, now=timezone.now())
    third = onward(bobs, bobs.get(f"/walks/{token}/1/"))
    assert third.startswith(f"/activities/{lines[2].activity_id}/")
    assert "3 of 3" in bobs.page
    assert onward(bobs, bobs.get(f"/walks/{token}/2/back/")) == first
    assert onward(bobs, bobs.get(f"/walks/{token}/0/back/")) == first
    assert onward(bobs, bobs.get(f"/walks/{token}/3/")) == LIST
    assert "2 tasks of it still wait" in bobs.page


def test_the_walk_is_the_list_as_it_is_filtered(bobs, bob, lines, role):
    Preference.objects.create(user=bob, process=lines[0].instance.process)
    begin(bobs)
    assert len(bobs.session["walks"][0]["stops"]) == 3
    ProcessStep.objects.filter(pk=lines[0].pk).update(starts_at=timezone.now() + timedelta(days=3))
    begin(bobs)
    assert [pk for _, pk in bobs.session["walks"][1]["stops"]] == [lines[1].pk, lines[2].pk]


def test_the_list_of_activities_is_walked_in_its_order_with_what_people_noted_themselves(bobs, bob, lines):
    call = create_activity(title="A call", starts_at=timezone.now(), due_at=None, by=bob, now=timezone.now())
    first = onward(bobs, bobs.post(reverse("activities:walk") + "?sort=title"))
    assert first.startswith(f"/activities/{call.pk}/")
    assert "1 of 4" in bobs.page
    second = done(bobs, first)
    assert second.startswith(f"/activities/{lines[0].activity_id}/")
    assert Activity.objects.get(pk=call.pk).status == "completed"
    assert bobs.session["walks"][0]["back"] == LIST


def test_a_walk_leads_nowhere_else_and_is_nobody_elses(bobs, client, mallory, lines):
    first = begin(bobs, back="https://evil.example/")
    assert bobs.session["walks"][0]["back"] == "/"
    token = first.split("walks%2F")[1].split("%2F")[0]
    client.force_login(mallory)
    assert onward(client, client.get(f"/walks/{token}/1/")) == reverse("activities:list")
    assert onward(client, client.post(reverse("notifications:walk"))) == reverse("activities:list")


def test_beside_a_walk_the_next_task_of_the_process_returns_to_where_one_came_from(bobs, bob, deploy_two):
    first, second = deploy_two
    answer = bobs.post(reverse("activities:complete", args=[first.activity_id]), {"result": "", "next": LIST})
    assert onward(bobs, answer) == f"/activities/{second().activity_id}/?next=%2Factivities%2F%3Fsort%3Dtitle"
    evil = bobs.post(
        reverse("activities:complete", args=[second().activity_id]), {"next": "https://evil.example/"}
    )
    assert evil["Location"] == reverse("activities:list")


@pytest.fixture
def deploy_two(role, bob):
    """A process of two tasks of bob's: the first one, and a look for the second."""

    source = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
      xmlns:portal="urn:bpm-portal:bpmn:1" targetNamespace="urn:test">
      <process id="two" name="Two" isExecutable="true"><startEvent id="s"/>
      <userTask id="a" portal:assignee="bob"/><userTask id="b" portal:assignee="bob"/><endEvent id="e"/>
      <sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="b"/>
      <sequenceFlow id="f3" sourceRef="b" targetRef="e"/></process></definitions>"""
    (version,) = deploy_file(source=source.encode(), by=None, now=timezone.now())
    admin = bob.__class__.objects.create_superuser("root")
    start_process(process=version.process, by=admin, now=timezone.now())
    return ProcessStep.objects.pending().get(element_id="a"), lambda: ProcessStep.objects.pending().get(
        element_id="b"
    )

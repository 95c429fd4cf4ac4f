"""The process library and the page of a process, as the cast sees them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from processes.models import Process, ProcessInstance, ProcessVersion
from processes.services.definitions import deploy_file
from processes.services.instances import start_process
from tests.factories import RoleFactory
from tests.processes.conftest import DIAGRAMS, allow, count_queries

pytestmark = pytest.mark.django_db


def library(client, **query):
    response = client.get(reverse("processes:library", query=query))
    return re.findall(r'class="list-title"[^>]*>([^<]*)</a>', response.content.decode())


def page(client, key="stuck"):
    return client.get(reverse("processes:process", args=[key]))


def deploy(client, name):
    file = SimpleUploadedFile(f"{name}.bpmn", (DIAGRAMS / f"{name}.bpmn").read_bytes())
    return client.post(reverse("processes:deploy"), {"file": file})


def test_one_sees_what_one_may_start(as_user, approval, stuck, bob, mallory):
    assert library(as_user(bob)) == ["Approval", "Choose a way"]
    assert library(as_user(bob), q="way") == ["Choose a way"]
    assert library(as_user(bob), enabled="no") == []
    assert library(as_user(mallory)) == []


def test_the_library_costs_the_same_however_many_there_are(
    as_user, stuck, deploy, bob, now, django_assert_num_queries
):
    client, url = as_user(bob), reverse("processes:library")
    with_one = count_queries(client, url)
    deploy("approval")
    start_process(process=stuck, by=bob, now=now)
    with django_assert_num_queries(with_one):
        text = client.get(url).content.decode()
    assert f'href="{reverse("processes:start", args=[stuck.pk])}"' in text
    assert "?process=stuck&amp;status=running" in text


def test_a_stranger_finds_no_page(as_user, stuck, mallory):
    client = as_user(mallory)
    assert page(client).status_code == 404
    for name in ("roles", "disable"):
        assert client.get(reverse(f"processes:{name}", args=["stuck"])).status_code == 404
    assert client.post(reverse("processes:enable", args=["stuck"])).status_code == 404
    assert client.get(reverse("processes:version", args=["stuck", 1])).status_code == 404
    assert deploy(client, "approval").status_code == 403
    assert Process.objects.get() == stuck


def test_the_page_shows_versions_and_gives_their_files(as_user, stuck, bob, admin, now):
    source = (DIAGRAMS / "stuck.bpmn").read_bytes() + b"\n"
    deploy_file(source=source, by=admin, now=now)
    text = page(as_user(bob)).content.decode()
    assert "Version 2" in text
    assert reverse("processes:version", args=["stuck", 2]) in text
    older = as_user(bob).get(reverse("processes:process", args=["stuck"], query={"version": 1}))
    assert older.context["version"].number == 1
    file = as_user(bob).get(reverse("processes:version", args=["stuck", 2]))
    assert file.content == source
    assert file["Content-Disposition"] == 'attachment; filename="stuck-v2.bpmn"'
    assert as_user(bob).get(reverse("processes:version", args=["stuck", 3])).status_code == 404


def test_the_page_says_how_many_of_each_version_run_and_where_they_are(
    as_user, stuck, bob, admin, now, django_assert_num_queries
):
    old = [start_process(process=stuck, by=bob, now=now) for _each in range(3)]
    ProcessInstance.objects.filter(pk=old[0].pk).update(status="failed")
    address = reverse("processes:process", args=["stuck"])
    client = as_user(admin)
    with_one = count_queries(client, address)
    deploy_file(source=(DIAGRAMS / "stuck.bpmn").read_bytes() + b"\n", by=admin, now=now)
    new = start_process(process=stuck, by=bob, now=now)
    with django_assert_num_queries(with_one):
        text = page(client).content.decode()
    found = re.findall(r'href="([^"]*version=[^"]*)">(\w+: \d+)<', text)
    assert [words for _url, words in found] == ["Running: 1", "Running: 2", "Failed: 1"]
    shown = [client.get(url.replace("&amp;", "&")).context["page"].items for url, _words in found]
    assert [{each.pk for each in items} for items in shown] == [
        {new.pk},
        {old[1].pk, old[2].pk},
        {old[0].pk},
    ]
    assert "version=" not in re.sub(r"[?]version=", "", page(as_user(bob)).content.decode())


def test_the_page_offers_what_its_reader_may_do(as_user, stuck, bob, admin):
    text = page(as_user(bob)).content.decode()
    assert reverse("processes:start", args=[stuck.pk]) in text
    assert reverse("processes:disable", args=["stuck"]) not in text
    assert reverse("processes:disable", args=["stuck"]) in page(as_user(admin)).content.decode()


def test_a_deployed_diagram_shows_its_warnings(as_user, admin):
    response = deploy(as_user(admin), "stuck")
    text = response.content.decode()
    assert response.status_code == 200
    assert "Deployed as version 1" in text
    assert "a token may get stuck" in text
    assert ProcessVersion.objects.get().process.key == "stuck"


def test_a_diagram_without_warnings_leads_to_its_page(as_user, admin, role):
    response = deploy(as_user(admin), "approval")
    assert response["Location"] == reverse("processes:process", args=["approval"])


def test_a_refused_diagram_lists_every_problem_and_stores_nothing(as_user, admin):
    response = deploy(as_user(admin), "refused")
    text = response.content.decode()
    assert response.status_code == 400
    assert "nothing of it was stored" in text
    assert "<code>dance</code>" in text
    assert "ends at “nowhere”" in text
    assert not Process.objects.exists()


def test_a_missing_file_is_asked_for(as_user, admin):
    response = as_user(admin).post(reverse("processes:deploy"))
    assert "Choose a BPMN file." in response.content.decode()


def test_administrators_say_who_may_start(as_user, stuck, bob, admin):
    other = RoleFactory(name="Buyers")
    url = reverse("processes:roles", args=["stuck"])
    assert as_user(bob).get(url).status_code == 403
    assert "Buyers" in as_user(admin).get(url).content.decode()
    as_user(admin).post(url, {"roles": [other.pk]})
    assert list(stuck.roles.all()) == [other]
    as_user(admin).post(url, {})
    assert not stuck.roles.exists()


def test_disabling_asks_what_becomes_of_running_instances(as_user, stuck, bob, admin, now):
    start_process(process=stuck, by=bob, now=now)
    url = reverse("processes:disable", args=["stuck"])
    text = as_user(admin).get(url).content.decode()
    assert "One instance is running" in text
    assert "1 performer: Bob" in text
    assert text.count('type="radio"') == 3
    assert as_user(bob).get(url).status_code == 403


def test_aborting_leaves_everything_as_it_was(as_user, stuck, bob, admin, now):
    instance = start_process(process=stuck, by=bob, now=now)
    as_user(admin).post(reverse("processes:disable", args=["stuck"]), {"running": "abort"})
    stuck.refresh_from_db()
    instance.refresh_from_db()
    assert (stuck.enabled, instance.status) == (True, "running")


def test_instances_finish_after_their_process_is_disabled(as_user, stuck, bob, admin, now):
    instance = start_process(process=stuck, by=bob, now=now)
    as_user(admin).post(reverse("processes:disable", args=["stuck"]), {"running": "finish"})
    stuck.refresh_from_db()
    instance.refresh_from_db()
    assert (stuck.enabled, instance.status) == (False, "running")
    assert "This process is disabled" in page(as_user(bob)).content.decode()
    as_user(admin).post(reverse("processes:enable", args=["stuck"]))
    stuck.refresh_from_db()
    assert stuck.enabled


def test_instances_are_cancelled_with_the_process_when_asked_to(as_user, stuck, bob, admin, now):
    start_process(process=stuck, by=bob, now=now)
    url = reverse("processes:disable", args=["stuck"])
    unexplained = as_user(admin).post(url, {"running": "cancel", "reason": " "})
    assert (unexplained.status_code, "Say why" in unexplained.content.decode()) == (400, True)
    assert Process.objects.get().enabled
    as_user(admin).post(url, {"running": "cancel", "reason": "Season over"})
    instance = ProcessInstance.objects.get()
    assert (instance.status, instance.cancel_reason, instance.cancelled_by) == (
        "cancelled",
        "Season over",
        admin,
    )


def test_who_may_not_cancel_is_offered_no_cancellation(as_user, stuck, bob, now):
    start_process(process=stuck, by=bob, now=now)
    bob = allow(bob, "disable_process")
    url = reverse("processes:disable", args=["stuck"])
    assert "not allowed to cancel" in as_user(bob).get(url).content.decode()
    assert as_user(bob).post(url, {"running": "cancel", "reason": "x"}).status_code == 403
    stuck.refresh_from_db()
    assert stuck.enabled

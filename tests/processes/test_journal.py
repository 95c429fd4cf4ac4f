"""The audit trail of an instance: narrowed, paged, as a file; who did what, and in whose name."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from processes.models import ProcessEvent
from processes.services import handing, instances, steps
from tests.processes.conftest import allow

pytestmark = pytest.mark.django_db


@pytest.fixture
def worked(approval, contract, bob, carol, admin, now, pending):
    """Bob starts, the administrator hands the first task to carol, who does it the next day."""
    instance = instances.start_process(process=approval, by=bob, now=now, record=contract)
    [step] = pending(instance)
    handing.reassign_step(step_id=step.pk, assignee=carol, by=admin, now=now)
    steps.complete_step(step_id=step.pk, by=carol, now=now + timedelta(days=1), result="ready")
    return instance


def told(client, instance, **query):
    """The sentences, the latest first."""
    url = reverse("processes:instance", args=[instance.pk], query={"tab": "journal", **query})
    return [entry.text for entry in client.get(url).context["entries"]]


def test_it_is_narrowed_to_a_person_an_action_an_element_and_days(as_user, worked, bob, carol, admin):
    client = as_user(admin)
    assert told(client, worked, action="handed") == ["“Prepare” went from Bob to Carol."]
    assert told(client, worked, person=carol.pk, action="did") == ["“Prepare” is done."]
    assert told(client, worked, person=bob.pk, action="did") == []
    assert {"“Prepare” is done.", "“Prepare” has begun."} <= set(told(client, worked, element="prepare"))
    assert not any("Decide" in text for text in told(client, worked, element="prepare"))
    assert "The process has started." in told(client, worked, until="2026-03-02")
    assert "The process has started." not in told(client, worked, since="2026-03-03")
    assert told(client, worked, person="nonsense", since="x") == told(client, worked)


def test_what_was_done_in_the_name_of_somebody_is_found_under_both(as_user, worked, bob, carol, admin):
    ProcessEvent.objects.filter(kind="step-completed").update(on_behalf_of=bob)
    client = as_user(admin)
    assert told(client, worked, person=carol.pk, action="did") == ["“Prepare” is done."]
    assert told(client, worked, person=bob.pk, action="did") == ["“Prepare” is done."]


def test_the_file_has_what_the_filters_leave(as_user, worked, bob, carol, admin, mallory):
    ProcessEvent.objects.filter(kind="step-completed").update(on_behalf_of=bob)
    url = reverse("processes:journal-export", args=[worked.pk], query={"element": "prepare"})
    text = b"".join(as_user(admin).get(url).streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["element"] for row in rows} == {"prepare"}
    [done] = [row for row in rows if row["event"] == "step-completed"]
    assert (done["who"], done["on_behalf_of"], done["text"]) == ("Carol", "Bob", "“Prepare” is done.")
    assert done["time"].startswith("2026-03-03T09:00")
    assert as_user(mallory).get(url).status_code == 404


def test_pages_go_on_where_the_last_one_ended(as_user, worked, admin, now):
    allow(admin)
    for number in range(60):
        ProcessEvent.objects.create(instance=worked, kind=f"bell-{number}", at=now)
    client = as_user(admin)
    url = reverse("processes:instance", args=[worked.pk], query={"tab": "journal"})
    page = client.get(url).context["page"]
    rest = told(client, worked, cursor=page.next_cursor)
    assert len(page) == 50
    assert "Bell 9" in rest
    assert "Bell 10" not in rest

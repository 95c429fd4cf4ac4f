"""The journal of all processes: who did what, when, and in whose name, found without knowing the instance."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from processes.models import ProcessEvent
from processes.services import definitions, handing, instances, steps
from tests.factories import RoleFactory
from tests.processes.conftest import allow, count_queries

pytestmark = pytest.mark.django_db
URL = reverse("processes:audit")


@pytest.fixture
def worked(approval, stuck, contract, bob, carol, admin, now, pending):
    """Two instances: of one the administrator hands a task to carol, who does it the next day; bob runs the other."""
    instance = instances.start_process(process=approval, by=bob, now=now, record=contract)
    [step] = pending(instance)
    handing.reassign_step(step_id=step.pk, assignee=carol, by=admin, now=now)
    steps.complete_step(step_id=step.pk, by=carol, now=now + timedelta(days=1), result="ready")
    other = instances.start_process(process=stuck, by=bob, now=now + timedelta(days=2))
    steps.complete_step(step_id=pending(other)[0].pk, by=bob, now=now + timedelta(days=2), result="right")
    return instance


def told(client, **query):
    """The sentences, the latest first."""
    answer = client.get(URL, {"since": "", **query})
    return [entry.text for entry in answer.context["entries"]]


def test_what_a_person_did_is_found_in_all_processes(as_user, worked, bob, carol, admin):
    client = as_user(admin)
    assert told(client, person=carol.pk, action="did") == ["“Prepare” is done."]
    assert told(client, person=bob.pk, action="did") == ["“Which way?” is done."]
    assert told(client, action="did") == ["“Which way?” is done.", "“Prepare” is done."]
    assert told(client, action="did", process="approval") == ["“Prepare” is done."]
    assert told(client, action="did", since="2026-03-04") == ["“Which way?” is done."]
    assert told(client, action="intervened") == ["“Prepare” went from Bob to Carol."]
    assert told(client, person="nonsense", action="x", since="y") == told(client)


def test_what_was_done_in_the_name_of_somebody_is_found_by_both_and_by_itself(
    as_user, worked, bob, carol, admin
):
    ProcessEvent.objects.filter(kind="step-completed", by=carol).update(on_behalf_of=bob)
    client = as_user(admin)
    assert told(client, in_a_name="on") == ["“Prepare” is done."]
    assert told(client, person=carol.pk, action="did") == ["“Prepare” is done."]
    assert told(client, person=bob.pk, action="did") == ["“Which way?” is done.", "“Prepare” is done."]
    assert "Carol on behalf of Bob" in client.get(URL, {"since": "", "in_a_name": "on"}).content.decode()


def test_each_entry_leads_to_its_instance(as_user, worked, admin):
    text = as_user(admin).get(URL, {"since": "", "action": "did"}).content.decode()
    assert f"{reverse('processes:instance', args=[worked.pk])}?tab=journal" in text
    assert worked.caption in text


def test_without_a_first_day_it_begins_some_weeks_ago_and_says_so(as_user, worked, admin):
    answer = as_user(admin).get(URL)
    first = timezone.localdate() - timedelta(days=30)
    assert f'value="{first.isoformat()}"' in answer.content.decode()
    assert answer.context["entries"] == []


def test_the_file_has_what_the_filters_leave(as_user, worked, carol, admin):
    url = reverse("processes:audit-export", query={"since": "", "person": carol.pk, "action": "did"})
    text = b"".join(as_user(admin).get(url).streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["instance"], row["process"], row["who"]) == (str(worked.pk), "approval", "Carol")
    assert (row["event"], row["text"]) == ("step-completed", "“Prepare” is done.")


def test_pages_go_on_where_the_last_one_ended_in_as_few_statements(as_user, worked, bob, admin, now):
    for number in range(60):
        ProcessEvent.objects.create(instance=worked, kind=f"bell-{number}", at=now, by=bob)
    client = as_user(admin)
    page = client.get(URL, {"since": "", "person": bob.pk}).context["page"]
    rest = told(client, person=bob.pk, cursor=page.next_cursor)
    assert len(page) == 50
    assert "Bell 0" in rest
    assert count_queries(client, f"{URL}?since=&person={bob.pk}") <= 16


def test_it_is_for_process_administrators(as_user, worked, bob, mallory):
    for user in (bob, mallory):
        assert as_user(user).get(URL).status_code == 403
        assert as_user(user).get(reverse("processes:audit-export")).status_code == 403
    assert as_user(allow(bob, "run_processinstance")).get(URL).status_code == 200


def test_what_is_done_to_a_process_itself_is_written_down(as_user, stuck, role, bob, admin, now):
    clerks = RoleFactory(name="Clerks")
    start = {"process": stuck, "by": admin, "now": now + timedelta(hours=1)}
    definitions.disable_process(running="finish", **start)
    definitions.enable_process(**start)
    definitions.enable_process(**start)  # nothing to tell
    instances.start_process(process=stuck, by=bob, now=now)
    definitions.disable_process(running="cancel", reason="Season over", **start)
    definitions.set_roles(roles=[clerks], **start)
    definitions.set_roles(roles=[clerks], **start)
    answer = as_user(admin).get(reverse("processes:changes"))
    assert [entry.text for entry in answer.context["entries"]] == [
        "Who may start it: until then Sales managers, from then on Clerks.",
        "The process was disabled and what was running cancelled: Season over",
        "The process was enabled.",
        "The process was disabled; what was running goes on.",
        "Version 1 was deployed.",
    ]
    assert {entry.who for entry in answer.context["entries"][:4]} == {str(admin)}
    text = as_user(admin).get(reverse("processes:process", args=["stuck"])).content.decode()
    assert "Season over" in text
    assert (
        "Season over" not in as_user(bob).get(reverse("processes:process", args=["stuck"])).content.decode()
    )


def test_changes_of_processes_are_narrowed_too(as_user, stuck, approval, admin, now):
    definitions.disable_process(process=stuck, running="finish", by=admin, now=now + timedelta(days=2))
    client = as_user(admin)

    def found(**query):
        page = client.get(reverse("processes:changes"), query)
        return [(entry.change.process.key, entry.change.kind) for entry in page.context["entries"]]

    assert found(person=admin.pk) == [("stuck", "disabled")]
    assert found(process="approval") == [("approval", "deployed")]
    assert found(since="2026-03-04") == [("stuck", "disabled")]
    assert found(until="2026-03-01", process="x") == []

"""`/api/v1/instances/`: the log for programs."""

import pytest

from processes.models import ProcessInstance
from processes.services import instances, steps
from tests.processes.conftest import allow

pytestmark = pytest.mark.django_db
URL = "/api/v1/instances/"


@pytest.fixture
def running(stuck, bob, now):
    return instances.start_process(process=stuck, by=bob, now=now, variables={"depth": 3})


def test_an_instance_says_where_it_stands_and_what_it_waits_for(api, running, bob, pending):
    body = api(bob).get(f"{URL}{running.pk}/").json()
    step = pending(running)[0]
    assert body["status"] == "running"
    assert (body["ended_at"], body["duration"]) == (None, None)
    assert body["variables"] == {"depth": 3}
    [waiting] = body["waiting_for"]
    assert (waiting["step"], waiting["element_id"], waiting["waits_on"]) == (step.pk, "choose", "activity")
    assert waiting["performer"] == {"assignee": "bob", "role": None}
    assert waiting["sentence"].startswith("Waits for Bob to answer “Which way?”, since ")


def test_a_completed_instance_has_its_duration_in_seconds(api, running, bob, pending, now):
    steps.complete_step(step_id=pending(running)[0].pk, by=bob, now=now, result="right")
    instances.finish_instance(instance_id=running.pk, now=now)
    body = api(bob).get(f"{URL}{running.pk}/").json()
    assert (body["status"], body["duration"], body["waiting_for"]) == ("completed", 0.0, [])
    assert body["variables"]["choose"] == "right"


def test_the_list_is_narrowed_by_its_filters(api, running, failed, approval, bob, contract, now):
    other = instances.start_process(process=approval, by=bob, now=now, record=contract)
    ask = lambda **query: [found["id"] for found in api(bob).get(URL, query).json()["results"]]  # noqa: E731
    assert ask() == [other.pk, failed.pk, running.pk]
    assert ask(status="failed") == [failed.pk]
    assert ask(process="approval") == [other.pk]
    assert ask(record=contract.pk) == [other.pk]
    assert ask(record=10**30) == []
    assert ask(q="contract 7") == [other.pk]
    assert ask(starter="alice") == []
    assert api(bob).get(URL, {"status": "sleeping"}).status_code == 400


def test_pages_follow_by_cursor(api, running, failed, bob):
    first = api(bob).get(URL, {"page_size": 1}).json()
    assert [found["id"] for found in first["results"]] == [failed.pk]
    assert [found["id"] for found in api(bob).get(first["next"]).json()["results"]] == [running.pk]


def test_the_list_costs_the_same_however_many_there_are(api, stuck, bob, now, django_assert_max_num_queries):
    for _ in range(4):
        instances.start_process(process=stuck, by=bob, now=now)
    client = api(bob)
    with django_assert_max_num_queries(6):  # token, rights, ways to instances, instances, steps
        assert len(client.get(URL).json()["results"]) == 4


def test_a_stranger_sees_no_instance(api, running, mallory):
    assert api(mallory).get(URL).json()["results"] == []
    for call in ("", "steps/", "events/"):
        assert api(mallory).get(f"{URL}{running.pk}/{call}").status_code == 404
    assert api(mallory).post(f"{URL}{running.pk}/cancel/", {"reason": "x"}, format="json").status_code == 404
    running.refresh_from_db()
    assert running.status == "running"


def test_cancelling_closes_everything_and_is_refused_the_second_time(api, running, bob, admin, pending):
    url = f"{URL}{running.pk}/cancel/"
    assert api(bob).post(url, {"reason": "Mine"}, format="json").status_code == 403
    assert api(admin).post(url, {"reason": " "}, format="json").status_code == 400
    answer = api(admin).post(url, {"reason": "Wrong record"}, format="json")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["status"], body["cancelled_by"], body["cancel_reason"]) == (
        "cancelled",
        "admin",
        "Wrong record",
    )
    assert pending(running) == []
    again = api(admin).post(url, {"reason": "Once more"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "instance_ended")


def test_steps_and_events_tell_the_story(api, failed, bob):
    found = api(bob).get(f"{URL}{failed.pk}/steps/").json()["results"]
    assert [(step["element_id"], step["status"]) for step in found] == [
        ("fork", "failed"),
        ("choose", "completed"),
        ("start", "completed"),
    ]
    assert found[0]["error"]
    events = api(bob).get(f"{URL}{failed.pk}/events/").json()["results"]
    assert events[-1]["text"] == "The process has started."
    assert any(e["kind"] == "step-failed" and "“Way” has failed:" in e["text"] for e in events)
    assert {event["by"] for event in events} == {"bob"}


def test_a_performer_sees_his_own_steps_of_somebody_elses_instance(
    api, approval, alice, bob, role, now, pending
):
    alice.groups.add(role)
    instance = instances.start_process(process=approval, by=alice, now=now)
    alice.groups.remove(role)
    carol_like = bob  # shares the role that answers the second step
    assert api(carol_like).get(f"{URL}{instance.pk}/").status_code == 404
    steps.complete_step(step_id=pending(instance)[0].pk, by=alice, now=now, result="ready")
    assert api(carol_like).get(f"{URL}{instance.pk}/").status_code == 200
    seen = api(carol_like).get(f"{URL}{instance.pk}/steps/").json()["results"]
    assert [step["element_id"] for step in seen] == ["decide"]


def test_process_administrators_see_every_instance(api, running, mallory):
    mallory = allow(mallory, "cancel_processinstance")
    assert api(mallory).get(f"{URL}{running.pk}/").status_code == 200
    assert ProcessInstance.objects.visible_to(mallory).count() == 1

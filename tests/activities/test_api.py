"""The API: the same rules as on the page, errors in one shape, nothing of others."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from activities.models import Activity
from bpm_portal.common.errors import Conflict
from tests import factories

LIST = "/api/v1/activities/"


def client(user):
    api = APIClient()
    api.force_authenticate(user)
    return api


def address(activity, action=""):
    return f"{LIST}{activity.pk}/{action}"


def titles(response):
    assert response.status_code == 200, response.data
    return [row["title"] for row in response.data["results"]]


def test_without_signing_in_there_is_nothing(db):
    response = APIClient().get(LIST)
    assert response.status_code == 401
    assert response.data["code"] == "not_authenticated"


def test_the_list_is_narrowed_by_what_is_asked(task, managed, record, role, alice, bob, now):
    factories.ActivityFactory(title="Of the role", role=role, record=record, category="call")
    factories.ActivityFactory(title="Done", owner=bob, status="completed", closed_at=now)
    api = client(bob)
    everything = ["Done", "Of the role", "Get the contract signed", "Call the client"]
    assert titles(api.get(LIST)) == everything
    assert titles(api.get(LIST, {"mine": "true", "status": "open"})) == everything[1:]
    assert titles(api.get(LIST, {"status": "final"})) == ["Done"]
    assert titles(api.get(LIST, {"status": "completed"})) == ["Done"]
    assert titles(api.get(LIST, {"category": "call"})) == ["Of the role"]
    assert titles(api.get(LIST, {"record": record.pk})) == ["Of the role"]
    assert titles(api.get(LIST, {"q": "CLIENT"})) == ["Call the client"]
    assert titles(api.get(LIST, {"q": "alpha"})) == ["Of the role"]
    assert titles(api.get(LIST, {"record": 10**30})) == []
    assert titles(client(alice).get(LIST)) == ["Call the client"]
    assert titles(client(alice).get(LIST, {"mine": "true"})) == []


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_a_moment_that_some_time_zone_has_no_date_for_is_refused(bob, task, moment):
    """Whoever reads in such a zone got an error page in place of the whole list."""
    api = client(bob)
    for field, answer in (
        ("starts_at", api.post(LIST, {"title": "For ever", "starts_at": moment})),
        ("due_at", api.post(LIST, {"title": "For ever", "starts_at": "2026-01-01T10:00Z", "due_at": moment})),
        ("until", api.post(address(task, "postpone/"), {"until": moment})),
    ):
        assert (answer.status_code, list(answer.json()["detail"])) == (400, [field])
    assert "between 2 and 9998" in answer.json()["detail"]["until"][0]


def test_a_moment_without_a_zone_is_by_the_callers_clock(bob):
    type(bob).objects.filter(pk=bob.pk).update(time_zone="Asia/Tokyo")
    token = Token.objects.create(user=bob).key
    api = APIClient(headers={"Authorization": f"Token {token}"})
    answer = api.post(LIST, {"title": "Early", "starts_at": "2026-03-03T08:00"})
    assert answer.json()["starts_at"] == "2026-03-03T08:00:00+09:00"
    assert Activity.objects.get(title="Early").starts_at.isoformat() == "2026-03-02T23:00:00+00:00"


@pytest.mark.parametrize("path", ["activities/", "steps/", "instances/", "records/"])
@pytest.mark.parametrize("cursor", ["xx", "cD1hYmM="])
def test_a_cursor_that_no_page_has_given_is_refused(bob, path, cursor):
    answer = client(bob).get(f"/api/v1/{path}?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["detail"]) == ["cursor"]


def test_numbers_without_end_name_nothing(bob):
    for number in (10**17, 10**18, 10**30, "9" * 5000):
        assert client(bob).get(f"{LIST}{number}/").status_code == 404
        assert client(bob).post(f"{LIST}{number}/complete/").status_code == 404


@pytest.mark.parametrize(
    "query", [{"status": "lost"}, {"record": "x"}, {"record": "1.5"}, {"category": "party"}, {"q": "\x00"}]
)
def test_a_filter_that_makes_no_sense_is_refused(bob, query):
    response = client(bob).get(LIST, query)
    assert (response.status_code, response.data["code"]) == (400, "invalid")
    assert set(response.data["detail"]) == set(query)


def test_the_list_costs_the_same_for_fifty_rows(bob, role, record, django_assert_num_queries):
    factories.ActivityFactory.create_batch(50, owner=bob, author=bob, role=role, record=record)
    api = client(bob)
    api.get(LIST)
    bob = type(bob).objects.get(pk=bob.pk)  # without what is remembered about him
    with django_assert_num_queries(5):  # what he may and whom he stands in for, what he sees (2), rows (2)
        response = client(bob).get(LIST, {"page_size": 50})
    assert len(response.data["results"]) == 50


def test_one_activity_is_shown_whole(task, bob):
    body = client(bob).get(address(task)).data
    assert body["owner"] == "bob"
    assert body["author"] == "alice"
    assert body["url"] == f"/activities/{task.pk}/"
    assert body["managed"] is False
    assert body["closed_by"] is None


def test_adding_one_for_oneself_and_for_others(bob, alice, record, role):
    api = client(bob)
    response = api.post(LIST, {"title": "Call back", "starts_at": "2026-03-02T09:00:00Z"}, format="json")
    assert response.status_code == 201, response.data
    assert (response.data["owner"], response.data["author"]) == ("bob", "bob")
    response = api.post(
        LIST,
        {
            "title": "Sign it",
            "starts_at": "2026-03-02T09:00:00Z",
            "due_at": "2026-03-02T10:00:00Z",
            "role": "Sales managers",
            "record": record.pk,
            "allowed_results": [{"code": "yes", "label": "Signed", "outcome": "success"}],
        },
        format="json",
    )
    made = Activity.objects.get(pk=response.data["id"])
    assert (made.owner, made.role, made.record_caption) == (None, role, "Contract with Alpha Ltd")
    assert made.allowed_results == [{"code": "yes", "label": "Signed", "outcome": "success"}]


def test_what_does_not_fit_is_told_by_field(bob, alice, record):
    api = client(alice)  # she may not see the section of the record
    body = {"title": "Call", "starts_at": "2026-03-02T09:00:00Z"}
    for wrong in ({"record": record.pk}, {"record": 10**30}, {"owner": "nobody"}, {"title": ""}):
        response = api.post(LIST, body | wrong, format="json")
        assert (response.status_code, response.data["code"]) == (400, "invalid"), response.data
        assert set(response.data["detail"]) == set(wrong)
    response = api.post(LIST, body | {"due_at": "2026-03-01T09:00:00Z"}, format="json")
    assert (response.status_code, set(response.data["detail"])) == (400, {"due_at"})
    assert not Activity.objects.exists()


def test_only_fields_that_people_set_are_changed(task, managed, bob):
    api = client(bob)
    response = api.patch(
        address(task), {"title": "Write", "status": "completed", "author": "bob"}, format="json"
    )
    assert response.status_code == 200
    assert (response.data["title"], response.data["status"], response.data["author"]) == (
        "Write",
        "not_started",
        "alice",
    )
    response = api.patch(address(managed), {"title": "Other"}, format="json")
    assert (response.status_code, response.data["code"]) == (409, "managed_activity")
    assert api.put(address(task), {}).status_code == 405
    assert api.delete(address(task)).status_code == 405


def test_completing_tells_where_to_go_next(task, managed, manager, bob):
    api = client(bob)
    response = api.post(address(task, "complete/"), {"result": "reached", "details": "Soon."}, format="json")
    assert (response.status_code, response.data) == (200, {"next_url": "", "count": None})
    response = api.post(address(managed, "complete/"), {"result": "signed"}, format="json")
    assert (response.status_code, response.data) == (200, {"next_url": "/steps/8/", "count": 4})


def test_the_second_to_finish_gets_409_with_who_and_when(task, alice, bob):
    client(bob).post(address(task, "complete/"), {}, format="json")
    response = client(alice).post(address(task, "complete/"), {"result": "missed"}, format="json")
    assert (response.status_code, response.data["code"]) == (409, "activity_already_closed")
    task.refresh_from_db()
    assert response.data["detail"]["by"] == "Bob"
    assert response.data["detail"]["at"] == task.closed_at.isoformat()
    assert response.data["message"].startswith("Bob completed this activity")


def test_what_the_manager_refuses_is_passed_on(managed, manager, bob):
    manager.error = Conflict("Too late.", by="Carol")
    response = client(bob).post(address(managed, "complete/"), {"result": "signed"}, format="json")
    assert (response.status_code, response.data) == (
        409,
        {"code": "conflict", "message": "Too late.", "detail": {"by": "Carol"}},
    )


def test_the_way_of_an_activity_through_the_api(role, alice, bob, carol):
    activity = factories.ActivityFactory(role=role, author=alice)
    api, until = client(bob), timezone.now() + timedelta(days=1)
    assert api.post(address(activity, "take/")).data["owner"] == "bob"
    assert client(carol).post(address(activity, "take/")).data["code"] == "already_taken"
    assert api.post(address(activity, "start/")).data["status"] == "in_progress"
    response = api.post(address(activity, "postpone/"), {"until": until.isoformat()}, format="json")
    assert response.data["starts_at"] == until.isoformat().replace("+00:00", "Z")
    assert api.post(address(activity, "give-back/")).data["owner"] is None
    response = api.post(address(activity, "reassign/"), {"assignee": "alice"}, format="json")
    assert response.status_code == 204
    assert api.get(address(activity)).status_code == 404  # hers alone now
    response = client(alice).post(address(activity, "cancel/"), {"reason": "Done before."}, format="json")
    assert (response.data["status"], response.data["result_details"]) == ("cancelled", "Done before.")
    assert response.data["closed_by"] == "alice"


def test_reassigning_to_both_or_to_nobody_is_refused(task, bob, role):
    for body in (
        {},
        {"assignee": "bob", "role": "Sales managers"},
        {"assignee": None},
        {"assignee": "nobody"},
    ):
        response = client(bob).post(address(task, "reassign/"), body, format="json")
        assert (response.status_code, response.data["code"]) == (400, "invalid")


ACTIONS = ["complete/", "cancel/", "start/", "postpone/", "reassign/", "take/", "give-back/"]
BODY = {"until": "2100-01-01T00:00:00Z", "assignee": "mallory", "title": "Mine"}


@pytest.mark.parametrize("action", ACTIONS)
def test_mallory_finds_nothing(task, managed, manager, mallory, action):
    api = client(mallory)
    for activity in (task, managed):
        for response in (
            api.post(address(activity, action), BODY, format="json"),
            api.get(address(activity)),
            api.patch(address(activity), BODY, format="json"),
        ):
            assert (response.status_code, response.data["code"]) == (404, "not_found")
    assert titles(api.get(LIST)) == []
    assert manager.calls == []


@pytest.mark.parametrize("action", ["complete/", "cancel/", "start/", "postpone/", "reassign/", "take/"])
def test_one_who_sees_but_may_not_act_is_told_so(task, record, carol, action):
    task.record = record
    task.save()
    response = client(carol).post(address(task, action), BODY | {"assignee": "carol"}, format="json")
    assert (response.status_code, response.data["code"]) == (403, "forbidden")
    task.refresh_from_db()
    assert (task.status, task.owner.username) == ("not_started", "bob")

"""`/api/v1/steps/`: the work itself."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from processes.models import ProcessStep
from processes.services import instances, steps
from records.models import RecordField
from tests import factories
from tests.processes.conftest import allow

pytestmark = pytest.mark.django_db
URL = "/api/v1/steps/"


@pytest.fixture
def at_question(approval, contract, bob, now, pending):
    """Waits for anyone of bob's role to decide."""
    instance = instances.start_process(process=approval, by=bob, now=now, record=contract)
    steps.complete_step(step_id=pending(instance)[0].pk, by=bob, now=now, result="ready")
    return pending(instance)[0]


def post(client, step, call, **body):
    return client.post(f"{URL}{step.pk}/{call}/", body, format="json")


def test_a_step_says_what_it_is_and_what_completes_it(api, at_question, bob, contract):
    step = at_question
    body = api(bob).get(f"{URL}{step.pk}/").json()
    assert (body["kind"], body["element_id"], body["name"]) == ("user-question", "decide", "Decide")
    assert (body["status"], body["waits_on"]) == ("pending", "activity")
    assert body["performer"] == {"assignee": None, "role": "Sales managers"}
    assert (body["activity"], body["record"]) == (step.activity_id, contract.pk)
    assert body["page_url"] == f"/steps/{step.pk}/"
    assert body["answer_schema"]["properties"]["result"] == {"enum": ["yes", "no"]}


def test_completing_leads_to_my_next_step(api, at_question, bob, pending):
    answer = post(api(bob), at_question, "complete", result="yes", details="Fine")
    [following] = pending(at_question.instance)
    led = {"next_step": following.pk, "next_url": f"/steps/{following.pk}/", "count": 1}
    assert led.items() <= answer.json().items()
    signed = post(
        api(bob), following, "complete", result="signed", variables={"place": "Minsk", "fee": "12.50"}
    )
    assert {"next_step": None, "next_url": "", "count": 0}.items() <= signed.json().items()
    closed = api(bob).get(f"{URL}{following.pk}/").json()
    assert (closed["status"], closed["closed_by"], closed["result"]) == ("completed", "bob", "signed")
    assert closed["answer_schema"] is None


def test_second_person_to_finish_is_told_who_won(api, at_question, bob, carol):
    post(api(carol), at_question, "complete", result="yes")
    late = post(api(bob), at_question, "complete", result="no")
    assert (late.status_code, late.json()["code"]) == (409, "step_already_closed")
    assert late.json()["detail"]["by"] == "Carol"
    assert late.json()["detail"]["at"]
    assert "Carol" in late.json()["message"]


def test_a_wrong_answer_is_refused_by_field(api, at_question, bob):
    answer = post(api(bob), at_question, "complete", result="perhaps")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert "result" in answer.json()["detail"]
    assert post(api(bob), at_question, "complete", result={"a": [1.5]}).status_code == 400


def test_a_stranger_can_do_nothing(api, at_question, mallory):
    client = api(mallory)
    assert client.get(URL).json()["results"] == []
    assert client.get(f"{URL}{at_question.pk}/").status_code == 404
    until = (timezone.now() + timedelta(days=1)).isoformat()
    calls = {
        "complete": {"result": "yes"},
        "take": {},
        "give-back": {},
        "reassign": {"role": "Sales managers"},
        "postpone": {"until": until},
        "retry": {},
        "skip": {"reason": "x"},
    }
    for call, body in calls.items():
        answer = post(client, at_question, call, **body)
        assert (call, answer.status_code, answer.json()["code"]) == (call, 404, "not_found")
    assert client.get(f"/api/v1/records/{at_question.activity.record_id}/pending-steps/").status_code == 404


def test_a_step_is_taken_once_and_given_back(api, at_question, bob, carol):
    taken = post(api(bob), at_question, "take")
    assert taken.json()["performer"] == {"assignee": "bob", "role": "Sales managers"}
    refused = post(api(carol), at_question, "take")
    assert (refused.status_code, refused.json()["code"]) == (409, "step_taken")
    assert "Bob" in refused.json()["message"]
    back = post(api(bob), at_question, "give-back")
    assert back.json()["performer"] == {"assignee": None, "role": "Sales managers"}


def test_reassigning_names_exactly_one(api, at_question, bob, carol, mallory):
    assert post(api(bob), at_question, "reassign").status_code == 400
    assert post(api(bob), at_question, "reassign", assignee="nobody").status_code == 400
    answer = post(api(bob), at_question, "reassign", assignee="carol")
    assert answer.json()["performer"] == {"assignee": "carol", "role": None}
    gone = post(api(carol), at_question, "reassign", assignee="mallory")
    assert (gone.status_code, gone.content) == (204, b"")
    assert [s["id"] for s in api(mallory).get(URL, {"mine": "true"}).json()["results"]] == [at_question.pk]


def test_postponing_moves_the_start(api, at_question, bob):
    until = timezone.now() + timedelta(days=3)
    answer = post(api(bob), at_question, "postpone", until=until.isoformat())
    assert answer.status_code == 200
    at_question.refresh_from_db()
    assert at_question.starts_at == until
    past = post(api(bob), at_question, "postpone", until="2020-01-01T00:00:00Z")
    assert (past.status_code, list(past.json()["detail"])) == (400, ["until"])


def test_a_failed_element_is_retried_or_skipped_by_administrators_alone(api, failed, bob, admin):
    step = ProcessStep.objects.get(instance=failed, status="failed")
    assert post(api(bob), step, "retry").status_code == 403
    assert post(api(bob), step, "skip", reason="x").status_code == 403
    assert post(api(admin), step, "retry").json()["status"] == "failed"  # the condition has not changed
    assert post(api(admin), step, "skip").status_code == 400
    skipped = post(api(admin), step, "skip", reason="Right is right", flow="to_right")
    assert skipped.json()["status"] == "skipped"
    late = post(api(admin), step, "retry")
    assert (late.status_code, late.json()["code"]) == (409, "step_already_closed")
    failed.refresh_from_db()
    assert (failed.status, failed.ended_at is not None) == ("running", True)


def test_who_retries_what_has_not_failed_is_told_so(api, at_question, admin):
    """Not that another user had completed it: nobody has."""
    answer = post(api(admin), at_question, "retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_possible")
    assert answer.json()["message"] == "“Decide” has not failed."


def test_the_list_shows_what_waits_for_me(api, at_question, failed, bob, carol, contract):
    def ask(user, **query):
        return [found["id"] for found in api(user).get(URL, query).json()["results"]]

    assert ask(bob, mine="true") == [at_question.pk]
    assert ask(carol, mine="true") == [at_question.pk]
    assert ask(bob, status="failed", process="stuck") == [failed.steps.get(status="failed").pk]
    assert ask(bob, instance=at_question.instance_id, status="pending") == [at_question.pk]
    assert at_question.pk in ask(bob, record=contract.pk)
    assert ask(bob, record=10**40) == []


def test_the_list_costs_the_same_however_many_there_are(api, approval, bob, now, django_assert_num_queries):
    for _ in range(3):
        instances.start_process(process=approval, by=bob, now=now)
    client = api(bob)
    with django_assert_num_queries(4):  # token, permissions with roles, the ways to steps, steps
        assert len(client.get(URL, {"mine": "true"}).json()["results"]) == 3


def test_answers_that_speak_of_records_are_described_for_a_whole_page_at_once(
    api, bob, django_assert_num_queries
):
    deal = factories.RecordTypeFactory(code="deal")
    RecordField.objects.create(
        record_type=deal, code="customer", label="Customer", kind="lookup", lookup_type=deal
    )

    def open_three():
        asked = {"code": "customer", "type": "lookup", "record-type": "deal"}
        for kind, settings in (
            ("edit-record", {"edits": factories.RecordFactory(record_type=deal).pk}),
            ("edit-record", {"recordType": "deal"}),
            ("form", {"field": [asked]}),
        ):
            record = factories.RecordFactory(record_type=deal)
            factories.HumanStepFactory(
                kind=kind, settings=settings, waits_on="record", activity=None, record=record, assignee=bob
            )

    def ask():
        return client.get(URL, {"mine": "true"}).json()["results"]

    client = api(bob)
    open_three()
    ask()
    with CaptureQueriesContext(connection) as few:
        found = ask()
    statements = len(few)
    for step in found:
        assert step["answer_schema"] == client.get(f"{URL}{step['id']}/").json()["answer_schema"]
        described = step["answer_schema"]["properties"]["variables"]["properties"]["customer"]
        assert described["record-type"] == "deal"
    for _ in range(4):
        open_three()
    with django_assert_num_queries(statements):
        assert len(ask()) == 15


def test_a_step_whose_record_is_gone_is_listed_without_an_answer(api, bob):
    gone = {"edits": 10**9}
    record = factories.RecordFactory()
    factories.HumanStepFactory(
        kind="edit-record", settings=gone, waits_on="record", activity=None, record=record, assignee=bob
    )
    [found] = api(bob).get(URL, {"mine": "true"}).json()["results"]
    assert found["answer_schema"] is None


def test_a_record_names_its_pending_steps(api, at_question, contract, bob, admin):
    bob = allow(bob, "view_record")
    url = f"/api/v1/records/{contract.pk}/pending-steps/"
    assert [found["id"] for found in api(bob).get(url).json()["results"]] == [at_question.pk]
    post(api(bob), at_question, "complete", result="no")
    assert api(bob).get(url).json()["results"] == []
    assert api(admin).get("/api/v1/records/999999/pending-steps/").status_code == 404

"""`/api/v1/processes/`: the library, deployment, start, enable and disable."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from processes.models import Process, ProcessInstance
from processes.services.instances import start_process
from tests.processes.conftest import DIAGRAMS, allow

pytestmark = pytest.mark.django_db
URL = "/api/v1/processes/"


def upload(name):
    return {"file": SimpleUploadedFile(f"{name}.bpmn", (DIAGRAMS / f"{name}.bpmn").read_bytes())}


def test_a_process_is_shown_to_those_who_may_start_it(api, approval, stuck, bob):
    answer = api(bob).get(URL).json()
    assert [found["key"] for found in answer["results"]] == ["stuck", "approval"]
    shown = api(bob).get(f"{URL}approval/").json()
    assert shown == {
        "key": "approval",
        "name": "Approval",
        "enabled": True,
        "section": None,
        "version": 1,
        "running": 0,
        "roles": ["Sales managers"],
        "url": "/processes/approval/",
    }
    assert [p["key"] for p in api(bob).get(URL, {"q": "appr"}).json()["results"]] == ["approval"]
    assert api(bob).get(URL, {"enabled": "false"}).json()["results"] == []


def test_a_stranger_sees_no_process(api, approval, mallory):
    assert api(mallory).get(URL).json()["results"] == []
    for call in ("", "start/", "disable/", "enable/"):
        method = api(mallory).post if call else api(mallory).get
        answer = method(f"{URL}approval/{call}", {"running": "finish"}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert api(mallory).post(URL, upload("stuck")).status_code == 403
    assert Process.objects.get().key == "approval"


def test_the_list_costs_the_same_however_many_there_are(api, approval, stuck, bob, django_assert_num_queries):
    client = api(bob)
    with django_assert_num_queries(4):  # token, permissions with roles of bob, processes, their roles
        assert len(client.get(URL).json()["results"]) == 2


def test_a_diagram_is_deployed_with_its_warnings(api, admin):
    answer = api(admin).post(URL, upload("stuck"))
    assert answer.status_code == 201
    body = answer.json()
    assert (body["key"], body["version"]) == ("stuck", 1)
    assert [warning["code"] for warning in body["warnings"]] == ["split_no_default"]
    assert Process.objects.get(key="stuck").versions.get().deployed_by == admin


def test_a_refused_diagram_names_every_problem_at_once(api, admin):
    answer = api(admin).post(URL, upload("refused"))
    assert (answer.status_code, answer.json()["code"]) == (400, "diagram_refused")
    problems = answer.json()["detail"]["problems"]
    codes = {problem["code"] for problem in problems}
    assert {"unknown_kind", "flow_target"} <= codes
    assert all(set(problem) == {"severity", "code", "element", "line", "message"} for problem in problems)
    assert {p["element"]: p["line"] for p in problems if p["code"] == "unknown_kind"} == {"dance": 6}
    assert not Process.objects.exists()


def test_an_empty_or_missing_file_is_refused(api, admin):
    empty = api(admin).post(URL, {"file": SimpleUploadedFile("a.bpmn", b"")})
    assert (empty.status_code, empty.json()["detail"]["problems"][0]["code"]) == (400, "empty")
    missing = api(admin).post(URL, {}, format="multipart")
    assert (missing.status_code, missing.json()["code"]) == (400, "invalid")
    assert "file" in missing.json()["detail"]


def test_an_instance_is_started_with_exact_numbers(api, approval, contract, bob):
    bob = allow(bob, "view_record")
    answer = api(bob).post(
        f"{URL}approval/start/",
        b'{"variables": {"amount": 0.10, "big": 12345678901234567890.5}, "record": %d}' % contract.pk,
        content_type="application/json",
    )
    assert answer.status_code == 201
    body = answer.json()
    assert (body["status"], body["process"], body["caption"]) == (
        "running",
        "approval",
        "Approval of Contract 7",
    )
    assert (body["starter"], body["record"]) == ("bob", contract.pk)
    assert body["waiting_for"][0]["sentence"].startswith("Waits for Bob to do “Prepare”, since ")
    stored = ProcessInstance.objects.get().variables
    assert stored["amount"] == {"$decimal": "0.10"}
    assert stored["big"] == {"$decimal": "12345678901234567890.5"}
    assert body["variables"]["amount"] == 0.1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"variables": [1]}', "variables"),
        (b'{"variables": {"a": "\\u0000"}}', "variables"),
        (b'{"record": 999999}', "record"),
        (b'{"record": "x"}', "record"),
        (b'{"record": 1.0}', "record"),
    ],
)
def test_what_cannot_be_stored_is_refused(api, approval, bob, body, field):
    answer = api(bob).post(f"{URL}approval/start/", body, content_type="application/json")
    assert answer.status_code == 400
    assert field in answer.json()["detail"]
    assert not ProcessInstance.objects.exists()


@pytest.mark.parametrize("body", [b'{"variables": {"a": 1e999999999}}', b'{"a": NaN}', b"{", b"\xff"])
def test_malformed_json_is_refused(api, approval, bob, body):
    answer = api(bob).post(f"{URL}approval/start/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_a_process_is_not_started_by_a_form_whose_fields_nobody_reads(api, approval, bob):
    answer = api(bob).post(f"{URL}approval/start/", {"variables": "{}"}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert not ProcessInstance.objects.exists()


def test_somebody_elses_record_does_not_exist(api, approval, contract, bob):
    answer = api(bob).post(f"{URL}approval/start/", {"record": contract.pk}, format="json")
    assert answer.status_code == 400
    assert "record" in answer.json()["detail"]


def test_a_disabled_process_cannot_be_started(api, stuck, bob, admin):
    disabled = api(admin).post(f"{URL}stuck/disable/", {"running": "finish"}, format="json")
    assert (disabled.status_code, disabled.json()["enabled"]) == (200, False)
    refused = api(bob).post(f"{URL}stuck/start/", {}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "process_disabled")
    assert "Choose a way" in refused.json()["message"]
    assert api(admin).post(f"{URL}stuck/enable/").json()["enabled"] is True
    assert api(bob).post(f"{URL}stuck/start/", {}, format="json").status_code == 201


def test_disabling_cancels_running_instances_when_asked_to(api, stuck, bob, admin, now):
    running = start_process(process=stuck, by=bob, now=now)
    answer = api(admin).post(
        f"{URL}stuck/disable/", {"running": "cancel", "reason": "Season over"}, format="json"
    )
    shown = answer.json()["cancellation"]
    assert (shown["status"], shown["by"]) == ("done", "admin")
    assert shown["instances"] == {"pending": 0, "done": 1, "failed": 0, "skipped": 0}
    assert api(admin).get(f"/api/v1/cancellations/{shown['id']}/").json() == shown
    running.refresh_from_db()
    assert (running.status, running.cancel_reason) == ("cancelled", "Season over")


def test_disabling_needs_its_permission_and_cancelling_its_own(api, stuck, bob, now):
    start_process(process=stuck, by=bob, now=now)
    assert api(bob).post(f"{URL}stuck/disable/", {"running": "finish"}, format="json").status_code == 403
    bob = allow(bob, "disable_process")
    assert api(bob).post(f"{URL}stuck/disable/", {"running": "cancel"}, format="json").status_code == 403
    assert Process.objects.get().enabled
    assert api(bob).post(f"{URL}stuck/disable/", {"running": "abort"}, format="json").status_code == 400
    assert api(bob).post(f"{URL}stuck/disable/", {"running": "finish"}, format="json").status_code == 200


def test_without_a_token_nothing_is_shown(client, approval):
    answer = client.get(URL)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")

"""Every kind by the API: the schema says what is asked, an answer that is kept says what is missing."""

import pytest

from processes import pages
from tests.step_kinds.test_page import Weighing

ROLE = 'portal:role="Sales managers"'


@pytest.fixture
def program(visit, bob):
    """bob's program."""
    client = visit(bob)

    def call(method, address, body=None):
        return getattr(client, method)(f"/api/v1/{address}", body, content_type="application/json")

    return call


def test_an_edit_page_is_saved_until_it_fits(program, ask, contracts):
    when = '<portal:completeWhen label="it must be in force">=record.state = "in_force"</portal:completeWhen>'
    step = ask(f'portal:kind="edit-record" {ROLE} portal:recordType="contract"', when).step
    asked = program("get", f"steps/{step.pk}/").json()["answer_schema"]["properties"]["variables"]
    assert asked["required"] == ["state", "subject"]
    assert asked["properties"]["state"] == {"title": "State", "kind": "choice", "enum": ["draft", "in_force"]}
    kept = program("post", f"steps/{step.pk}/complete/", {"variables": {"subject": "Pipes"}}).json()
    assert (kept["is_done"], kept["next_step"]) == (False, step.pk)
    assert "it must be in force" in kept["note"]
    done = program("post", f"steps/{step.pk}/complete/", {"variables": {"state": "in_force"}}).json()
    assert (done["is_done"], done["note"], done["next_step"]) == (True, "", None)


@pytest.mark.parametrize(("codes", "needed"), [((), False), (("ok",), False), (("ok", "bad"), True)])
def test_the_result_of_a_task_is_asked_for_where_it_has_several(program, ask, codes, needed):
    results = "".join(f'<portal:result code="{code}" label="{code}"/>' for code in codes)
    step = ask(ROLE, results).step
    asked = program("get", f"steps/{step.pk}/").json()["answer_schema"]
    assert ("result" in asked.get("required", ())) is needed
    status = program("post", f"steps/{step.pk}/complete/", {}).status_code
    assert status == (400 if needed else 200)


def test_an_e_mail_needs_a_recipient_to_be_said(program, ask):
    step = ask(f'portal:kind="send-email" {ROLE} portal:to="ann@example.com" portal:subject="News"').step
    asked = program("get", f"steps/{step.pk}/").json()["answer_schema"]["properties"]["variables"]
    assert asked["properties"]["to"]["default"] == "ann@example.com"
    refused = program("post", f"steps/{step.pk}/complete/", {})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    letter = {"to": ["ann@example.com"], "body": "Hello"}
    assert program("post", f"steps/{step.pk}/complete/", {"variables": letter}).json()["is_done"] is False
    again = program("post", f"steps/{step.pk}/complete/", {"variables": letter})
    assert (again.status_code, again.json()["code"]) == (409, "step_in_work")


def test_an_approval_takes_its_comment(program, ask, contract):
    step = ask(f'portal:kind="approval" {ROLE}', record=contract).step
    assert program("post", f"steps/{step.pk}/complete/", {"result": "rejected"}).status_code == 400
    answer = {"result": "rejected", "details": "Too dear"}
    assert program("post", f"steps/{step.pk}/complete/", answer).status_code == 200
    assert program("get", f"steps/{step.pk}/").json()["result"] == "rejected"


def test_a_step_whose_page_is_gone_can_still_be_looked_at(program, ask, contract):
    pages.register(Weighing)
    try:
        step = ask(f'portal:kind="page" portal:page="weighing" {ROLE}', record=contract).step
        assert program("get", f"steps/{step.pk}/").json()["answer_schema"]["properties"]["result"]
    finally:
        pages.unregister("weighing")
    assert program("get", f"steps/{step.pk}/").json()["answer_schema"] is None

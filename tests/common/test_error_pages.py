"""Django's error pages: in the look of the portal, with a way out, even without a request."""

import json

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.views.defaults import bad_request, permission_denied

from bpm_portal.common.error_pages import page_not_found, server_error


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (lambda request: page_not_found(request, Exception()), 404),
        (lambda request: permission_denied(request, Exception()), 403),
        (lambda request: bad_request(request, Exception()), 400),
        (server_error, 500),
    ],
)
def test_an_error_page_says_a_sentence_and_offers_a_way_out(rf, view, status):
    response = view(rf.get("/nowhere/"))
    assert response.status_code == status
    page = response.content.decode()
    assert f"Code {status}" in page
    assert 'href="/"' in page
    assert "<h1>" in page


def test_an_expired_form_explains_itself(db):
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {})
    assert response.status_code == 403
    assert "The page has expired." in response.content.decode()


@pytest.mark.parametrize("path", ["nope/", "steps/-1/", "steps/abc/", f"steps/{10**30}/", "records/%00/"])
def test_a_program_is_told_in_its_own_way_that_there_is_no_such_thing(db, path):
    answer = Client().get(f"/api/v1/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert answer.json() == {
        "code": "not_found",
        "message": "It does not exist, or it is not yours to see.",
        "detail": {},
    }


def test_a_program_is_told_in_its_own_way_that_the_server_failed(rf):
    answer = server_error(rf.get("/api/v1/steps/"))
    assert (answer.status_code, json.loads(answer.content)["code"]) == (500, "server_error")


def test_no_page_holds_a_script_of_its_own():
    page = render_to_string("500.html")
    assert "<script>" not in page
    assert " onclick" not in page

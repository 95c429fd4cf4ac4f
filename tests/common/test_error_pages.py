"""Django's error pages: in the look of the portal, with a way out, even without a request."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error


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


def test_no_page_holds_a_script_of_its_own():
    page = render_to_string("500.html")
    assert "<script>" not in page
    assert " onclick" not in page

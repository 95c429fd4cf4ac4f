"""Errors become sentences: whole pages for people, messages for htmx; lost sessions lead to the door."""

import json
from types import SimpleNamespace

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.utils import timezone, translation
from django_htmx.middleware import HtmxDetails

from bpm_portal.common.errors import Conflict, Invalid
from bpm_portal.common.htmx import toast
from bpm_portal.common.middleware import (
    BusinessErrorMiddleware,
    PreferencesMiddleware,
    SignInAgainMiddleware,
)

ERROR = Conflict("%(by)s completed it first.", by="Carol <3")


@pytest.fixture
def request_of():
    """A request as it arrives at the inner middleware."""

    def make(user=None, **headers):
        request = RequestFactory().get("/steps/1/", headers=headers)
        request.user = user or SimpleNamespace(is_authenticated=False)
        request.htmx = HtmxDetails(request)
        return request

    return make


def refuse(request):
    return BusinessErrorMiddleware(lambda request: HttpResponse()).process_exception(request, ERROR)


def test_a_business_error_becomes_a_page_with_its_sentence_and_status(request_of):
    response = refuse(request_of())
    assert response.status_code == 409
    page = response.content.decode()
    assert "Carol &lt;3 completed it first." in page
    assert "<html" in page


def test_htmx_gets_a_message_that_joins_the_others(request_of):
    response = refuse(request_of(hx_request="true"))
    assert response.status_code == 409
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#toasts", "beforeend")
    page = response.content.decode()
    assert "Carol &lt;3 completed it first." in page
    assert "<html" not in page


@pytest.mark.parametrize("headers", [{}, {"hx_request": "true"}])
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Invalid(until="Choose a moment that lies ahead."), "Choose a moment that lies ahead."),
        (Invalid("There is no page “%(code)s”.", code="x"), "There is no page “x”."),
        (Invalid(problems=[{"line": 7}]), "Please check what you entered."),
    ],
)
def test_where_no_field_can_hold_it_the_problem_itself_is_said(request_of, headers, error, sentence):
    answer = BusinessErrorMiddleware(HttpResponse).process_exception(request_of(**headers), error)
    assert sentence in answer.content.decode()


def test_other_errors_are_not_its_business(request_of):
    assert BusinessErrorMiddleware(HttpResponse).process_exception(request_of(), ValueError()) is None


def test_a_fragment_asked_for_after_the_session_ended_leads_the_page_to_the_door(request_of):
    middleware = SignInAgainMiddleware(lambda request: HttpResponseRedirect("/sign-in/?next=/steps/1/"))
    request = request_of(hx_request="true", hx_current_url="http://testserver/activities/?mine=1")
    response = middleware(request)
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/sign-in/?next=/activities/%3Fmine%3D1"


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/activities/5/?tab=files", "/activities/5/%3Ftab%3Dfiles"),
        ("https://evil.example/activities/5/", "/"),
        ("", "/"),
    ],
)
@pytest.mark.django_db
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client, referer, back):
    response = client.post("/activities/5/comment/", headers={"referer": referer})
    assert response["Location"] == f"/sign-in/?next={back}"


@pytest.mark.django_db
def test_a_guest_who_changes_the_language_still_gets_where_he_wanted(client):
    door = "/sign-in/?next=/activities/"
    response = client.post(
        "/preferences/language/",
        {"language": "ru", "next": door},
        headers={"referer": f"http://testserver{door}"},
    )
    assert response["Location"] == door


@pytest.mark.parametrize(
    ("headers", "target"), [({}, "/sign-in/?next=/"), ({"hx_request": "true"}, "/activities/")]
)
def test_other_redirects_stay_redirects(request_of, headers, target):
    response = SignInAgainMiddleware(lambda request: HttpResponseRedirect(target))(request_of(**headers))
    assert response.status_code == 302


def test_pages_are_made_in_the_language_and_zone_of_the_user(request_of):
    seen = {}

    def view(request):
        seen.update(language=translation.get_language(), zone=timezone.get_current_timezone_name())
        return HttpResponse()

    user = SimpleNamespace(is_authenticated=True, language="ru", time_zone="Asia/Omsk")
    with translation.override("en"):
        PreferencesMiddleware(view)(request_of(user))
    assert seen == {"language": "ru", "zone": "Asia/Omsk"}
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_toast_is_an_event_with_text_and_level():
    response = toast(toast(HttpResponse(), "Saved."), "Gone.", level="error")
    assert json.loads(response["HX-Trigger"])["toast"] == {"text": "Gone.", "level": "error"}

"""Language, time zone and theme: saved at once, at work at once, remembered for guests."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bpm_portal.accounts.services import change_preferences
from tests.factories import RoleFactory

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def signed_in(client, bob):
    client.force_login(bob)
    return client


def preferences(**changes):
    return {"language": "en", "time_zone": "UTC", "theme": "auto"} | changes


def test_the_profile_shows_roles_and_manager(signed_in):
    page = signed_in.get("/profile/").content.decode()
    assert "Sales managers" in page
    assert "Alice" in page


def test_many_roles_cost_the_profile_no_more_queries(signed_in, bob, django_assert_max_num_queries):
    with CaptureQueriesContext(connection) as one_role:
        signed_in.get("/profile/")
    bob.groups.add(*RoleFactory.create_batch(5))
    with django_assert_max_num_queries(len(one_role)):
        signed_in.get("/profile/")


def test_the_theme_of_the_user_is_in_the_page_before_any_script_runs(signed_in, bob):
    change_preferences(by=bob, theme="dark")
    page = signed_in.get("/profile/").content.decode()
    assert 'data-bs-theme="dark"' in page
    assert 'data-theme="dark"' in page


def test_a_changed_time_zone_is_saved_and_said(signed_in, bob):
    response = signed_in.post("/profile/", preferences(time_zone="Europe/Berlin"), **HTMX)
    assert response.status_code == 204
    assert "Saved." in response["HX-Trigger"]
    bob.refresh_from_db()
    assert bob.time_zone == "Europe/Berlin"


def test_a_changed_language_reloads_the_page_in_that_language(signed_in):
    response = signed_in.post("/profile/", preferences(language="ru"), **HTMX)
    assert response["HX-Refresh"] == "true"
    assert '<html lang="ru"' in signed_in.get("/profile/").content.decode()


def test_without_scripts_the_profile_is_a_plain_form(signed_in, bob):
    response = signed_in.post("/profile/", preferences(theme="light"))
    assert response["Location"] == "/profile/"
    bob.refresh_from_db()
    assert bob.theme == "light"


def test_a_time_zone_that_does_not_exist_stays_out(signed_in, bob):
    response = signed_in.post("/profile/", preferences(time_zone="Mars/Olympus"))
    assert response.status_code == 200
    bob.refresh_from_db()
    assert bob.time_zone == "UTC"
    with pytest.raises(ValidationError):
        change_preferences(by=bob, time_zone="Mars/Olympus")


def test_a_guest_s_theme_and_language_are_remembered_by_the_browser(client, db):
    client.post("/preferences/theme/", {"theme": "dark"})
    response = client.post("/preferences/language/", {"language": "ru", "next": "/sign-in/"})
    assert response["Location"] == "/sign-in/"
    page = client.get("/sign-in/").content.decode()
    assert 'data-bs-theme="dark"' in page
    assert '<html lang="ru"' in page


def test_the_switch_tells_the_page_and_keeps_the_choice(signed_in, bob):
    response = signed_in.post("/preferences/theme/", {"theme": "dark"}, **HTMX)
    assert response.status_code == 204
    assert '"choice": "dark"' in response["HX-Trigger"]
    bob.refresh_from_db()
    assert bob.theme == "dark"


def test_the_language_of_the_switch_is_the_user_s_from_now_on(signed_in, bob):
    signed_in.post("/preferences/language/", {"language": "ru", "next": "https://evil.example/"})
    bob.refresh_from_db()
    assert bob.language == "ru"


@pytest.mark.parametrize(
    ("address", "data"),
    [("/preferences/theme/", {"theme": "pink"}), ("/preferences/language/", {"language": "xx"})],
)
def test_what_does_not_exist_is_refused_in_words(signed_in, address, data):
    response = signed_in.post(address, data)
    assert response.status_code == 400
    assert (
        "There is no such theme." in response.content.decode()
        or "does not speak" in response.content.decode()
    )


def test_a_forged_cookie_cannot_get_into_the_page(client, db):
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in client.get("/sign-in/").content.decode()

"""The door: signing in and out, the hint on demo accounts, the lock after too many attempts."""

import pytest
from django.test import override_settings

from bpm_portal.accounts.views import SignInView

pytestmark = pytest.mark.django_db


@pytest.fixture
def credentials(bob):
    return {"username": "bob", "password": "demo"}


def test_who_signs_in_lands_where_he_wanted_to_go(client, credentials):
    response = client.post("/sign-in/?next=/profile/", credentials | {"next": "/profile/"})
    assert response.status_code == 302
    assert response["Location"] == "/profile/"


def test_another_site_is_no_place_to_return_to(client, credentials):
    response = client.post("/sign-in/", credentials | {"next": "https://evil.example/"})
    assert response["Location"] == "/"


def test_a_wrong_password_keeps_the_name_and_says_so(client, bob):
    response = client.post("/sign-in/", {"username": "bob", "password": "wrong"})
    assert response.status_code == 200
    page = response.content.decode()
    assert 'value="bob"' in page
    assert 'role="alert"' in page


def test_signing_out_needs_a_form_and_leads_to_the_door(client, bob):
    client.force_login(bob)
    assert client.get("/sign-out/").status_code == 405
    response = client.post("/sign-out/")
    assert response["Location"] == "/sign-in/"
    assert client.get("/profile/").status_code == 302


@pytest.mark.parametrize(("hint", "shown"), [(True, True), (False, False)])
def test_demo_accounts_are_named_only_where_the_installation_says_so(client, monkeypatch, hint, shown):
    monkeypatch.setattr(SignInView, "extra_context", {"demo_hint": hint})
    page = client.get("/sign-in/").content.decode()
    assert ("Demo accounts" in page) is shown


@override_settings(AXES_ENABLED=True, AXES_FAILURE_LIMIT=3)
def test_too_many_wrong_passwords_lock_the_account_and_say_for_how_long(client, bob):
    for _attempt in range(3):
        response = client.post("/sign-in/", {"username": "bob", "password": "wrong"})
    assert response.status_code == 429
    page = response.content.decode()
    assert "Too many wrong passwords." in page
    assert "10 min" in page
    response = client.post("/sign-in/", {"username": "bob", "password": "demo"})
    assert response.status_code == 429

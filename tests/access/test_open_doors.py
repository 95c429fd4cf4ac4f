"""What is open to everybody, and the door of administrators."""

import pytest
from django.contrib.admin import site
from django.test import Client
from django.urls import reverse

from tests.access.test_doors import OPEN, SECRET_ADDRESSES, body
from tests.access.world import SECRET

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", sorted(OPEN - {"favicon.ico"}))
def test_what_is_open_says_nothing(world, name) -> None:
    for person in (None, world.mallory):
        client = Client()
        if person is not None:
            client.force_login(person)
        for response in (
            client.get(reverse(name)),
            client.post(reverse(name), {"theme": "dark", "language": "ru"}),
        ):
            assert response.status_code < 500
            assert SECRET not in body(response)


@pytest.mark.parametrize("name", sorted(SECRET_ADDRESSES))
@pytest.mark.parametrize("token", ["x", "x:y:z", "WzEsICIiXQ", "a" * 300, "%00", "Ж"])
def test_a_secret_address_that_nobody_was_given_is_not_there(world, as_made, name, token) -> None:
    for person in (None, world.mallory, world.admin):
        client = Client()
        if person is not None:
            client.force_login(person)
        for response in (client.get(reverse(name, args=[token])), client.post(reverse(name, args=[token]))):
            assert response.status_code in (404, 405)
    assert world.fingerprint() == as_made


def test_the_administration_is_closed_to_all_but_administrators(world) -> None:
    addresses = ["/admin/", "/admin/password_change/"]
    for model in site._registry:
        names = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses += [reverse(f"{names}_changelist"), reverse(f"{names}_add")]
        if (row := model._default_manager.order_by("pk").first()) is not None:
            addresses += [
                reverse(f"{names}_{page}", args=[row.pk]) for page in ("change", "delete", "history")
            ]
    before = world.fingerprint()
    for person in (None, world.mallory, world.bob):
        client = Client()
        if person is not None:
            client.force_login(person)
        for address in addresses:
            for response in (
                client.get(address),
                client.post(address, {"action": "delete_selected", "_selected_action": "1"}),
            ):
                assert response.status_code == 302
                assert response["Location"].partition("?")[0] in ("/admin/login/", "/sign-in/")
    assert world.fingerprint() == before

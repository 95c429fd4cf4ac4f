"""The lists behind the pickers: little is shown, and nothing to those without a role."""

import pytest

from tests.factories import RoleFactory, SubstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db


def names(client, address, text=""):
    response = client.get(address, {"q": text})
    assert response.status_code == 200
    return [result["name"] for result in response.json()["results"]]


def test_a_colleague_is_found_by_any_part_of_the_name(client, bob, carol):
    UserFactory(username="k.ivanova", first_name="Ксения", last_name="Иванова")
    client.force_login(bob)
    assert names(client, "/people/", "carol") == ["Carol"]
    assert names(client, "/people/", "ИВАН ксен") == ["Ксения Иванова"]
    assert names(client, "/people/", "nobody") == []


def test_only_id_name_and_user_name_leave_the_server(client, bob):
    client.force_login(bob)
    results = client.get("/people/", {"q": "bob"}).json()["results"]
    assert results == [{"id": bob.pk, "name": "Bob", "username": "bob"}]


def test_those_who_left_are_not_offered(client, bob, carol):
    carol.is_active = False
    carol.save()
    client.force_login(bob)
    assert "Carol" not in names(client, "/people/")


def test_never_more_than_twenty_in_one_query(client, bob, django_assert_max_num_queries):
    UserFactory.create_batch(25)
    client.force_login(bob)
    with django_assert_max_num_queries(4):  # session, user, roles, people
        assert len(names(client, "/people/")) == 20


def test_roles_are_found_too(client, bob):
    RoleFactory(name="Lawyers")
    client.force_login(bob)
    assert names(client, "/roles/", "law") == ["Lawyers"]
    assert names(client, "/roles/") == ["Lawyers", "Sales managers"]


@pytest.mark.parametrize("address", ["/people/", "/roles/"])
def test_who_has_no_role_finds_nobody(client, mallory, bob, address):
    client.force_login(mallory)
    assert names(client, address) == []


@pytest.mark.parametrize("address", ["/people/", "/roles/"])
def test_guests_are_sent_to_the_door(client, db, address):
    assert client.get(address)["Location"].startswith("/sign-in/")


def test_the_superuser_finds_everybody(client, admin, bob):
    client.force_login(admin)
    assert "Bob" in names(client, "/people/")


def test_a_substitute_without_a_role_finds_to_whom_he_can_hand_on_what_reaches_him(client, bob, carol, dave):
    away = SubstitutionFactory(absent=bob, substitute=dave)
    client.force_login(dave)
    assert names(client, "/people/", "carol") == ["Carol"]
    assert names(client, "/roles/") == ["Sales managers"]
    away.delete()
    assert (names(client, "/people/"), names(client, "/roles/")) == ([], [])

"""Users in the administration: the pages open, in the portal's name and theme."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["", "accounts/user/", "accounts/user/add/", "accounts/user/{pk}/change/"])
def test_the_pages_of_people_open_under_the_name_of_the_portal(client, admin, page):
    client.force_login(admin)
    response = client.get(f"/admin/{page.format(pk=admin.pk)}")
    assert response.status_code == 200
    content = response.content.decode()
    assert "Administration of BPM Portal" in content
    assert "<script>" not in content  # the content security policy would not run it


def test_manager_and_preferences_are_edited_there(client, admin, bob, carol):
    client.force_login(admin)
    page = client.get(f"/admin/accounts/user/{bob.pk}/change/").content.decode()
    for name in ("manager", "language", "time_zone", "theme"):
        assert f'name="{name}"' in page


def test_who_is_no_staff_stays_out(client, mallory):
    client.force_login(mallory)
    assert client.get("/admin/").status_code == 302

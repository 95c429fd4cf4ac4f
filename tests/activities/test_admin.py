"""The administration: by the services, and nothing of a process is changed behind its back."""

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from activities import services
from activities.models import Activity
from tests import factories

LIST = "/admin/activities/activity/"


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


def said(response):
    return [str(message).strip() for message in get_messages(response.wsgi_request)]


def fields(**values):
    return {
        "title": "Call",
        "category": "call",
        "priority": "2",
        "starts_at_0": "2026-03-02",
        "starts_at_1": "09:00:00",
        "connections-TOTAL_FORMS": "0",
        "connections-INITIAL_FORMS": "0",
    } | values


def test_list_search_and_filter(as_admin, task, managed):
    assert as_admin.get(LIST).status_code == 200
    body = as_admin.get(LIST, {"q": "client", "status__exact": "not_started"}).content.decode()
    assert "Call the client" in body
    assert "Get the contract signed" not in body


def test_the_list_costs_the_same_for_fifty_rows(as_admin, bob, role, django_assert_num_queries):
    factories.ActivityFactory.create_batch(2, owner=bob, role=role)
    as_admin.get(LIST)
    with django_assert_num_queries(100, exact=False) as few:
        as_admin.get(LIST)
    factories.ActivityFactory.create_batch(50, owner=bob, role=role)
    with django_assert_num_queries(len(few)):
        as_admin.get(LIST)


def test_adding_and_changing_go_through_the_services(as_admin, admin, bob):
    response = as_admin.post(f"{LIST}add/", fields(owner=bob.pk))
    assert response.status_code == 302, response.context["adminform"].errors
    made = Activity.objects.get()
    assert (made.author, made.owner) == (admin, bob)
    response = as_admin.post(f"{LIST}{made.pk}/change/", fields(owner=bob.pk, title="Write"))
    assert response.status_code == 302, response.context["adminform"].errors
    made.refresh_from_db()
    assert made.title == "Write"


def test_what_does_not_fit_is_an_error_of_the_form(as_admin, bob):
    response = as_admin.post(f"{LIST}add/", fields(due_at_0="2026-03-01", due_at_1="09:00:00"))
    assert response.status_code == 200
    assert "The due date lies before the start." in response.content.decode()
    assert not Activity.objects.exists()


def test_managed_and_final_ones_are_only_looked_at(as_admin, managed, now):
    final = factories.ActivityFactory(status="completed", closed_at=now)
    for activity in (managed, final):
        address = f"{LIST}{activity.pk}/change/"
        assert as_admin.get(address).status_code == 200
        assert as_admin.post(address, fields(title="Other")).status_code == 403
    assert as_admin.post(f"{LIST}{managed.pk}/delete/", {"post": "yes"}).status_code == 403


def test_completing_many_says_what_went_well_and_what_not(as_admin, task, managed, manager, now):
    final = factories.ActivityFactory(title="Old", status="cancelled", closed_at=now)
    chosen = [task.pk, managed.pk, final.pk]
    response = as_admin.post(LIST, {"action": "complete_selected", "_selected_action": chosen})
    assert response.status_code == 302
    texts = said(response)
    assert "2 activities are done." in texts
    assert any(text.startswith("Old: The process cancelled this activity") for text in texts)
    assert Activity.objects.filter(status="completed").count() == 2
    assert [call[0] for call in manager.calls] == ["complete"]


def test_cancelling_many_leaves_those_of_processes(as_admin, task, managed):
    response = as_admin.post(LIST, {"action": "cancel_selected", "_selected_action": [task.pk, managed.pk]})
    texts = said(response)
    assert "1 activity is done." in texts
    assert any("belongs to a running process" in text for text in texts)
    managed.refresh_from_db()
    assert managed.status == "not_started"


@pytest.mark.parametrize("way", ["page", "list"])
def test_deleting_takes_the_files_off_the_disk(
    as_admin, task, bob, now, settings, tmp_path, way, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("offer.pdf", b"%PDF-1.7")
    services.attach_file(activity_id=task.pk, upload=upload, by=bob, now=now)
    addresses = {
        "page": (f"{LIST}{task.pk}/delete/", {"post": "yes"}),
        "list": (LIST, {"action": "delete_selected", "_selected_action": task.pk, "post": "yes"}),
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert as_admin.post(*addresses[way]).status_code == 302
    assert not Activity.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_staff_without_permission_sees_nothing(client, mallory, task):
    mallory.is_staff = True
    mallory.save()
    client.force_login(mallory)
    assert client.get(LIST).status_code == 403
    assert client.get(reverse("admin:activities_activity_change", args=[task.pk])).status_code == 403

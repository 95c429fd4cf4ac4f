"""Processes in Django's administration: lists, pages to look at, actions and buttons that call the services."""

import pytest
from django.urls import reverse

from processes.models import CancelJob, Process, ProcessEvent, ProcessInstance, ProcessStep
from processes.services.instances import start_process
from tests.factories import HumanStepFactory, ProcessFactory, RoleFactory
from tests.processes.conftest import allow, count_queries

pytestmark = pytest.mark.django_db
MODELS = (Process, ProcessInstance, ProcessStep, ProcessEvent)


@pytest.fixture
def as_admin(as_user, admin):
    return as_user(admin)


@pytest.fixture
def staff(as_user, mallory):
    """`staff("view_process")`: the browser of somebody who may enter, with these permissions alone."""

    def sign_in(*codenames):
        mallory.is_staff = True
        mallory.save()
        return as_user(allow(mallory, *codenames))

    return sign_in


def act(client, model, action, *objects):
    url = reverse(f"admin:processes_{model}_changelist")
    return client.post(url, {"action": action, "_selected_action": [o.pk for o in objects]}, follow=True)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize(
    "model", ["process", "processversion", "processinstance", "processstep", "processevent"]
)
def test_lists_and_pages_open_and_search(as_admin, failed, model):
    url = reverse(f"admin:processes_{model}_changelist")
    assert as_admin.get(url).status_code == 200
    assert as_admin.get(url, {"q": "way"}).status_code == 200
    row = {
        "process": failed.process_id,
        "processversion": failed.version_id,
        "processinstance": failed.pk,
        "processstep": failed.steps.first().pk,
        "processevent": failed.events.first().pk,
    }[model]
    assert as_admin.get(reverse(f"admin:processes_{model}_change", args=[row])).status_code == 200


@pytest.mark.parametrize(
    "model", ["process", "processversion", "processinstance", "processstep", "processevent"]
)
def test_nothing_is_added_or_deleted_by_hand(as_admin, failed, model):
    assert as_admin.get(reverse(f"admin:processes_{model}_add")).status_code == 403
    row = {"process": failed.process_id, "processinstance": failed.pk}.get(model, 1)
    assert as_admin.post(reverse(f"admin:processes_{model}_delete", args=[row])).status_code in (302, 403)
    assert ProcessInstance.objects.count() == 1
    assert (
        "delete_selected" not in as_admin.get(reverse(f"admin:processes_{model}_changelist")).content.decode()
    )


@pytest.mark.parametrize("model", ["processinstance", "processstep", "processevent"])
def test_a_list_costs_the_same_however_many_there_are(
    as_admin, stuck, bob, now, model, django_assert_num_queries
):
    url = reverse(f"admin:processes_{model}_changelist")
    start_process(process=stuck, by=bob, now=now)
    as_admin.get(url)
    with_one = count_queries(as_admin, url)
    for _ in range(3):
        start_process(process=stuck, by=bob, now=now)
    with django_assert_num_queries(with_one):
        as_admin.get(url)


def test_the_page_of_an_instance_costs_the_same_however_many_elements_it_has(
    as_admin, failed, bob, django_assert_num_queries
):
    url = reverse("admin:processes_processinstance_change", args=[failed.pk])
    with_few = count_queries(as_admin, url)
    HumanStepFactory.create_batch(5, instance=failed, assignee=bob)
    with django_assert_num_queries(with_few):
        as_admin.get(url)


def test_an_instance_cannot_be_edited(as_admin, failed):
    url = reverse("admin:processes_processinstance_change", args=[failed.pk])
    assert as_admin.post(url, {"status": "completed"}).status_code == 403
    failed.refresh_from_db()
    assert failed.status == "failed"


def test_cancelling_shows_what_it_closes_and_needs_a_reason(as_admin, stuck, bob, now):
    instance = start_process(process=stuck, by=bob, now=now)
    page = act(as_admin, "processinstance", "cancel_selected", instance)
    text = page.content.decode()
    assert "1 instance, 1 open element, 1 activity, 1 performer: Bob".replace(", ", ",") in text.replace(
        "\n", ""
    ).replace(", ", ",")
    url = reverse("admin:processes_processinstance_cancel")
    assert "This field is required." in as_admin.post(url, {"ids": instance.pk}).content.decode()
    done = as_admin.post(url, {"ids": instance.pk, "reason": "By mistake"}, follow=True)
    assert messages_of(done) == ["1 instance is cancelled."]
    instance.refresh_from_db()
    assert (instance.status, instance.cancel_reason) == ("cancelled", "By mistake")


def test_several_are_cancelled_by_a_job_that_has_a_page(as_admin, stuck, bob, now):
    first, second = (start_process(process=stuck, by=bob, now=now) for _ in range(2))
    url = reverse("admin:processes_processinstance_cancel")
    as_admin.post(url, {"ids": first.pk, "reason": "x"})
    assert "already ended" in as_admin.post(url, {"ids": first.pk, "reason": "x"}).content.decode()
    done = as_admin.post(url, {"ids": [first.pk, second.pk], "reason": "y"})
    assert done["Location"] == reverse("processes:cancel-job", args=[CancelJob.objects.get().pk])


def test_disabling_offers_three_choices(as_admin, stuck, approval, bob, now):
    instance = start_process(process=stuck, by=bob, now=now)
    text = act(as_admin, "process", "disable", stuck, approval).content.decode()
    assert text.count('type="radio"') == 3
    url = reverse("admin:processes_process_disable")
    as_admin.post(url, {"ids": [stuck.pk, approval.pk], "running": "abort"})
    assert Process.objects.filter(enabled=True).count() == 2
    done = as_admin.post(url, {"ids": [stuck.pk, approval.pk], "running": "cancel", "reason": "Closed down"})
    assert done["Location"] == reverse("processes:cancel-job", args=[CancelJob.objects.get().pk])
    instance.refresh_from_db()
    assert (instance.status, instance.cancel_reason) == ("cancelled", "Closed down")
    assert not Process.objects.filter(enabled=True).exists()
    act(as_admin, "process", "enable", stuck)
    assert list(Process.objects.filter(enabled=True)) == [stuck]
    as_admin.post(reverse("admin:processes_process_enable", args=[approval.pk]))
    assert Process.objects.filter(enabled=True).count() == 2


def test_failed_elements_run_again(as_admin, failed):
    step = failed.steps.get(status="failed")
    for response in (
        act(as_admin, "processinstance", "retry_failed", failed),
        act(as_admin, "processstep", "retry_failed", step),
        as_admin.post(reverse("admin:processes_processinstance_retry", args=[failed.pk]), follow=True),
    ):
        [message] = messages_of(response)
        assert message.startswith("Way: ")  # it fails again, for the same reason
    assert ProcessEvent.objects.filter(step=step, kind="step-rerun").count() == 3
    nothing = act(as_admin, "processstep", "retry_failed", failed.steps.get(element_id="start"))
    assert messages_of(nothing) == ["No element of these has failed."]


def test_the_page_of_an_instance_has_buttons_while_it_lives(as_admin, failed):
    url = reverse("admin:processes_processinstance_change", args=[failed.pk])
    buttons = ("Cancel execution…", "Run failed elements again")
    assert all(button in as_admin.get(url).content.decode() for button in buttons)
    as_admin.post(reverse("admin:processes_processinstance_cancel"), {"ids": failed.pk, "reason": "x"})
    assert not any(button in as_admin.get(url).content.decode() for button in buttons)


def test_who_may_start_is_changed_here(as_admin, stuck):
    buyers = RoleFactory(name="Buyers")
    url = reverse("admin:processes_process_change", args=[stuck.pk])
    data = {
        "roles": [buyers.pk],
        "versions-TOTAL_FORMS": 0,
        "versions-INITIAL_FORMS": 0,
        "name": "Stolen",
        "enabled": "",
    }
    assert as_admin.post(url, data).status_code == 302
    stuck.refresh_from_db()
    assert (list(stuck.roles.all()), stuck.name, stuck.enabled) == ([buyers], "Choose a way", True)


def test_permissions_decide_about_actions(staff, failed):
    client = staff("view_processinstance", "view_process")
    text = client.get(reverse("admin:processes_processinstance_changelist")).content.decode()
    assert "cancel_selected" not in text
    assert "retry_failed" not in text
    cancel = reverse("admin:processes_processinstance_cancel")
    assert client.post(cancel, {"ids": failed.pk, "reason": "x"}).status_code == 403
    assert client.post(reverse("admin:processes_processinstance_retry", args=[failed.pk])).status_code == 403
    disable = reverse("admin:processes_process_disable")
    assert client.post(disable, {"ids": failed.process_id, "running": "finish"}).status_code == 403
    client = staff("disable_process")
    assert (
        client.post(disable, {"ids": failed.process_id, "running": "cancel", "reason": "x"}).status_code
        == 403
    )
    failed.refresh_from_db()
    assert (failed.status, failed.process.enabled) == ("failed", True)


def test_strangers_do_not_enter(as_user, mallory, failed):
    client = as_user(mallory)
    for name in ("processinstance_cancel", "process_disable", "processinstance_changelist"):
        assert client.get(reverse(f"admin:processes_{name}")).status_code == 302


def test_the_library_in_the_administration_shows_numbers(as_admin, stuck, bob, now):
    ProcessFactory(name="Without a diagram")
    start_process(process=stuck, by=bob, now=now)
    rows = as_admin.get(reverse("admin:processes_process_changelist")).context["cl"].result_list
    assert {(p.name, p.current_version, p.live_count) for p in rows} == {
        ("Choose a way", 1, 1),
        ("Without a diagram", None, 0),
    }

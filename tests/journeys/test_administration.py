"""What a process administrator does: cancel, disable, look at the log and the statistics."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from processes.models import ProcessInstance, ProcessStep
from processes.services import instances, steps
from tests.journeys.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def process(world):
    """The process that these journeys are about."""
    return world["processes"]["contract_approval"]


@pytest.fixture
def running(process, cast, contract):
    """An instance that waits for the sales managers."""
    return instances.start_process(process=process, by=cast["anna"], now=timezone.now(), record=contract)


def test_cancelling_with_a_reason_closes_everything_at_once_in_every_open_browser(visit, running, contract):
    boris, admin = visit("boris"), visit("admin")
    boris.goto("/activities/")
    expect(boris.locator("#bell-number")).to_have_text("1")
    admin.goto(f"/log/{running.pk}/")
    expect(admin.locator("#main")).to_contain_text("Waits for")
    admin.get_by_role("link", name="Cancel execution").click()
    dialog = admin.get_by_role("dialog", name=re.compile("Cancel"))
    dialog.get_by_role("button", name="Cancel execution").click()
    expect(dialog.locator(".field-error")).to_be_visible()  # refused without a reason
    dialog.get_by_role("textbox", name="Reason").fill("The customer has gone")
    dialog.get_by_role("button", name="Cancel execution").click()
    expect(admin.locator("#main")).to_contain_text("Cancelled by Ada Minister")

    expect(boris.locator("#bell-number")).to_be_hidden()
    expect(boris.locator("#main").get_by_text(contract.caption)).to_have_count(0)
    running.refresh_from_db()
    assert (running.status, running.cancel_reason) == ("cancelled", "The customer has gone")
    assert str(running.cancelled_by) == "Ada Minister"
    step = running.steps.get(element_id="check_terms")
    assert (step.status, step.activity.status) == ("cancelled", "cancelled")


@pytest.mark.parametrize(("choice", "status"), [("Let them finish", "running"), ("Cancel them", "cancelled")])
def test_a_disabled_process_cannot_be_started_and_its_instances_do_what_was_chosen(
    visit, running, process, contract, choice, status
):
    anna, admin = visit("anna"), visit("admin")
    anna.goto(f"/start/{process.pk}/?record={contract.pk}")  # her page is open when it happens
    admin.goto(f"/processes/{process.key}/")
    admin.get_by_role("link", name="Disable").click()
    dialog = admin.get_by_role("dialog", name=re.compile("Disable"))
    dialog.get_by_label(re.compile(choice)).check()
    if status == "cancelled":
        dialog.get_by_role("textbox", name="Reason").fill("No longer needed")
    dialog.get_by_role("button", name="Continue").click()
    expect(admin.get_by_text("“Contract approval” is disabled.")).to_be_visible()
    if status == "cancelled":
        expect(admin.get_by_text("1 of 1")).to_be_visible()
    running.refresh_from_db()
    assert running.status == status

    anna.get_by_role("button", name="Start process").click()
    expect(anna.get_by_role("alert")).to_contain_text("is disabled and cannot be started")
    assert ProcessInstance.objects.count() == 1
    anna.goto(f"/records/r/{contract.pk}/")
    anna.get_by_role("button", name="Process", exact=True).click()
    expect(anna.locator("#process-menu").get_by_text("Contract approval", exact=True)).to_have_count(0)

    admin.goto(f"/processes/{process.key}/")
    admin.get_by_role("button", name="Enable").click()
    anna.goto(f"/start/{process.pk}/?record={contract.pk}")
    anna.get_by_role("button", name="Start process").click()
    expect(anna.get_by_text("has started")).to_be_visible()


def test_in_russian_on_a_phone_the_instances_of_a_disabled_process_are_cancelled_by_the_worker(
    visit, process, cast, contract
):
    for _ in range(12):
        instances.start_process(process=process, by=cast["anna"], now=timezone.now(), record=contract)
    cast["admin"].language = "ru"
    cast["admin"].save()
    admin = visit("admin", width=360, height=740)
    admin.goto(f"/processes/{process.key}/")
    admin.get_by_role("link", name="Отключить").click()
    dialog = admin.get_by_role("dialog")
    dialog.get_by_label(re.compile("Отменить")).check()
    dialog.get_by_role("button", name="Продолжить").click()
    expect(dialog.get_by_text("Укажите причину отмены.")).to_be_visible()
    dialog.get_by_role("textbox", name="Причина").fill("Больше не нужен")
    dialog.get_by_role("button", name="Продолжить").click()
    admin.wait_for_url(re.compile(r"/log/cancellations/\d+/$"))
    expect(admin.get_by_text("12 из 12")).to_be_visible()  # nobody reloads
    expect(admin.locator("#cancel-job tbody .state-good")).to_have_count(12)
    assert admin.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert set(process.instances.values_list("status", "cancel_reason")) == {("cancelled", "Больше не нужен")}


def test_choosing_not_to_disable_leaves_everything_as_it_was(visit, running, process):
    admin = visit("admin")
    admin.goto(f"/processes/{process.key}/")
    admin.get_by_role("link", name="Disable").click()
    dialog = admin.get_by_role("dialog", name=re.compile("Disable"))
    dialog.get_by_label(re.compile("Do not disable")).check()
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog).to_be_hidden()
    process.refresh_from_db()
    running.refresh_from_db()
    assert (process.enabled, running.status) == (True, "running")


def test_completed_instances_are_in_the_statistics_and_cancelled_ones_are_not(
    visit, process, cast, contract, world
):
    began = timezone.now() - timedelta(hours=3)
    done, given_up = (
        instances.start_process(process=process, by=cast["anna"], now=began, record=contract)
        for _ in range(2)
    )
    instances.cancel_instance(
        instance_id=given_up.pk, reason="Given up", by=cast["admin"], now=began + timedelta(hours=1)
    )
    first = ProcessStep.objects.pending().get(instance=done)
    steps.complete_step(step_id=first.pk, by=cast["boris"], now=began + timedelta(hours=1), result="clean")
    question = ProcessStep.objects.pending().get(instance=done, element_id="approve")
    steps.complete_step(step_id=question.pk, by=cast["boris"], now=began + timedelta(hours=2), result="no")
    eventually(lambda: ProcessInstance.objects.filter(pk=done.pk, status="completed").exists())

    admin = visit("admin")
    admin.goto("/statistics/")
    table = admin.get_by_role("table", name="Numbers per process")
    row = table.locator("tr", has_text="Contract approval").first
    expect(row).to_contain_text("2 h")  # the completed one took two hours; the cancelled one does not count
    cells = [cell.strip() for cell in row.locator("td").all_inner_texts()]
    assert "1" in cells
    expect(admin.locator("#statistics canvas").first).to_be_visible()


def test_the_log_draws_the_token_where_the_instance_waits(visit, running):
    admin = visit("admin")
    admin.goto(f"/log/{running.pk}/")
    expect(admin.locator(".djs-element[data-element-id=check_terms]")).to_be_visible()
    token = admin.locator(".djs-overlays[data-container-id=check_terms] .token-pending")
    expect(token).to_be_visible()
    expect(admin.locator(".bjs-powered-by")).to_be_visible()


def test_the_django_admin_cancels_and_disables_by_the_same_rules(visit, running, process, cast):
    admin = visit("admin")
    admin.goto("/admin/processes/processinstance/")
    admin.locator(f"input[name=_selected_action][value='{running.pk}']").check()
    admin.locator("select[name=action]").select_option(label="Cancel execution…")
    admin.get_by_role("button", name=re.compile("Go|Run")).first.click()
    admin.get_by_label(re.compile("Reason")).fill("Twice entered")
    admin.get_by_role("button", name="Cancel execution").click()
    expect(admin.locator(".messagelist")).to_be_visible()
    running.refresh_from_db()
    assert (running.status, running.cancel_reason) == ("cancelled", "Twice entered")

    admin.goto("/admin/processes/process/")
    admin.locator(f"input[name=_selected_action][value='{process.pk}']").check()
    admin.locator("select[name=action]").select_option(label="Disable…")
    admin.get_by_role("button", name=re.compile("Go|Run")).first.click()
    expect(admin.get_by_label(re.compile("Let them finish"))).to_be_visible()
    admin.get_by_label(re.compile("Let them finish")).check()
    admin.get_by_role("button", name="Continue").click()
    expect(admin.locator(".messagelist")).to_be_visible()
    process.refresh_from_db()
    assert not process.enabled

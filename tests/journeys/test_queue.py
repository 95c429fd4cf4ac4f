"""Work that nobody can do, and records that work is about: an administrator is told, decides, and it goes on."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from processes.models import ProcessStep
from processes.services import instances
from records.models import Record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def running(world, cast, contract):
    """An instance that waits for the sales managers to check a contract."""
    process = world["processes"]["contract_approval"]
    return instances.start_process(process=process, by=cast["anna"], now=timezone.now(), record=contract)


def test_in_russian_on_a_phone_the_work_of_who_has_left_is_given_to_somebody_else(visit, running, cast):
    step = ProcessStep.objects.pending().get(instance=running)
    carla, dmitri = visit("carla"), visit("dmitri", width=360, height=740)
    carla.goto("/activities/")
    expect(carla.locator("#bell-number")).to_have_text("1")
    for name in ("boris", "carla"):
        cast[name].is_active = False
        cast[name].save()

    dmitri.goto("/log/unassigned/")
    row = dmitri.get_by_role("row", name=re.compile(re.escape(step.name)))
    expect(row).to_contain_text("В роли «Sales managers» никого нет.")
    assert dmitri.evaluate("document.documentElement.scrollWidth <= innerWidth")
    row.locator("summary").click()
    row.get_by_role("combobox", name="Сотрудник").press_sequentially("Anna")
    dmitri.locator(".picker-list:visible").get_by_role("option", name="Anna").click()
    row.get_by_role("button", name="Назначить").click()
    expect(dmitri.get_by_text("У всех задач есть исполнители.")).to_be_visible()

    anna = visit("anna")
    anna.goto("/activities/")
    expect(anna.locator("#bell-number")).to_have_text("1")
    step.refresh_from_db()
    assert step.assignee == cast["anna"]


def test_in_russian_a_record_that_work_waits_on_stays_until_the_process_is_cancelled(
    visit, running, cast, contract
):
    cast["boris"].language = cast["admin"].language = "ru"
    cast["boris"].save()
    cast["admin"].save()
    boris, admin = visit("boris"), visit("admin")

    def delete() -> None:
        boris.goto(f"/records/r/{contract.pk}/")
        boris.get_by_role("button", name="Ещё").click()
        boris.get_by_role("button", name="Удалить").first.click()
        boris.get_by_role("dialog").get_by_role("button", name="Удалить").click()

    delete()
    expect(boris.get_by_text("Дождитесь их выполнения")).to_be_visible()
    admin.goto(f"/log/{running.pk}/")
    admin.get_by_role("link", name="Отменить выполнение").click()
    dialog = admin.get_by_role("dialog")
    dialog.get_by_label("Причина").fill("Договор введён дважды")
    dialog.get_by_role("button", name="Отменить выполнение").click()
    expect(admin.locator("#main")).to_contain_text("Ada Minister")
    delete()
    boris.wait_for_url(re.compile("/records/contract/"))
    assert not Record.objects.filter(pk=contract.pk).exists()
    admin.reload()
    expect(admin.get_by_role("heading", level=1)).to_contain_text(contract.caption)

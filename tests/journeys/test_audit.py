"""An administrator asks who did what in whose name, without knowing in which instance."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bpm_portal.accounts.services import make_substitution
from processes.models import ProcessStep
from processes.services import instances, steps
from tests.journeys.test_shell import violations

pytestmark = pytest.mark.django_db(transaction=True)


def test_in_russian_on_a_phone_what_was_done_in_the_name_of_an_absent_colleague_is_found(
    visit, world, cast, contract, tmp_path
):
    now = timezone.now()
    process = world["processes"]["contract_approval"]
    first, second = (
        instances.start_process(process=process, by=cast["anna"], now=now, record=contract) for _ in range(2)
    )
    make_substitution(
        absent=cast["boris"], substitute=cast["anna"], since=now, until=None, by=cast["boris"], now=now
    )
    for instance, by in ((first, "anna"), (second, "carla")):
        step = ProcessStep.objects.pending().get(instance=instance)
        steps.complete_step(step_id=step.pk, by=cast[by], now=now + timedelta(minutes=1), result="clean")
    cast["admin"].language = "ru"
    cast["admin"].save()

    admin = visit("admin", width=360, height=740)
    admin.goto("/log/")
    admin.get_by_role("link", name="Журнал", exact=True).click()
    admin.get_by_label("Действие").select_option("did")
    entries = admin.locator("ol.journal li")
    expect(entries).to_have_count(2)
    admin.get_by_label("Только от имени другого сотрудника").check()
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("Anna Keller от имени: Boris Petrov")
    admin.wait_for_url(re.compile("in_a_name=on"))
    box = admin.get_by_role("combobox", name="Сотрудник")
    box.press_sequentially("Carla")
    admin.locator(".picker-list:visible").get_by_role("option", name="Carla").click()
    expect(admin.locator("#audit").get_by_text("Под эти фильтры ничего не подходит.")).to_be_visible()
    assert violations(admin) == []
    assert admin.evaluate("document.documentElement.scrollWidth <= innerWidth")
    admin.get_by_label("Только от имени другого сотрудника").uncheck()
    expect(entries).to_have_count(1)
    with admin.expect_download() as file:
        admin.get_by_role("link", name="CSV").click()
    assert "Carla Weiss" in file.value.path().read_text(encoding="utf-8-sig")
    entries.get_by_role("link").click()
    admin.wait_for_url(re.compile(rf"/log/{second.pk}/"))

"""One portal in two languages: chosen in the menu, kept, and news in the language of whoever reads them."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from processes.models import ProcessStep
from processes.services import instances, steps

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_language_is_chosen_on_a_phone_and_stays(visit, world):
    boris = visit("boris", width=360, height=740)
    boris.goto("/records/contract/")
    boris.get_by_role("button", name="Account of").click()
    boris.get_by_role("button", name="Русский").click()
    expect(boris.locator("html")).to_have_attribute("lang", "ru")
    expect(boris.get_by_role("heading", name="Договоры")).to_be_visible()
    boris.goto("/activities/")
    expect(boris.get_by_role("heading", name="Активности", level=1)).to_be_visible()
    other = visit("boris")
    other.goto("/activities/")
    expect(other.locator("html")).to_have_attribute("lang", "ru")
    other.get_by_role("button", name="Учётная запись").click()
    other.get_by_role("button", name="English").click()
    expect(other.get_by_role("heading", name="Activities", level=1)).to_be_visible()


def test_one_event_is_told_to_each_in_his_own_language(visit, world, cast, contract):
    cast["anna"].language = "ru"
    cast["anna"].save()
    process, now = world["processes"]["contract_approval"], timezone.now()
    for starter in ("anna", "carla"):
        instance = instances.start_process(process=process, by=cast[starter], now=now, record=contract)
        first = ProcessStep.objects.pending().get(instance=instance)
        steps.complete_step(step_id=first.pk, by=cast["boris"], now=now, result="clean")
        question = ProcessStep.objects.pending().get(instance=instance, element_id="approve")
        steps.complete_step(step_id=question.pk, by=cast["boris"], now=now, result="no")
    for who, word in (("anna", "завершён"), ("carla", "completed")):
        page = visit(who)
        page.goto("/activities/")
        page.locator("#bell").click()
        page.get_by_role("tab").nth(1).click()
        expect(page.locator(".news").first).to_contain_text(word)

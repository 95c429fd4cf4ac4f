"""Anna starts a contract approval; Boris hears the bell, finishes his steps, and the worker completes it."""

import re

import pytest
from playwright.sync_api import Page, expect

from processes.models import ProcessInstance, ProcessStep
from tests.journeys.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def bell(page: Page):
    """The number on the bell."""
    return page.locator("#bell-number")


def start_contract(page: Page, contract) -> None:
    """From the record's page, by its Process menu."""
    page.goto(f"/records/r/{contract.pk}/")
    page.get_by_role("button", name="Process", exact=True).click()
    page.get_by_role("button", name=re.compile("Contract approval")).click()
    expect(page.get_by_text("has started")).to_be_visible()


def test_from_start_to_completion_with_two_browsers(visit, world, contract):
    boris = visit("boris")
    boris.goto("/activities/")
    expect(bell(boris)).to_be_hidden()
    boris.evaluate("window.untouched = true")

    anna = visit("anna")
    start_contract(anna, contract)

    # The bell rings in the other browser, without a reload.
    expect(bell(boris)).to_have_text("1")
    assert boris.evaluate("window.untouched")
    boris.get_by_role("button", name=re.compile("Communication panel")).click()
    card = boris.locator(".work-card", has_text=contract.caption)
    expect(card).to_have_count(1)
    card.get_by_role("link", name=re.compile("Check the terms")).click()

    # A perform-task step opens the activity in process mode; its result leads to the next step at once.
    boris.wait_for_url(re.compile(r"/activities/\d+/"))
    main = boris.locator("#main")  # the panel stays open beside it
    main.get_by_role("button", name="Terms are fine").click()
    boris.wait_for_url(re.compile(r"/steps/\d+/"))
    expect(boris.get_by_role("heading", level=1)).to_contain_text("Approve")
    main.get_by_label("Approve", exact=True).check()
    main.get_by_role("button", name="Save and continue").click()

    # The form: an empty required field keeps the page and what was typed.
    expect(boris.get_by_role("heading", level=1)).to_contain_text("Sign the contract")
    main.get_by_label("Place").fill("Hamburg")
    main.get_by_role("button", name="Signed", exact=True).click()
    expect(main.locator(".field-error")).to_have_count(1)
    expect(main.get_by_label("Place")).to_have_value("Hamburg")
    main.get_by_label("Signed on").fill("2026-03-02")
    main.get_by_role("button", name="Signed", exact=True).click()
    boris.wait_for_url(lambda url: "/steps/" not in url)
    expect(bell(boris)).to_be_hidden()

    # The worker runs the service step and completes the instance; the log shows it.
    instance = eventually(lambda: ProcessInstance.objects.filter(status="completed").first())
    boris.goto(f"/log/{instance.pk}/")
    expect(boris.locator("#main").get_by_text("Completed", exact=True).first).to_be_visible()
    assert instance.duration == instance.ended_at - instance.started_at
    assert instance.variables["registry_number"].startswith("REG-")


def test_the_card_vanishes_in_the_colleagues_panel_when_somebody_else_finishes(visit, world, contract):
    carla, anna = visit("carla"), visit("anna")
    carla.goto("/activities/")
    start_contract(anna, contract)
    expect(bell(carla)).to_have_text("1")
    carla.get_by_role("button", name=re.compile("Communication panel")).click()
    card = carla.locator(".work-card", has_text=contract.caption)
    expect(card).to_have_count(1)
    boris = visit("boris")
    step = ProcessStep.objects.pending().get(element_id="check_terms")
    boris.goto(f"/steps/{step.pk}/")
    boris.get_by_role("button", name="Back to the author").click()
    expect(card).to_have_count(0)
    expect(bell(carla)).to_be_hidden()
    # The step went back to anna, whose bell rings.
    expect(bell(anna)).to_have_text("1")

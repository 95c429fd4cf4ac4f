"""Boris goes away: Anna's bell rings for his work at once, she does it in his name, until he is back."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from processes.models import ProcessStep
from processes.services import instances
from tests.journeys.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def test_work_reaches_the_substitute_from_the_moment_of_naming_to_the_moment_of_ending(
    visit, world, cast, contract
):
    process = world["processes"]["contract_approval"]
    for _ in range(2):
        instances.start_process(process=process, by=cast["anna"], now=timezone.now(), record=contract)
    anna, boris = visit("anna"), visit("boris")
    anna.goto("/activities/")
    expect(anna.locator("#bell-number")).to_be_hidden()

    boris.goto("/activities/")
    boris.get_by_role("button", name="Account of").click()
    boris.get_by_role("link", name="Substitution").click()
    box = boris.get_by_role("combobox", name="Substitute")
    box.press_sequentially("Anna")
    boris.locator(".picker-list:visible").get_by_role("option", name="Anna").click()
    boris.get_by_role("button", name="Name the substitute").click()
    expect(boris.get_by_text("Anna Keller stands in for Boris Petrov.")).to_be_visible()

    expect(anna.locator("#bell-number")).to_have_text("2")
    anna.locator("#bell").click()
    card = anna.locator(".work-card").first
    expect(card.get_by_text("for Boris Petrov")).to_be_visible()
    card.locator(".work-card-title").click()
    expect(anna.get_by_text("You stand in for Boris Petrov").first).to_be_visible()
    anna.locator("#main").get_by_role("button", name="Terms are fine").click()
    expect(anna.locator("#bell-number")).to_have_text("2")  # the next step of this one, and the other one
    done = eventually(ProcessStep.objects.filter(status="completed", kind="perform-task").first)
    assert (done.closed_by, done.closed_for, done.assignee) == (cast["anna"], cast["boris"], cast["boris"])

    boris.goto("/substitution/")
    boris.get_by_role("button", name="End substitution").click()
    expect(anna.locator("#bell-number")).to_be_hidden()

"""The doors back to a pending step: Activities, the record's page, the section's list; in a real browser."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from processes.models import ProcessStep
from processes.services import instances, steps

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


@pytest.fixture
def asked(world, cast, contract):
    """A contract whose approval waits for the answer to a question."""
    process = world["processes"]["contract_approval"]
    instance = instances.start_process(process=process, by=cast["anna"], now=timezone.now(), record=contract)
    first = ProcessStep.objects.pending().get(instance=instance)
    steps.complete_step(step_id=first.pk, by=cast["boris"], now=timezone.now(), result="clean")
    return ProcessStep.objects.pending().get(instance=instance, element_id="approve")


def test_an_activity_opens_the_special_page_while_it_waits_and_the_standard_page_afterwards(visit, asked):
    boris = visit("boris")
    boris.goto("/activities/")
    boris.locator("a.list-title", has_text=asked.name).click()
    boris.wait_for_url(re.compile(rf"/steps/{asked.pk}/"))
    boris.get_by_label("Decline", exact=True).check()
    boris.get_by_label("Comment").fill("Too expensive")
    boris.get_by_role("button", name="Save and continue").click()
    boris.wait_for_url(re.compile("/activities/"))

    boris.goto(f"/activities/{asked.activity_id}/")
    assert f"/activities/{asked.activity_id}/" in boris.url
    main = boris.locator("#main")
    expect(main.get_by_text("Decline").first).to_be_visible()
    expect(main.get_by_text("Too expensive")).to_be_visible()
    expect(main.get_by_role("button", name="Save and continue")).to_have_count(0)


def test_the_process_menu_of_the_record_continues_and_history_lists_the_activity(visit, asked, contract):
    boris = visit("boris")
    boris.goto(f"/records/r/{contract.pk}/")
    boris.get_by_role("button", name="Process", exact=True).click()
    boris.locator("#process-menu").get_by_role("link", name=re.compile(re.escape(asked.name))).click()
    boris.wait_for_url(re.compile(rf"/steps/{asked.pk}/"))
    boris.goto(f"/records/r/{contract.pk}/")
    boris.get_by_role("tab", name="History").click()
    expect(
        boris.get_by_role("tabpanel", name="History").locator("a.list-title", has_text=asked.name)
    ).to_be_visible()


def test_in_the_section_list_one_step_opens_at_once_several_give_a_chooser_and_none_hides_the_button(
    visit, asked, contract, world, cast
):
    boris = visit("boris")
    boris.goto("/records/contract/")
    continue_process = boris.locator("[data-continue]")
    without = world["records"]["contract"][5]
    boris.locator(f"tr[data-id='{without.pk}'] td").last.click()
    expect(boris.locator("[data-open-record]")).to_be_visible()
    expect(continue_process).to_be_hidden()

    boris.locator(f"tr[data-id='{contract.pk}'] td").last.click()
    expect(continue_process).to_be_visible()
    continue_process.click()
    boris.wait_for_url(re.compile(rf"/steps/{asked.pk}/"))

    # A second instance on the same contract: two steps wait, and the button asks which.
    boris.goto("/records/contract/")
    process = world["processes"]["contract_approval"]
    other = instances.start_process(process=process, by=cast["anna"], now=timezone.now(), record=contract)
    row = boris.locator(f"tr[data-id='{contract.pk}']")
    expect(row.locator("[data-number]")).to_have_text("2")  # the list heard of it without a reload
    row.locator("td").last.click()
    continue_process.click()
    chooser = boris.get_by_role("dialog", name=re.compile("Continue process"))
    expect(chooser.get_by_role("link")).to_have_count(2)
    second = ProcessStep.objects.pending().get(instance=other)
    boris.keyboard.press("Tab")
    chooser.get_by_role("link", name=re.compile(re.escape(second.name))).press("Enter")
    boris.wait_for_url(re.compile(rf"/activities/{second.activity_id}/"))


def test_a_question_is_answered_on_the_card_and_the_next_step_opens(visit, asked):
    boris = visit("boris")
    boris.goto("/records/contract/")
    boris.get_by_role("button", name=re.compile("Communication panel")).click()
    card = boris.locator(".work-card", has_text=asked.name)
    card.get_by_role("button", name="Approve").click()
    boris.wait_for_url(re.compile(r"/steps/\d+/"))
    expect(boris.get_by_role("heading", level=1)).to_contain_text("Sign the contract")


def test_who_is_late_is_told_by_whom_and_keeps_what_was_typed(visit, asked, cast):
    carla = visit("carla")
    carla.goto(f"/steps/{asked.pk}/")
    carla.get_by_label("Approve", exact=True).check()
    carla.get_by_label("Comment").fill("A long and careful reason")
    steps.complete_step(step_id=asked.pk, by=cast["boris"], now=timezone.now(), result="no")
    # Her open page hears of it by itself ...
    expect(carla.get_by_role("alert")).to_contain_text("Boris Petrov")
    expect(carla.get_by_label("Comment")).to_have_value("A long and careful reason")


def test_who_sends_too_late_is_told_as_well(visit, asked, cast):
    carla = visit("carla")
    carla.goto(f"/steps/{asked.pk}/")
    carla.route("**/state/", lambda route: route.abort())  # her page does not hear in time
    carla.get_by_label("Approve", exact=True).check()
    carla.get_by_label("Comment").fill("A long and careful reason")
    steps.complete_step(step_id=asked.pk, by=cast["boris"], now=timezone.now(), result="no")
    carla.get_by_role("button", name="Save and continue").click()
    expect(carla.get_by_role("alert")).to_contain_text("Boris Petrov")
    expect(carla.get_by_label("Comment")).to_have_value("A long and careful reason")


def test_a_draft_survives_closing_the_page(visit, asked):
    boris = visit("boris")
    boris.goto(f"/steps/{asked.pk}/")
    boris.get_by_label("Comment").fill("Half a thought")
    expect(boris.locator("#draft-note")).not_to_be_empty()
    boris.goto("/activities/")
    boris.goto(f"/steps/{asked.pk}/")
    expect(boris.get_by_label("Comment")).to_have_value("Half a thought")


def test_take_and_give_back_move_the_card_between_colleagues(visit, asked):
    boris, carla = visit("boris"), visit("carla")
    for page in (boris, carla):
        page.goto("/activities/")
        page.get_by_role("button", name=re.compile("Communication panel")).click()
        expect(page.locator(".work-card")).to_have_count(1)
    boris.locator(".work-card").get_by_role("button", name="Take").click()
    expect(carla.locator(".work-card")).to_have_count(0)
    boris.locator(".work-card").get_by_role("button", name="Give back").click()
    expect(carla.locator(".work-card")).to_have_count(1)
    boris.locator(".work-card").get_by_role("button", name="Postpone").click()
    boris.locator(".work-card").get_by_role("button", name=re.compile("Tomorrow")).click()
    expect(carla.locator(".work-card")).to_have_count(0)
    expect(carla.locator("#bell-number")).to_be_hidden()

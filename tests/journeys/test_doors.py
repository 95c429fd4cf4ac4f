"""The doors back to a pending step: Activities, the record's page, the section's list; in a real browser."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bpm_portal.accounts.models import User
from processes.models import ProcessStep
from processes.services import handing, instances, steps
from tests.web import cookies_of

pytestmark = pytest.mark.django_db(transaction=True)


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
    expect(chooser.get_by_role("link").first).to_contain_text(re.compile("Start:.*Due:", re.DOTALL))
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


def test_who_types_while_a_colleague_takes_the_task_is_told_and_keeps_what_was_typed(visit, asked, cast):
    carla, boris = visit("carla"), visit("boris")
    carla.goto(f"/steps/{asked.pk}/")
    carla.get_by_label("Comment").fill("A long and careful reason")
    expect(carla.locator("#draft-note")).not_to_be_empty()
    boris.goto(f"/steps/{asked.pk}/")
    expect(boris.get_by_role("note")).to_contain_text("Carla Weiss has typed this and not sent it yet.")
    boris.get_by_label("Comment").fill("Mine")
    expect(boris.locator("#draft-note")).not_to_be_empty()
    carla.reload()
    expect(carla.get_by_label("Comment")).to_have_value(
        "A long and careful reason"
    )  # each has a draft of his own
    handing.take_step(step_id=asked.pk, by=cast["boris"], now=timezone.now())
    expect(carla.get_by_role("alert")).to_contain_text("Boris Petrov has taken this task.")
    expect(carla.get_by_label("Comment")).to_have_value("A long and careful reason")
    expect(carla.get_by_role("button", name="Save and continue")).to_have_count(0)
    expect(carla.locator("#main").get_by_role("button", name="Postpone")).to_have_count(0)


def test_a_task_given_to_somebody_else_in_russian_leaves_what_was_typed_on_the_page(visit, asked, cast):
    User.objects.filter(pk=cast["carla"].pk).update(language="ru")
    carla = visit("carla", width=360)
    carla.goto(f"/steps/{asked.pk}/")
    carla.get_by_label("Комментарий").fill("Подробное обоснование 🙂")
    handing.reassign_step(step_id=asked.pk, assignee=cast["dmitri"], by=cast["admin"], now=timezone.now())
    expect(carla.get_by_role("alert")).to_contain_text("Эта задача больше не ваша")
    expect(carla.get_by_label("Комментарий")).to_have_value("Подробное обоснование 🙂")


def test_after_signing_in_again_in_another_tab_what_was_typed_is_sent(visit, portal, asked, cast):
    boris = visit("boris")
    boris.goto(f"/steps/{asked.pk}/")
    boris.get_by_label("Decline", exact=True).check()
    boris.get_by_label("Comment").fill("Too expensive")
    boris.context.clear_cookies()
    boris.get_by_role("button", name="Save and continue").click()
    alert = boris.get_by_role("alert")
    expect(alert).to_contain_text("You are signed out.")
    with boris.context.expect_page() as opened:
        alert.get_by_role("link", name="Sign in again").click()
    expect(opened.value.get_by_label("Password")).to_be_visible()
    boris.context.add_cookies(cookies_of(cast["boris"], portal))
    boris.get_by_role("button", name="Save and continue").click()
    boris.wait_for_url(lambda url: "/steps/" not in url)
    asked.refresh_from_db()
    assert (asked.status, asked.result, asked.closed_by) == ("completed", "no", cast["boris"])
    assert asked.activity.result_details == "Too expensive"


def test_a_part_that_refreshes_itself_after_the_session_has_ended_does_not_carry_the_task_away(visit, asked):
    boris = visit("boris")
    boris.goto(f"/steps/{asked.pk}/")
    boris.get_by_label("Comment").fill("Too expensive")
    boris.context.clear_cookies()
    with boris.expect_response(lambda answer: "hx-redirect" in answer.headers):
        boris.evaluate("document.body.dispatchEvent(new CustomEvent('work-changed'))")
    expect(boris.get_by_role("alert")).to_contain_text("You are signed out.")
    boris.get_by_role("button", name="Save and continue").click()
    expect(boris.get_by_label("Comment")).to_have_value("Too expensive")
    expect(boris).to_have_url(re.compile(rf"/steps/{asked.pk}/"))


def test_who_goes_back_after_answering_finds_the_task_done(visit, asked):
    boris = visit("boris")
    boris.goto(f"/steps/{asked.pk}/")
    boris.get_by_label("Decline", exact=True).check()
    boris.get_by_role("button", name="Save and continue").dblclick()
    boris.wait_for_url(lambda url: "/steps/" not in url)
    expect(boris.locator("#toasts")).to_contain_text("is done")
    boris.go_back()
    expect(boris.locator("#main")).to_contain_text("Closed by")
    expect(boris.get_by_role("button", name="Save and continue")).to_have_count(0)


def test_an_open_activity_hears_that_a_colleague_was_faster_too(visit, world, cast, contract):
    process = world["processes"]["contract_approval"]
    instance = instances.start_process(process=process, by=cast["anna"], now=timezone.now(), record=contract)
    step = ProcessStep.objects.pending().get(instance=instance)
    carla = visit("carla")
    carla.goto(f"/activities/{step.activity_id}/")
    carla.get_by_label("Result details").fill("A long and careful reason")
    steps.complete_step(step_id=step.pk, by=cast["boris"], now=timezone.now(), result="clean")
    expect(carla.get_by_role("alert")).to_contain_text("Boris Petrov has already completed this task")
    expect(carla.get_by_label("Result details")).to_have_value("A long and careful reason")
    expect(carla.get_by_role("button", name="Terms are fine")).to_have_count(0)


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

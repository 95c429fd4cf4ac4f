"""Approval, edit page, e-mail and registered page in a real browser, with the worker behind them."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from processes.models import ProcessInstance, ProcessStep
from processes.services import instances, steps
from records.models import Record
from tests.journeys.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def pending(instance: ProcessInstance, element_id: str) -> ProcessStep:
    return ProcessStep.objects.pending().get(instance=instance, element_id=element_id)


def finish(instance: ProcessInstance, element_id: str, by, result=None, **variables) -> None:
    step = pending(instance, element_id)
    steps.complete_step(step_id=step.pk, by=by, now=timezone.now(), result=result, variables=variables)


@pytest.fixture
def onboarding(world, cast):
    """A new colleague is announced: papers, workplace and contact are asked for."""
    process = world["processes"]["onboarding"]
    instance = instances.start_process(process=process, by=cast["anna"], now=timezone.now())
    first_day = (timezone.now() + timedelta(days=9)).date().isoformat()
    finish(
        instance, "who", cast["anna"], "go", name="Robin Vogel", mail="robin@example.com", first_day=first_day
    )
    return instance


@pytest.fixture
def letter(onboarding, cast):
    """Everything is prepared; the welcome letter is to be sent."""
    finish(onboarding, "workplace", cast["carla"], "done")
    finish(onboarding, "papers", cast["anna"], "done")
    finish(onboarding, "contact", cast["anna"], name="Robin Vogel", phone="1")
    return pending(onboarding, "letter")


@pytest.fixture
def large(world, cast):
    """A large contract is approved by a sales manager; it is to be summed up for the head of sales."""
    contract = world["records"]["contract"][4]
    process = world["processes"]["contract_approval"]
    instance = instances.start_process(process=process, by=cast["anna"], now=timezone.now(), record=contract)
    finish(instance, "check_terms", cast["boris"], "clean")
    finish(instance, "approve", cast["boris"], "yes")
    return instance


@pytest.fixture
def quotes(world, cast):
    """Something is to be bought; quotes are to be compared."""
    request = world["records"]["request"][0]
    process = world["processes"]["purchase_request"]
    instance = instances.start_process(process=process, by=cast["anna"], now=timezone.now(), record=request)
    return pending(instance, "quotes")


def choose(page: Page, row: int, words: str) -> None:
    """Pick a supplier by typing."""
    box = page.get_by_role("combobox", name="Supplier").nth(row)
    box.press_sequentially(words)
    expect(page.locator(".picker-list:visible").get_by_role("option")).to_have_count(1)
    box.press("Enter")


def test_a_contact_is_added_saved_halfway_and_finished(visit, onboarding):
    step = pending(onboarding, "contact")
    anna = visit("anna")
    anna.goto(f"/activities/{step.activity_id}/")
    anna.wait_for_url(re.compile(rf"/steps/{step.pk}/"))
    expect(anna.get_by_label("Name", exact=True)).to_have_value("Robin Vogel")
    anna.get_by_role("button", name="Save").click()
    expect(anna.locator(".step-page")).to_contain_text("the phone number must be known")
    expect(anna.locator(".step-page")).to_contain_text("Contact: Robin Vogel")
    look(anna, f"/steps/{step.pk}/")
    anna.get_by_label("Phone").fill("+49 30 5550142")
    anna.get_by_role("button", name="Save").click()
    anna.wait_for_url(lambda url: "/steps/" not in url)
    made = Record.objects.get(record_type__code="contact", caption="Robin Vogel")
    anna.goto(f"/records/r/{made.pk}/?tab=history")
    expect(anna.locator("a.list-title", has_text=step.name)).to_be_visible()


def test_an_e_mail_is_composed_sent_by_the_worker_and_kept(visit, letter):
    anna = visit("anna")
    anna.goto(f"/steps/{letter.pk}/")
    expect(anna.get_by_label("To", exact=True)).to_have_value("robin@example.com")
    anna.get_by_label("To", exact=True).fill("robin@example")
    anna.get_by_role("button", name="Send").click()
    expect(anna.locator(".field-error")).to_contain_text("robin@example")
    anna.get_by_label("To", exact=True).fill("robin@example.com")
    anna.get_by_label("Text").fill("Welcome aboard!")
    anna.get_by_role("button", name="Send").click()
    expect(anna.locator("#toasts")).to_contain_text("being sent")
    eventually(lambda: ProcessStep.objects.filter(pk=letter.pk, status="completed").exists())
    anna.goto(f"/steps/{letter.pk}/")
    anna.wait_for_url(re.compile(rf"/activities/{letter.activity_id}/"))
    expect(anna.locator("#main")).to_contain_text("To: robin@example.com")
    expect(anna.locator("#main")).to_contain_text("Welcome aboard!")
    expect(anna.get_by_role("button", name="Send")).to_have_count(0)


def test_a_contract_is_summed_up_point_by_point_then_rejected_with_a_comment(visit, large):
    boris = visit("boris")
    boris.goto(f"/steps/{pending(large, 'summary').pk}/")
    boris.get_by_label("The terms follow our template").check()
    boris.get_by_role("button", name="Confirm").click()
    expect(boris.get_by_text("Tick this first.")).to_have_count(2)
    boris.get_by_role("button", name="Save for later").click()
    expect(boris.get_by_label("The terms follow our template")).to_be_checked()
    boris.get_by_label("The amount agrees with the offer").check()
    boris.get_by_label("The account exists and owes us nothing").check()
    boris.get_by_role("button", name="Confirm").click()
    boris.wait_for_url(lambda url: "/steps/" not in url)

    dmitri = visit("dmitri", locale="en-GB")
    step = pending(large, "head_approves")
    dmitri.goto("/activities/")
    dmitri.locator("#bell").click()
    card = dmitri.locator(".work-card", has_text=step.name)
    card.get_by_role("link", name=re.compile("Отклонить|Reject")).click()
    dmitri.wait_for_url(re.compile(rf"/steps/{step.pk}/"))
    dmitri.locator("button[value=rejected]").click()
    expect(dmitri.locator(".field-error")).to_have_count(1)
    dmitri.locator("textarea[name=details]").fill("Too dear for us")
    dmitri.locator("button[value=rejected]").click()
    eventually(lambda: ProcessInstance.objects.filter(pk=large.pk, status="completed").exists())
    boris.goto(f"/records/r/{large.record_id}/?tab=processes")
    expect(boris.locator(".record-decisions")).to_contain_text("Too dear for us")


def test_an_approval_is_given_on_the_card(visit, large, cast):
    points = {"check_terms": True, "check_amount": True, "check_account": True}
    finish(large, "summary", cast["boris"], "confirmed", **points)
    dmitri = visit("dmitri")
    dmitri.goto("/activities/")
    dmitri.locator("#bell").click()
    card = dmitri.locator(".work-card", has_text=pending(large, "head_approves").name)
    card.locator("button[value=approved]").click()
    expect(card).to_have_count(0)
    assert eventually(lambda: ProcessStep.objects.filter(instance=large, element_id="sign").first())


def test_quotes_are_compared_and_the_best_is_chosen(visit, quotes):
    boris = visit("boris")
    boris.goto(f"/steps/{quotes.pk}/")
    choose(boris, 0, "Office Wor")
    boris.get_by_label("Price").nth(0).fill("900.50")
    boris.get_by_label("Delivery, days").nth(0).fill("3")
    boris.get_by_role("button", name="Choose the best offer").click()
    expect(boris.get_by_role("alert")).to_contain_text("at least 2")
    choose(boris, 1, "Papier")
    boris.get_by_label("Price").nth(1).fill("870")
    boris.get_by_label("Delivery, days").nth(1).fill("9")
    boris.get_by_role("button", name="Compare", exact=True).click()
    expect(boris.locator(".quote-best")).to_contain_text("Quote 2")
    boris.get_by_role("button", name="Choose the best offer").click()
    boris.wait_for_url(lambda url: "/steps/" not in url)
    quotes.instance.refresh_from_db()
    variables = quotes.instance.variables
    assert (variables["supplier"]["caption"], variables["price"], variables["delivery_days"]) == (
        "Papier Union",
        870,
        9,
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(visit, letter, large, quotes, cast, theme, width):
    points = {"check_terms": True, "check_amount": True, "check_account": True}
    pages = {"anna": [letter.pk], "boris": [pending(large, "summary").pk, quotes.pk]}
    for username, found in pages.items():
        page = visit(username, width=width, color_scheme=theme)
        for key in found:
            look(page, f"/steps/{key}/")
    finish(large, "summary", cast["boris"], "confirmed", **points)
    page = visit("dmitri", width=width, color_scheme=theme)
    step = pending(large, "head_approves")
    look(page, f"/steps/{step.pk}/")
    finish(large, "head_approves", cast["dmitri"], "approved")
    look(page, f"/steps/{step.pk}/")


def look(page: Page, address: str) -> None:
    """Let axe look at a page."""
    page.goto(address)
    results = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
    assert [f"{v['id']}: {v['nodes'][0]['html']}" for v in results] == [], address
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address

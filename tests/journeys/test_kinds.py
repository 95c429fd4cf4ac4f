"""Approval, edit page, e-mail and registered page in a real browser, with the worker behind them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from processes.models import ProcessInstance, ProcessStep
from processes.services import instances, steps
from processes.services.definitions import deploy_file
from records.models import Record
from tests.journeys.waiting import eventually, settled
from tests.step_kinds.conftest import diagram

pytestmark = pytest.mark.django_db(transaction=True)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def pending(instance: ProcessInstance, element_id: str) -> ProcessStep:
    return ProcessStep.objects.pending().get(instance=instance, element_id=element_id)


def speaks_russian(person: Any) -> None:
    type(person).objects.filter(pk=person.pk).update(language="ru")


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


def test_a_file_goes_out_with_an_e_mail_and_what_was_typed_stays_in_russian_on_a_phone(visit, letter, cast):
    speaks_russian(cast["anna"])
    anna = visit("anna", width=360, height=740)
    anna.goto(f"/steps/{letter.pk}/")
    anna.get_by_label("Текст").fill("Добро пожаловать 🙂")
    files = anna.locator("#files")
    add = files.get_by_role("button", name="Добавить", exact=True)
    chosen = files.locator("input[type=file]")
    chosen.set_input_files({"name": "вирус.exe", "mimeType": "application/pdf", "buffer": b"MZ"})
    add.click()
    expect(anna.locator("#toasts")).to_contain_text("Файлы этого типа")
    anna.locator("#toasts").get_by_role("button").click()
    expect(anna.get_by_label("Текст")).to_have_value("Добро пожаловать 🙂")
    chosen.set_input_files({"name": "Памятка 🙂.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"})
    add.click()
    expect(files.get_by_role("link", name="Памятка 🙂.pdf")).to_be_visible()
    expect(anna.get_by_label("Текст")).to_have_value("Добро пожаловать 🙂")
    look(anna, anna.url)
    anna.get_by_role("button", name="Отправить").dblclick()
    expect(anna.locator("#toasts")).to_contain_text("Email отправляется.")
    eventually(lambda: ProcessStep.objects.filter(pk=letter.pk, status="completed").exists())
    admin = visit("admin")
    admin.goto("/mails/")
    admin.locator(".mail-list li", has_text="robin@example.com").get_by_role("link").click()
    expect(admin.locator("#main")).to_contain_text("Памятка 🙂.pdf")
    expect(admin.locator("#main")).to_contain_text("Добро пожаловать 🙂")


def test_the_approver_is_changed_once_in_russian_on_a_phone(visit, world, cast):
    for person in (cast["boris"], cast["carla"]):
        speaks_russian(person)
    source = diagram("visa", 'portal:kind="approval" portal:assignee="boris" portal:delegable="true"')
    [version] = deploy_file(source=source, by=None, now=timezone.now())
    step = pending(
        instances.start_process(process=version.process, by=cast["carla"], now=timezone.now()), "task"
    )
    boris = visit("boris", width=360, height=740)
    boris.goto(f"/steps/{step.pk}/")
    boris.get_by_role("button", name="Сменить визирующего").click()
    dialog = boris.get_by_role("dialog")
    person = dialog.get_by_role("combobox", name="Сотрудник")
    person.press_sequentially("carla")
    expect(boris.locator(".picker-list:visible").get_by_role("option")).to_have_count(1)
    person.press("Enter")
    dialog.get_by_role("button", name="Сменить визирующего").click()
    expect(boris.locator("#toasts")).to_contain_text("Задача переназначена.")

    carla = visit("carla", width=360, height=740)
    carla.goto("/activities/")
    carla.locator("#bell").click()
    card = carla.locator(".work-card", has_text=step.name)
    card.get_by_role("link", name="Отклонить").click()
    carla.wait_for_url(re.compile(rf"/steps/{step.pk}/"))
    expect(carla.get_by_role("button", name="Сменить визирующего")).to_have_count(
        0
    )  # nor on the card beside it
    carla.get_by_role("button", name="Отклонить", exact=True).last.click()
    expect(carla.locator(".field-error")).to_have_count(1)
    carla.locator("textarea[name=details]").fill("Слишком дорого")
    carla.get_by_role("button", name="Отклонить", exact=True).last.click()
    eventually(lambda: ProcessInstance.objects.filter(pk=step.instance_id, status="completed").exists())
    step.refresh_from_db()
    assert (step.result, step.details, step.closed_by) == ("rejected", "Слишком дорого", cast["carla"])


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
    results = Axe().run(settled(page), options={"runOnly": WCAG}).response["violations"]
    assert [f"{v['id']}: {v['nodes'][0]['html']}" for v in results] == [], address
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address

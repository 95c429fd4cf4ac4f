"""Selecting a row of a section in a real browser: by mouse, by keyboard, while work changes elsewhere."""

import shutil

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from processes.models import ProcessStep
from tests import factories

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture
def page(monkeypatch, live_server, bob):
    """A page of bob's browser, signed in."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's own loop runs in this thread
    # A connection that outlives its request would keep the test database from being dropped.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    door = Client()
    door.force_login(bob)
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": door.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        context = browser.new_context()
        context.add_cookies([cookie])
        yield context.new_page()
        browser.close()
        connections.close_all()  # within Playwright's loop Django opened connections of their own


@pytest.fixture
def rows(contracts, open_step, bob):
    """Three contracts, newest first in the list: with no pending step, with one, with two."""
    two = factories.RecordFactory(record_type=contracts, caption="Two steps")
    one = factories.RecordFactory(record_type=contracts, caption="One step")
    none = factories.RecordFactory(record_type=contracts, caption="No step")
    for record in (two, two, one):
        open_step(record, assignee=bob)
    return {"none": none, "one": one, "two": two}


@pytest.fixture
def opened(page, live_server, rows, contracts):
    """The list of contracts."""
    page.goto(f"{live_server.url}/records/{contracts.code}/")
    return page


def row(page, record):
    return page.locator(f'tr[data-id="{record.pk}"]')


def continue_button(page):
    return page.locator("#record-bar [data-continue]")


def test_the_bar_follows_the_selected_row(opened, rows):
    expect(continue_button(opened)).to_be_hidden()
    row(opened, rows["none"]).locator("td").first.click()
    expect(row(opened, rows["none"])).to_have_attribute("aria-selected", "true")
    expect(opened.locator("#record-bar [data-open-record]")).to_be_visible()
    expect(continue_button(opened)).to_be_hidden()
    opened.keyboard.press("ArrowDown")
    expect(row(opened, rows["one"])).to_have_attribute("aria-selected", "true")
    expect(row(opened, rows["one"])).to_be_focused()
    expect(continue_button(opened)).to_be_visible()
    expect(continue_button(opened).locator("[data-count]")).to_be_hidden()
    opened.keyboard.press("End")
    expect(continue_button(opened).locator("[data-count]")).to_have_text("2")
    opened.keyboard.press("Space")
    expect(opened.locator('tr[aria-selected="true"]')).to_have_count(0)
    expect(continue_button(opened)).to_be_hidden()


def test_enter_opens_the_record(opened, rows):
    row(opened, rows["none"]).focus()
    opened.keyboard.press("Enter")
    opened.wait_for_url(f"**/records/r/{rows['none'].pk}/")


def test_one_pending_step_opens_at_once(opened, rows):
    step = ProcessStep.objects.get(record=rows["one"])
    row(opened, rows["one"]).locator("td").first.click()
    continue_button(opened).click()
    opened.wait_for_url(f"**/steps/{step.pk}/**")


def test_several_pending_steps_give_the_chooser(opened, rows):
    row(opened, rows["two"]).locator("td").first.click()
    continue_button(opened).click()
    dialog = opened.locator("dialog[open]")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_text("Approve the contract")).to_have_count(2)
    opened.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    continue_button(opened).click()
    expect(opened.locator("dialog[open]")).to_be_visible()


def test_counts_follow_the_work_and_the_selection_stays(opened, rows, now):
    row(opened, rows["one"]).locator("td").first.click()
    expect(continue_button(opened)).to_be_visible()
    ProcessStep.objects.filter(record=rows["one"]).update(status="completed", closed_at=now)
    opened.evaluate("document.body.dispatchEvent(new CustomEvent('work-changed'))")
    expect(continue_button(opened)).to_be_hidden()
    expect(row(opened, rows["one"])).to_have_attribute("aria-selected", "true")
    expect(row(opened, rows["one"]).locator("[data-badge]")).to_be_hidden()


def test_the_selection_survives_a_search(opened, rows):
    row(opened, rows["one"]).locator("td").first.click()
    opened.locator("#id_q").fill("one")
    expect(opened.locator("tr[data-id]")).to_have_count(1)
    expect(row(opened, rows["one"])).to_have_attribute("aria-selected", "true")
    opened.locator("#id_q").fill("no step")
    expect(row(opened, rows["none"])).to_be_visible()
    expect(opened.locator("#record-bar [data-actions]")).to_be_hidden()


def test_a_step_done_elsewhere_leaves_the_process_menu(page, live_server, rows, now):
    page.goto(f"{live_server.url}/records/r/{rows['one'].pk}/")
    page.locator("#process-button").click()
    entry = page.locator("#process-menu").get_by_text("Approve the contract")
    expect(entry).to_be_visible()
    ProcessStep.objects.filter(record=rows["one"]).update(status="completed", closed_at=now)
    page.evaluate("document.body.dispatchEvent(new CustomEvent('work-changed'))")
    expect(entry).to_have_count(0)
    expect(page.locator("#process-menu")).to_be_visible()

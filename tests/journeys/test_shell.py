"""The frame of every page, as people use it: themes, languages, small screens, keys, pickers, lost connections."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.waiting import settled

pytestmark = pytest.mark.django_db(transaction=True)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page, part=None):
    """What axe finds on the page or in a part of it, in words, once no colour or shade is on its way any more."""
    results = Axe().run(settled(page), context=part, options={"runOnly": WCAG}).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in results]


def theme_of(page):
    return page.evaluate("document.documentElement.dataset.bsTheme")


def test_the_theme_changes_at_once_and_is_there_before_the_next_page_is_painted(visit):
    page = visit("boris", color_scheme="light")
    page.goto("/profile/")
    page.locator(".shell-user").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    answer = page.request.get("/profile/").text()
    assert 'data-bs-theme="dark"' in answer  # from the server, not from a script after the first paint


def test_as_the_device_follows_the_device_while_the_page_is_open(visit):
    page = visit("boris", color_scheme="dark")
    page.goto("/profile/")
    assert theme_of(page) == "dark"
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_the_profile_is_saved_by_choosing(visit, cast):
    page = visit("boris")
    page.goto("/profile/")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    expect(page.locator("#toasts")).to_contain_text("Saved.")
    cast["boris"].refresh_from_db()
    assert cast["boris"].time_zone == "Europe/Berlin"
    page.get_by_label("Language").select_option("ru")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.get_by_role("heading", level=1)).to_have_text("Профиль")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(visit, theme, width):
    page = visit("boris", width=width, color_scheme=theme)
    for address in ("/profile/", "/activities/999999/"):
        page.goto(address)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.locator(".shell-user").click()
        assert violations(page, ".shell-menu") == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_at_the_door(portal, browser, transactional_db, theme):
    page = browser.new_page(color_scheme=theme, viewport={"width": 360, "height": 740})
    page.goto(f"{portal}/sign-in/")
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []
    page.close()


def test_on_a_phone_the_menu_opens_and_closes_by_keyboard(visit):
    page = visit("boris", width=360)
    page.goto("/profile/")
    menu = page.locator("#shell-nav")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Main menu").press("Enter")
    expect(page.locator("#shell-nav.show:not(.showing)")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_the_first_tab_leads_past_the_menu(visit):
    page = visit("boris")
    page.goto("/profile/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_question_mark_explains_the_keys_but_not_while_one_types(visit):
    page = visit("boris")
    page.goto("/activities/add/")
    title = page.get_by_label("Title", exact=False).first
    title.fill("")
    title.press("?")
    expect(title).to_have_value("?")
    page.locator("#main").focus()
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keys")
    expect(help_).to_be_visible()
    help_.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.locator("#main").focus()
    page.keyboard.press("?")
    expect(help_).to_be_hidden()


def test_a_colleague_is_picked_by_keyboard_alone(visit, cast):
    page = visit("boris")
    page.goto("/activities/add/")
    box = page.get_by_role("combobox", name="Owner")
    box.fill("")
    box.press_sequentially("carl")
    expect(page.locator(".picker-list:visible").get_by_role("option")).to_have_count(1)
    box.press("Enter")
    expect(box).to_have_value(str(cast["carla"]))
    expect(page.locator("input[type=hidden][name=owner]")).to_have_value(str(cast["carla"].pk))
    box.press_sequentially(" nobody")
    page.keyboard.press("Tab")
    expect(box).to_have_value(str(cast["carla"]))  # words that name nobody do not pretend to


def test_enter_takes_whom_the_words_name_and_not_who_is_still_shown(visit, cast):
    page = visit("boris")
    page.goto("/activities/add/")
    box = page.get_by_role("combobox", name="Owner")
    box.fill("a")
    shown = page.locator(".picker-list:visible")
    expect(shown.get_by_role("option").first).to_contain_text(str(cast["admin"]))
    box.fill("Carla")
    box.press("Enter")  # sooner than the list follows
    expect(box).to_have_value(str(cast["carla"]))
    expect(shown).to_have_count(0)


def test_a_lost_connection_is_said_in_words(visit):
    page = visit("boris")
    page.goto("/profile/")
    page.context.set_offline(True)
    page.get_by_label("Theme").select_option("dark")
    expect(page.locator("#toasts")).to_contain_text("The server cannot be reached.")
    page.locator("#toasts").get_by_role("button", name="Close").click()
    expect(page.locator("#toasts > *")).to_have_count(0)


def test_after_the_session_ended_a_fragment_leads_to_the_door_and_back(visit):
    page = visit("boris")
    page.goto("/profile/")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Theme").select_option("dark")
    page.wait_for_url("**/sign-in/?next=/profile/")


def test_the_programs_interface_can_be_read_in_the_browser(visit):
    page = visit("boris")
    page.goto("/api/docs/")
    expect(page.locator("#swagger-ui .opblock").first).to_be_visible()

"""Nothing typed is lost in a real browser: not with the session, nobody else sees it, signing out forgets it."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from activities import services
from records.models import SavedFilter
from tests.web import cookies_of

pytestmark = pytest.mark.django_db(transaction=True)
BOX = "#id_comment"


@pytest.fixture
def task(cast):
    """One that Boris and Carla see."""
    made = services.create_activity(
        title="Plan the fair", starts_at=timezone.now(), due_at=None, by=cast["boris"], now=timezone.now()
    )
    services.add_participant(activity_id=made.pk, user=cast["carla"], by=cast["boris"], now=timezone.now())
    return made


@pytest.fixture
def page(visit, task, request, cast):
    """Boris on the page of his task; in Russian on a phone where a test asks for it."""
    language, width = getattr(request, "param", ("en", 1280))
    cast["boris"].language = language
    cast["boris"].save()
    page = visit("boris", width=width)
    page.goto(f"/activities/{task.pk}/")
    return page


@pytest.fixture
def sign_in(portal, cast):
    """Go through the door before which the page stands."""

    def enter(page, username):
        page.wait_for_url("**/sign-in/**")
        page.context.add_cookies(cookies_of(cast[username], portal))
        page.goto(page.url)
        page.wait_for_url(lambda url: "/sign-in/" not in url)

    return enter


def send_too_late(page, button):
    """The session ends while the finger is on the button: a part that refreshes itself may be faster."""
    button.focus()
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("Enter")


def comment_button(page):
    return page.locator("#comments form .btn").last


@pytest.mark.parametrize(
    ("page", "said"),
    [(("en", 1280), "What you typed is here again."), (("ru", 360), "Набранное вами снова здесь.")],
    indirect=["page"],
)
def test_a_comment_sent_too_late_is_there_again_after_signing_in_and_is_made_once(page, sign_in, task, said):
    page.locator(BOX).fill("Let us take the big stand.")
    send_too_late(page, comment_button(page))
    page.wait_for_url(f"**/sign-in/?next=/activities/{task.pk}/")
    sign_in(page, "boris")
    page.wait_for_url(f"**/activities/{task.pk}/")
    expect(page.locator(BOX)).to_have_value("Let us take the big stand.")
    expect(page.locator(BOX)).to_be_focused()
    expect(page.locator("#toasts")).to_contain_text(said)
    comment_button(page).click()
    expect(page.locator("#comments-rows")).to_contain_text("Let us take the big stand.")
    expect(page.locator(BOX)).to_have_value("")
    page.reload()
    expect(page.locator(BOX)).to_have_value("")
    assert task.comments.count() == 1


def test_who_signs_in_instead_does_not_see_what_another_typed(page, sign_in, task):
    page.locator(BOX).fill("Carla must not know.")
    send_too_late(page, comment_button(page))
    sign_in(page, "carla")
    page.wait_for_url(f"**/activities/{task.pk}/")
    expect(page.locator(BOX)).to_have_value("")
    assert "Carla must not know." not in page.evaluate("JSON.stringify(sessionStorage)")


def test_signing_out_forgets_what_was_typed_in_every_tab(page, sign_in, task):
    page.locator(BOX).fill("A thought")
    other = page.context.new_page()
    other.goto(f"/activities/{task.pk}/")
    other.locator(BOX).fill("Another thought")
    page.locator(".shell-user").click()
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "boris")
    for tab in (page, other):
        tab.goto(f"/activities/{task.pk}/")
        expect(tab.locator(BOX)).to_have_value("")


def test_a_comment_waits_while_one_looks_something_up(page, task):
    page.locator(BOX).fill("Half a sen")
    page.goto("/activities/")
    page.goto(f"/activities/{task.pk}/")
    expect(page.locator(BOX)).to_have_value("Half a sen")


def test_a_page_refused_after_signing_in_elsewhere_gives_back_what_was_typed(page, task):
    page.locator(BOX).fill("Typed before the other tab")
    page.context.clear_cookies(name="csrftoken")
    comment_button(page).click()
    expect(page.locator("body")).to_contain_text("The page has expired.")
    page.goto(f"/activities/{task.pk}/")
    expect(page.locator(BOX)).to_have_value("Typed before the other tab")


def test_what_is_refused_with_a_message_stays_where_it_was_typed(page):
    moment = page.locator("#reminder input[type=datetime-local]")
    moment.fill("2020-01-02T03:04")
    page.locator("#reminder .btn").click()
    expect(page.locator("#toasts [data-level=error]")).to_be_visible()
    expect(moment).to_have_value("2020-01-02T03:04")


def test_a_dialog_opened_again_after_signing_in_holds_what_was_typed_and_then_forgets_it(page, sign_in):
    page.goto("/activities/?show=all")
    page.get_by_role("button", name="Save filter").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Fair")
    send_too_late(page, page.get_by_role("dialog").get_by_role("button", name="Save"))
    sign_in(page, "boris")
    page.get_by_role("button", name="Save filter").click()
    name = page.get_by_role("dialog").get_by_label("Name")
    expect(name).to_have_value("Fair")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert SavedFilter.objects.filter(name="Fair").count() == 1
    page.get_by_role("button", name="Save filter").click()
    expect(name).to_have_value("")


def test_a_colleague_chosen_too_late_is_still_chosen_after_signing_in(page, sign_in, cast, task):
    page.goto("/activities/add/")
    page.get_by_label("Title").fill("Call the printer")
    box = page.get_by_role("combobox", name="Owner")
    box.fill("carl")
    expect(page.locator(".picker-list:visible").get_by_role("option")).to_have_count(1)
    box.press("Enter")
    page.get_by_label("Priority").select_option(index=2)
    send_too_late(page, page.locator("#main form .btn-primary").last)
    sign_in(page, "boris")
    expect(page.get_by_label("Title")).to_have_value("Call the printer")
    expect(box).to_have_value(str(cast["carla"]))
    expect(page.locator("input[type=hidden][name=owner]")).to_have_value(str(cast["carla"].pk))
    expect(page.locator("#id_priority option:checked")).to_have_text("Low")


def test_a_refresh_that_finds_the_session_ended_takes_nothing_away(page, sign_in):
    page.goto("/activities/add/")
    page.get_by_label("Title").fill("Call the printer")
    page.context.clear_cookies(name="sessionid")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('work-changed'))")
    sign_in(page, "boris")
    expect(page.get_by_label("Title")).to_have_value("Call the printer")

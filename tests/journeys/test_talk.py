"""Talk about an activity in a real browser: call a colleague by name, who hears of it at once; keep a file."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from activities import services
from records.services import save_filter
from tests.journeys.waiting import eventually, settled

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def task(cast):
    """Boris's own."""
    return services.create_activity(
        title="Plan the fair", starts_at=timezone.now(), due_at=None, by=cast["boris"], now=timezone.now()
    )


def problems(page):
    return [
        (v["id"], [n["html"][:160] for n in v["nodes"]])
        for v in Axe().run(settled(page)).response["violations"]
    ]


def test_a_colleague_is_called_by_name_and_hears_of_it_at_once(visit, cast, task):
    boris, carla = visit("boris"), visit("carla")
    carla.goto("/activities/")
    boris.goto(f"/activities/{task.pk}/")
    boris.get_by_role("combobox", name="Add a person").press_sequentially("Carla")
    expect(boris.locator(".picker-list:visible").get_by_role("option")).to_have_count(1)
    boris.keyboard.press("Enter")
    boris.locator("#participants").get_by_role("button", name="Add", exact=True).click()
    expect(boris.locator("#participants")).to_contain_text(str(cast["carla"]))

    box = boris.get_by_role("textbox", name="Comment")
    box.press_sequentially("What do you think, @carl")
    expect(boris.get_by_role("option")).to_have_count(1)
    box.press("Tab")
    expect(box).to_have_value("What do you think, @carla ")
    boris.locator("#comments").get_by_role("button", name="Comment", exact=True).click()
    expect(boris.locator("#comments-rows")).to_contain_text("What do you think, @carla")

    carla.get_by_role("button", name=re.compile("Communication panel")).click()
    carla.get_by_role("tab", name=re.compile("Notification centre")).click()
    carla.get_by_role("link", name=re.compile("calls you in “Plan the fair”")).click()
    carla.wait_for_url(re.compile(rf"/activities/{task.pk}/#comments"))

    # She answers; his open page shows it by itself.
    carla.get_by_role("textbox", name="Comment").fill("Let us go.")
    carla.locator("#comments").get_by_role("button", name="Comment", exact=True).click()
    expect(boris.locator("#comments-rows")).to_contain_text("Let us go.")


def test_a_late_answer_does_not_offer_again_whom_one_has_called_already(visit, task):
    page = visit("boris")
    page.goto(f"/activities/{task.pk}/")
    box, offered = page.get_by_role("textbox", name="Comment"), page.get_by_role("option")
    box.press_sequentially("Well, @car")
    expect(offered).to_have_count(1)
    held = []
    page.route(re.compile("q=carl$"), lambda route, _request: held.append(route))
    with page.expect_request(re.compile("q=carl$")):
        box.press_sequentially("l")
    box.press("Tab")
    expect(box).to_have_value("Well, @carla ")
    with page.expect_response(re.compile("q=carl$")) as answer:
        eventually(lambda: page.evaluate("true") and held)[0].continue_()
    answer.value.finished()
    page.evaluate("new Promise((ready) => setTimeout(ready))")  # until the page has read it
    expect(offered).to_have_count(0)


def test_a_file_is_kept_and_comes_back_as_a_download(visit, task):
    page = visit("boris")
    page.goto(f"/activities/{task.pk}/")
    page.get_by_label("Add a file").set_input_files(
        {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"one, two, three"}
    )
    page.locator("#files").get_by_role("button", name="Add", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="plan.txt").click()
    assert download.value.suggested_filename == "plan.txt"
    with open(download.value.path(), "rb") as stored:
        assert stored.read() == b"one, two, three"
    page.get_by_role("button", name="Delete plan.txt").click()
    page.locator("#confirm [value=yes]").click()
    expect(page.locator("#files")).to_contain_text("No files.")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_refusal_of_a_file_covers_no_control_of_its_form(visit, task, width):
    page = visit("boris", width=width)
    page.goto(f"/activities/{task.pk}/")
    page.get_by_label("Add a file").set_input_files(
        {"name": "trojan.exe", "mimeType": "application/x-dosexec", "buffer": b"MZ"}
    )
    page.locator("#files").get_by_role("button", name="Add", exact=True).click()
    refusal = page.locator("#toasts [data-level=error]")
    expect(refusal).to_be_visible()
    for control in page.locator("#files form :is(input, button):not([type=hidden])").all():
        control.scroll_into_view_if_needed()
        eventually(lambda control=control: not overlap(control.bounding_box(), refusal.bounding_box()))


def overlap(one, other):
    return all(
        one[at] < other[at] + other[size] and other[at] < one[at] + one[size]
        for at, size in (("x", "width"), ("y", "height"))
    )


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_everybody_can_use_it(visit, cast, task, scheme, width):
    services.add_participant(activity_id=task.pk, user=cast["carla"], by=cast["boris"], now=timezone.now())
    services.comment_activity(activity_id=task.pk, text="@carla, look", by=cast["boris"], now=timezone.now())
    page = visit("boris", width=width, color_scheme=scheme)
    page.goto(f"/activities/{task.pk}/")
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    save_filter(
        list_code="activities",
        name="All",
        query={"show": "all"},
        role=cast["boris"].groups.first(),
        by=cast["boris"],
        now=timezone.now(),
    )
    page.goto("/activities/?show=all")
    page.locator("#activities [name=ids]").first.check()
    assert problems(page) == []
    page.locator("#bulk-bar").get_by_role("button", name="Postpone").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert problems(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save filter").click()
    expect(page.get_by_role("dialog", name="Save filter")).to_be_visible()
    assert problems(page) == []

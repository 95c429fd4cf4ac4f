"""The calendar in a real browser: by pointer, by keyboard, in two browsers at once; and many rows of the list."""

import re
from datetime import datetime, time, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from activities import services
from activities.models import Activity
from processes.models import ProcessStep
from processes.services import instances
from tests.journeys.waiting import eventually, settled

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = datetime(2026, 3, 2, tzinfo=timezone.get_default_timezone()).date()
WEEK = "/activities/calendar/?view=week&date=2026-03-02"
MONTH = re.compile("/calendar/.*view=month")


@pytest.fixture
def boris(cast):
    """His clock is that of the tests."""
    person = cast["boris"]
    person.time_zone = "UTC"
    person.save()
    return person


def at(hour, minute=0, day=MONDAY):
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


@pytest.fixture
def call(boris):
    """On Monday from ten to eleven."""
    return services.create_activity(
        title="Call the client", starts_at=at(10), due_at=at(11), by=boris, now=timezone.now()
    )


def times(activity):
    activity.refresh_from_db()
    return [moment.strftime("%a %H:%M") for moment in (activity.starts_at, activity.due_at)]


def drag(page, start, target):
    """From one point of the page to another, in small steps as a hand does."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0], start[1] + 6)
    page.mouse.move(*target, steps=8)
    page.mouse.up()


def problems(page):
    found = Axe().run(settled(page))
    return [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found.response["violations"]]


def test_an_activity_is_dragged_to_another_day_and_pulled_longer(visit, call):
    page = visit("boris")
    page.goto(WEEK)
    event = page.locator(f"#event-{call.pk}")
    expect(event).to_be_in_viewport()
    box = eventually(event.bounding_box)
    hour = box["height"] + 2
    wednesday = eventually(page.locator(".cal-column").nth(2).bounding_box)
    middle = (box["x"] + box["width"] / 2, box["y"] + 10)
    drag(page, middle, (wednesday["x"] + 40, middle[1] + 2 * hour))
    eventually(lambda: times(call) == ["Wed 12:00", "Wed 13:00"])
    expect(page.locator(".cal-column").nth(2).locator(f"#event-{call.pk}")).to_be_visible()

    box = eventually(event.bounding_box)
    edge = (box["x"] + box["width"] / 2, box["y"] + box["height"] - 2)
    drag(page, edge, (edge[0], edge[1] + hour / 2))
    eventually(lambda: times(call) == ["Wed 12:00", "Wed 13:30"])
    expect(page.get_by_role("dialog")).to_have_count(0)  # no click follows a drag

    event.click()
    dialog = page.get_by_role("dialog", name="Call the client")
    expect(dialog).to_be_visible()
    dialog.get_by_text("Change times").click()
    dialog.get_by_label("Start").fill("2026-03-05T08:00")
    dialog.get_by_label("Due").fill("2026-03-05T09:00")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".cal-column").nth(3).locator(f"#event-{call.pk}")).to_be_visible()


def test_what_is_pulled_before_the_calendar_was_fetched_again_stays_on_the_day_to_which_it_was_dragged(
    visit, call
):
    page = visit("boris")
    page.goto(WEEK)
    event = page.locator(f"#event-{call.pk}")
    expect(event).to_be_in_viewport()
    page.route(re.compile("/activities/calendar/"), lambda _route: None)  # the answer lets wait for itself
    box = event.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + 10)
    drag(page, middle, (page.locator(".cal-column").nth(2).bounding_box()["x"] + 40, middle[1]))
    eventually(lambda: times(call) == ["Wed 10:00", "Wed 11:00"])
    box = event.bounding_box()
    edge = (box["x"] + box["width"] / 2, box["y"] + box["height"] - 2)
    drag(page, edge, (edge[0], edge[1] + box["height"] / 2))
    eventually(lambda: times(call) == ["Wed 10:00", "Wed 11:30"])


def test_the_keyboard_moves_and_stretches_it_and_says_so(visit, call):
    page = visit("boris")
    page.goto(WEEK)
    event = page.locator(f"#event-{call.pk}")
    event.focus()
    for key in ("Alt+ArrowDown", "Alt+ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("#cal-said")).to_contain_text("Call the client")
    eventually(lambda: times(call) == ["Tue 10:15", "Tue 11:45"])
    expect(page.locator(".cal-column").nth(1).locator(f"#event-{call.pk}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Call the client")).to_be_visible()


def test_a_step_of_a_process_moves_through_its_process_and_the_other_browser_follows(
    visit, world, cast, boris
):
    carla = cast["carla"]
    carla.time_zone = "UTC"
    carla.save()
    process = world["processes"]["contract_approval"]
    record = world["records"]["contract"][0]
    instance = instances.start_process(process=process, by=cast["anna"], now=timezone.now(), record=record)
    step = ProcessStep.objects.pending().get(instance=instance)
    services.reschedule_activity(
        activity_id=step.activity_id, starts_at=at(10), due_at=at(11), by=boris, now=timezone.now()
    )
    mine, hers = visit("boris"), visit("carla")
    for page in (mine, hers):
        page.goto(WEEK)
        expect(page.locator(f"#event-{step.activity_id}")).to_be_visible()
    mine.locator(f"#event-{step.activity_id}").focus()
    mine.keyboard.press("Alt+ArrowRight")
    expect(hers.locator(".cal-column").nth(1).locator(f"#event-{step.activity_id}")).to_be_visible()
    step.refresh_from_db()
    assert step.starts_at == at(10, day=MONDAY + timedelta(days=1))


def test_what_its_reader_asks_for_is_not_lost_to_a_refresh_meanwhile_which_is_made_up_for(visit):
    page = visit("boris")
    page.goto(WEEK)
    held = []
    page.route(
        MONTH,
        lambda route: route.continue_() if held else held.append(route),
    )
    with page.expect_request(MONTH):
        page.get_by_role("link", name="Month").click()
    page.evaluate("document.body.dispatchEvent(new CustomEvent('work-changed'))")
    page.wait_for_timeout(500)  # in which the week would have come back
    with page.expect_request(MONTH):
        held[0].continue_()
    expect(page.locator(".cal-title")).to_have_text("March 2026")


def test_free_time_becomes_an_activity_and_a_full_day_says_how_much_more(visit, boris):
    for number in range(5):
        services.create_activity(
            title=f"Meeting {number}", starts_at=at(9, day=MONDAY), due_at=at(10, day=MONDAY), by=boris,
            now=timezone.now(),
        )  # fmt: skip
    page = visit("boris")
    page.goto(WEEK)
    page.get_by_role("link", name="Month").click()
    page.get_by_role("link", name="2 more").click()
    page.wait_for_url(re.compile("view=day"))
    expect(page.locator(".cal-block")).to_have_count(5)
    column = page.locator(".cal-column")
    column.click(position={"x": 30, "y": eventually(column.bounding_box)["height"] * 14.1 / 24})
    page.wait_for_url(re.compile("/activities/add/"))
    expect(page.get_by_label("Start")).to_have_value("2026-03-02T14:00")
    page.get_by_label("Title").fill("Coffee")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(re.compile("/calendar/"))
    assert Activity.objects.get(title="Coffee").starts_at == at(14)


def test_many_rows_are_completed_with_a_result_for_each(visit, boris):
    for number in range(23):
        services.create_activity(
            title=f"Task {number:02}", starts_at=at(9), due_at=None, by=boris, now=timezone.now()
        )
    page = visit("boris")
    page.goto("/activities/?sort=title")
    boxes = page.locator("#activities [name=ids]")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.locator("#bulk-bar")).to_contain_text("3 selected")
    page.get_by_label("Select all on this page").check()
    expect(page.locator("#bulk-bar")).to_contain_text("23 selected")
    boxes.nth(22).uncheck()
    page.locator("#bulk-bar").get_by_role("button", name="Complete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("22 activities")
    services.cancel_activity(  # somebody is faster with one of them
        activity_id=Activity.objects.get(title="Task 00").pk, by=boris, now=timezone.now()
    )
    dialog.get_by_label("Result", exact=False).first.fill("reached")
    dialog.get_by_role("button", name="Complete").click()
    expect(dialog.locator(".bulk-sum")).to_contain_text("21 activities are done.")
    expect(dialog.locator(".bulk-sum")).to_contain_text("1 was refused.")
    expect(dialog.locator("li", has_text="Task 00")).to_contain_text("cancelled this activity")
    assert problems(page) == []
    dialog.get_by_role("button", name="Close").click()
    expect(boxes).to_have_count(1)
    expect(page.locator("#bulk-bar")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_everybody_can_use_it(visit, boris, call, view, scheme):
    late = at(8) - timedelta(days=3)
    services.create_activity(title="Long", starts_at=late, due_at=at(12), by=boris, now=timezone.now())
    services.complete_activity(activity_id=call.pk, result="", details="", by=boris, now=timezone.now())
    page = visit("boris", color_scheme=scheme)
    page.goto(WEEK.replace("week", view))
    assert problems(page) == []

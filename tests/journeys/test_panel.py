"""The communication panel in a real browser: filters, cards of many, keys, one by one, postponing, answering."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from activities import services as activities
from activities.models import Activity
from processes.models import ProcessStep
from processes.services import instances
from processes.services.definitions import deploy_file
from tests.journeys.waiting import settled

pytestmark = pytest.mark.django_db(transaction=True)
LINES = Path(__file__).parents[1] / "diagrams" / "lines.bpmn"


@pytest.fixture
def order(world, cast) -> list[ProcessStep]:
    """An order with four lines to check, a step each of the sales managers."""
    now = timezone.now()
    (version,) = deploy_file(source=LINES.read_bytes(), by=None, now=now)
    lines = [f"№ {n}" for n in range(1, 5)]
    values = {"order": "A-17", "lines": lines}
    instance = instances.start_process(process=version.process, by=cast["admin"], now=now, variables=values)
    return list(ProcessStep.objects.pending().human().filter(instance=instance).order_by("id"))


@pytest.fixture
def approvals(world, cast) -> list[ProcessStep]:
    """Two contracts whose terms a sales manager checks."""
    process = world["processes"]["contract_approval"]
    return [
        ProcessStep.objects.pending().get(
            instance=instances.start_process(
                process=process, by=cast["anna"], now=timezone.now(), record=record
            )
        )
        for record in world["records"]["contract"][:2]
    ]


def open_panel(page: Page) -> None:
    page.goto("/activities/")
    page.locator("#bell").click()
    expect(page.locator("#panel-work")).to_be_visible()


def assert_accessible(page: Page) -> None:
    """Nothing that axe finds, in the light and in the dark; the page keeps its last look."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", scheme)
        found = Axe().run(settled(page)).response["violations"]
        assert [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in found] == []


def test_a_filter_narrows_the_panel_is_remembered_and_one_click_clears_it(visit, approvals, order):
    boris = visit("boris")
    open_panel(boris)
    cards = boris.locator(".work-card")
    expect(cards).to_have_count(3)
    boris.locator("#panel-filters-open").click()
    boris.locator("#panel-filters").get_by_role("button", name="Lines", exact=True).click()
    expect(boris.locator("#panel-matching")).to_have_text("4 of 6")
    expect(cards).to_have_count(1)
    expect(boris.locator("#panel-filters-open")).to_be_focused()
    assert_accessible(boris)

    boris.reload()  # it is remembered, and the panel stays open from page to page
    expect(boris.locator("#panel-matching")).to_have_text("4 of 6")
    for step in order:
        ProcessStep.objects.filter(pk=step.pk).update(starts_at=timezone.now() + timedelta(days=3))
    boris.reload()
    expect(boris.locator("#panel-work")).to_contain_text("The filter hides all 2 tasks that wait for you.")
    boris.get_by_role("button", name="Clear the filters").last.click()
    expect(cards).to_have_count(2)


def test_a_card_of_many_opens_and_says_what_it_takes(visit, order):
    boris, carla = visit("boris"), visit("carla")
    for page in (boris, carla):
        open_panel(page)
    group = boris.locator(".work-card", has_text="4 pending")
    group.get_by_role("button", name="Show each").click()
    expect(group.locator(".work-card")).to_have_count(4)
    assert_accessible(boris)
    group.get_by_role("button", name="Take the next one").click()
    expect(boris.locator("#panel-work > section > ul > .work-card")).to_have_count(2)
    rest = boris.locator(".work-card", has_text="3 pending")
    expect(rest.locator(".work-card")).to_have_count(3)  # it stays open
    expect(carla.locator(".work-card", has_text="3 pending")).to_be_visible()
    rest.get_by_role("button", name="Take all 3").click()
    expect(boris.get_by_text("3 tasks are yours.")).to_be_visible()
    expect(carla.locator(".work-card")).to_have_count(0)


def test_a_task_is_found_postponed_opened_and_finished_by_keys_alone(visit, order):
    boris = visit("boris")
    boris.goto("/activities/")
    boris.keyboard.press("j")
    first = boris.locator(".work-card-title").first
    expect(first).to_be_focused()
    boris.keyboard.press("o")
    expect(boris.locator(".work-card .work-card")).to_have_count(4)
    boris.keyboard.press("j")
    expect(boris.locator(".work-card .work-card .work-card-title").first).to_be_focused()

    boris.keyboard.press("p")
    preset = boris.locator(".work-card-form button").first
    expect(preset).to_be_focused()
    boris.get_by_role("button", name=re.compile("Tomorrow")).first.focus()
    boris.keyboard.press("Enter")
    expect(boris.locator(".work-card", has_text="3 pending")).to_be_visible()

    boris.keyboard.press("?")
    keys = boris.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("Next and previous task")
    boris.keyboard.press("Escape")
    boris.locator("input[type=search]").first.focus()
    boris.keyboard.type("jk")  # while one types, letters are letters
    expect(boris.locator("input[type=search]").first).to_have_value("jk")

    boris.goto("/activities/")
    expect(boris.locator(".work-card-title").first).to_be_visible()
    boris.keyboard.press("j")
    boris.keyboard.press("Enter")
    boris.wait_for_url(re.compile(r"/activities/\d+/"))
    done = boris.locator("#main").get_by_role("button", name="Done")
    done.focus()
    boris.keyboard.press("Enter")
    expect(boris.get_by_text("The activity is completed.")).to_be_visible()
    expect(boris.locator("h1")).to_contain_text("Check line № 3")  # the next one of this process that is his
    assert boris.url.endswith("?next=%2Factivities%2F")
    assert ProcessStep.objects.filter(pk__in=[step.pk for step in order], status="completed").count() == 1


def test_three_tasks_are_done_one_by_one_in_russian_on_a_telephone(visit, cast, order):
    type(cast["boris"]).objects.filter(username="boris").update(language="ru")
    boris = visit("boris", width=360, height=780, locale="ru-RU")
    open_panel(boris)
    boris.locator("#panel-walk").click()
    for number in range(1, 4):
        place = boris.get_by_role("navigation", name="По одной по списку")
        expect(place).to_contain_text(f"{number} из 4")
        if number == 1:
            assert_accessible(boris)
            assert boris.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
        boris.locator("#main").get_by_role("button", name="Готово").click()
    expect(place).to_contain_text("4 из 4")
    place.get_by_role("link", name="Пропустить").click()
    boris.wait_for_url(re.compile(r"/activities/$"))
    expect(boris.get_by_text("ждёт ещё 1 задача")).to_be_visible()


def test_the_panel_answers_at_once_and_the_news_are_read_sort_by_sort(visit, cast, approvals):
    boris = visit("boris")
    open_panel(boris)
    card = boris.locator(".work-card", has_text=approvals[1].name)
    card.get_by_role("button", name="Postpone").click()
    card.get_by_role("button", name=re.compile("Tomorrow")).click()
    expect(boris.locator(".work-card")).to_have_count(1)
    boris.locator(".work-card").get_by_role("button", name="Terms are fine").click()
    boris.wait_for_url(re.compile(r"/steps/\d+/"))  # the next step of the same process is his
    assert "next=" in boris.url

    activities.comment_activity(
        activity_id=_own(cast).pk, text="Well? @boris", by=cast["carla"], now=timezone.now()
    )
    boris.goto("/records/contract/")
    boris.get_by_role("tab", name=re.compile("Notification centre")).click()
    boris.locator("#news-sort-talk").click()
    expect(boris.locator("#news-sort-talk")).to_have_attribute("aria-pressed", "true")
    assert_accessible(boris)
    boris.locator(".news-unread a").first.click()
    boris.wait_for_url(re.compile(r"/activities/\d+/"))
    boris.get_by_role("tab", name=re.compile("Notification centre")).click()
    expect(boris.locator("#news-sort-talk .chip-count")).to_have_count(0)


def _own(cast) -> Activity:
    """Something between boris and carla, without a process."""
    made = activities.create_activity(
        title="Plan the fair", starts_at=timezone.now(), due_at=None, by=cast["carla"], owner=cast["boris"],
        now=timezone.now(),
    )  # fmt: skip
    return made


def test_lists_follow_what_colleagues_do_with_tasks_of_no_process(visit, cast, world):
    carla = visit("carla")
    carla.goto("/activities/")
    role = cast["boris"].groups.get(name="Sales managers")
    now = timezone.now()
    made = activities.create_activity(
        title="Plan the fair", starts_at=now, due_at=None, role=role, by=cast["boris"], now=now
    )
    row = carla.locator("a.list-title", has_text="Plan the fair")
    expect(row).to_be_visible()
    activities.take_activity(activity_id=made.pk, by=cast["boris"], now=now)
    expect(row).to_have_count(0)
    activities.reassign_activity(activity_id=made.pk, assignee=cast["carla"], by=cast["boris"], now=now)
    expect(row).to_be_visible()
    activities.complete_activity(activity_id=made.pk, result="", details="", by=cast["boris"], now=now)
    expect(row).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_actions_of_a_russian_card_stand_in_one_row_and_all_have_names(visit, cast, approvals, width):
    cast["boris"].language = "ru"
    cast["boris"].save()
    page = visit("boris", width=width)
    open_panel(page)
    card = page.locator(f"#card-{approvals[0].pk}")
    buttons = [
        card.get_by_role("button", name=name) for name in ("Взять в работу", "Отложить", "Переназначить")
    ]
    assert len({button.bounding_box()["y"] for button in buttons}) == 1
    assert_accessible(page)
    buttons[2].press("Enter")
    expect(card.get_by_role("combobox").first).to_be_focused()

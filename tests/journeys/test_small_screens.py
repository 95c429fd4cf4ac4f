"""On a phone and in Russian: what is done there with a finger, from end to end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from activities import services
from activities.models import Activity
from records.models import Record
from tests.journeys.test_calendar import WEEK, at, drag, times
from tests.journeys.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boris(cast):
    """He reads Russian; his clock is that of the tests."""
    person = cast["boris"]
    person.language, person.time_zone = "ru", "UTC"
    person.save()
    return person


def test_an_activity_is_dragged_in_the_russian_calendar(visit, boris):
    call = services.create_activity(
        title="Звонок", starts_at=at(10), due_at=at(11), by=boris, now=timezone.now()
    )
    page = visit("boris")
    page.goto(WEEK)
    expect(page.get_by_role("heading", level=1)).to_have_text("Расписание")
    event = page.locator(f"#event-{call.pk}")
    expect(event).to_be_in_viewport()
    box = eventually(event.bounding_box)
    thursday = eventually(page.locator(".cal-column").nth(3).bounding_box)
    drag(page, (box["x"] + box["width"] / 2, box["y"] + 10), (thursday["x"] + 40, box["y"] + 10))
    eventually(lambda: times(call) == ["Thu 10:00", "Thu 11:00"])


def test_several_activities_are_completed_on_a_phone_in_russian(visit, boris):
    for name in ("Письмо", "Отчёт", "Звонок"):
        services.create_activity(
            title=name,
            starts_at=timezone.now() - timedelta(hours=1),
            due_at=None,
            by=boris,
            now=timezone.now(),
        )
    page = visit("boris", width=360, height=740)
    page.goto("/activities/")
    boxes = page.locator("#activities [name=ids]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    bar = page.locator("#bulk-bar")
    expect(bar).to_contain_text("2")
    bar.get_by_role("button", name="Завершить").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Результат", exact=False).first.fill("готово")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    dialog.get_by_role("button", name="Завершить").click()
    expect(dialog.locator(".bulk-sum")).to_be_visible()
    assert Activity.objects.filter(status="completed", result="готово").count() == 2


def test_a_filter_is_kept_counts_live_and_a_reminder_rings_in_russian(visit, boris):
    made = [
        services.create_activity(
            title=name, starts_at=timezone.now(), due_at=None, by=boris, now=timezone.now()
        )
        for name in ("Позвонить в банк", "Позвонить юристу", "Отчёт")
    ]
    page = visit("boris", width=360, height=740)
    page.goto("/activities/?q=Позвонить")
    page.get_by_role("button", name="Сохранить фильтр").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Название").fill("Звонки 🙂")
    dialog.get_by_role("button", name="Сохранить").click()
    chip = page.locator(".chip", has_text="Звонки 🙂")
    expect(chip.locator(".chip-count")).to_have_text("2")
    services.complete_activity(activity_id=made[0].pk, result="", details="", by=boris, now=timezone.now())
    expect(chip.locator(".chip-count")).to_have_text("1")

    page.locator("a.list-title", has_text="Позвонить юристу").click()
    reminder = page.locator("#reminder")
    reminder.get_by_label("Напомнить мне").fill("2026-01-01T09:00")
    reminder.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#toasts")).not_to_be_empty()  # it is past
    reminder.get_by_label("Напомнить мне").fill(f"{timezone.now() + timedelta(days=1):%Y-%m-%dT09:00}")
    reminder.get_by_role("button", name="Сохранить").click()
    expect(page.locator("#toasts")).to_contain_text("Сохранено.")
    mine = Activity.objects.filter(pk=made[1].pk, remind_owner_at__gt=timezone.now())
    assert mine.update(remind_owner_at=timezone.now()) == 1
    page.locator("#bell").click()
    page.get_by_role("tab", name="Центр уведомлений").click()
    expect(page.locator("#panel")).to_contain_text("Напоминание: «Позвонить юристу».")


def test_a_lookup_is_found_by_typing_on_a_phone(visit, world, boris):
    page = visit("boris", width=360, height=740)
    page.goto("/records/contract/add/")
    page.get_by_label("Номер").first.fill("C-9")
    page.get_by_label("Тема").fill("Трубы")
    page.get_by_label("Сумма").fill("1234,5")
    box = page.get_by_role("combobox", name="Контрагент")
    box.press_sequentially("ромаш")
    found = page.locator(".picker-list:visible").get_by_role("option")
    expect(found).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found.click()
    page.get_by_role("button", name="Сохранить").click()
    page.wait_for_url("**/records/r/**")
    made = Record.objects.get(caption="C-9 Трубы")
    assert made.data["account"]["caption"] == "ООО «Ромашка»"
    assert made.data["amount"] == "1234.5"

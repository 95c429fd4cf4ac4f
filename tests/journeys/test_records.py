"""Sections in a real browser: filters that are kept, files that come in and go out, answers on the record's page."""

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import expect

from processes.models import ProcessStep
from processes.services import instances
from records.models import Record, SavedFilter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def in_russian(cast):
    """Boris reads Russian."""
    cast["boris"].language = "ru"
    cast["boris"].save()


def test_records_are_narrowed_by_any_field_ordered_by_any_column_and_the_filter_is_kept(visit, world):
    boris = visit("boris")
    boris.goto("/records/contract/")
    boris.get_by_text("More filters").click()
    boris.get_by_label("Amount from").fill("100000")
    boris.get_by_label("Amount from").press("Tab")
    boris.wait_for_url("**field-amount-from=100000**")
    rows = boris.locator("#record-list tr[data-id]")
    expect(rows).to_have_count(4)
    boris.locator("thead").get_by_role("link", name="Amount").click()
    expect(rows.first).to_contain_text("129,900")
    boris.get_by_role("button", name="Save filter").click()
    boris.get_by_label("Name").fill("Big ones")
    boris.get_by_role("dialog").get_by_role("button", name="Save").click()
    chip = boris.locator(".chip", has_text="Big ones")
    expect(chip).to_contain_text("4")
    assert SavedFilter.objects.get().query == {"field-amount-from": "100000", "sort": "field-amount"}
    boris.goto("/records/contract/")
    chip.click()
    expect(rows).to_have_count(4)


def test_the_focus_comes_back_to_the_menu_from_a_dialog_that_was_opened_there(visit, world):
    boris = visit("boris")
    boris.goto("/records/contract/")
    menu = boris.locator(".page-head-actions [data-bs-toggle=dropdown]")
    menu.click()
    boris.locator(".dropdown-item", has_text="Export").click()
    expect(boris.get_by_role("dialog", name="Export")).to_be_visible()
    boris.keyboard.press("Escape")
    expect(boris.get_by_role("dialog", name="Export")).to_be_hidden()
    expect(menu).to_be_focused()


def test_a_file_is_checked_and_then_imported_in_russian_on_a_phone(visit, world, cast, in_russian):
    cast["boris"].user_permissions.add(Permission.objects.get(codename="import_record"))
    boris = visit("boris", width=360, height=740)
    boris.goto("/records/contract/import/")
    text = "number;subject;amount\nC-1;Трубы;1 234,50\nC-2;Бумага;много\n"
    boris.locator("input[type=file]").set_input_files(
        {"name": "договоры.csv", "mimeType": "text/csv", "buffer": text.encode("cp1251")}
    )
    boris.get_by_role("button", name="Загрузить").click()
    boris.get_by_label("Если в строках есть ошибки").select_option("skip")
    boris.get_by_role("button", name="Проверить").click()
    expect(boris.get_by_text("Что сделает импорт")).to_be_visible()
    expect(boris.get_by_text("Укажите число.")).to_be_visible()
    assert boris.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not Record.objects.filter(caption="C-1 Трубы").exists()
    boris.get_by_role("button", name="Импортировать").click()
    expect(boris.get_by_text("Что импортировано")).to_be_visible()
    assert Record.objects.get(caption="C-1 Трубы").data["amount"] == "1234.5"


def test_the_next_step_is_answered_on_the_page_of_the_record(visit, world, cast, contract):
    process = world["processes"]["contract_approval"]
    instance = instances.start_process(process=process, by=cast["anna"], now=timezone.now(), record=contract)
    first = ProcessStep.objects.pending().get(instance=instance)
    boris = visit("boris")
    boris.goto(f"/records/r/{contract.pk}/")
    steps = boris.locator("#next-steps")
    expect(steps).to_contain_text(first.name)
    steps.get_by_role("button").first.click()
    expect(steps.get_by_text(first.name)).to_have_count(0)
    first.refresh_from_db()
    assert (first.status, first.closed_by) == ("completed", cast["boris"])


def test_several_rows_get_another_owner_in_russian(visit, world, cast, in_russian):
    boris = visit("boris")
    boris.goto("/records/contract/")
    boxes = boris.locator("#record-list [name=ids]")
    chosen = boxes.nth(0), boxes.nth(2)
    ids = [int(box.get_attribute("value")) for box in chosen]
    for box in chosen:
        box.check()
    boris.locator("#record-bar").get_by_role("button", name="Сменить ответственного").click()
    dialog = boris.get_by_role("dialog")
    dialog.get_by_role("combobox").fill("Carla")
    dialog.get_by_role("option", name="Carla").click()
    dialog.get_by_role("button", name="Сменить ответственного").click()
    expect(boris.get_by_text("Обработаны 2 записи.")).to_be_visible()
    assert set(Record.objects.filter(pk__in=ids).values_list("owner__username", flat=True)) == {"carla"}


def test_mallory_finds_no_way_in(visit, world):
    mallory = visit("mallory")
    for path in ("/records/contract/", "/records/contract/export/", "/records/contract/import/"):
        assert mallory.goto(path).status == 404

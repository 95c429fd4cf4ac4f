"""A section made without code, from the administration to its records, and what comes out of it again."""

import csv
import io

import pytest
from playwright.sync_api import expect

from records.models import Record, RecordType

pytestmark = pytest.mark.django_db(transaction=True)


def test_in_russian_a_section_is_made_filled_and_looked_up(visit, world, cast):
    cast["admin"].language = "ru"
    cast["admin"].save()
    admin = visit("admin")
    admin.goto("/admin/records/recordtype/add/")
    for name, value in (("code", "asset"), ("name_en", "Asset"), ("name_plural_en", "Assets")):
        admin.locator(f"[name={name}]").fill(value)
    admin.locator("[name=name_ru]").fill("Актив")
    admin.locator("[name=name_plural_ru]").fill("Активы")
    admin.locator("[name=position]").fill("90")
    rows = (("title", "Title", "Наименование", "text"), ("price", "Price", "Цена", "number"))
    for number, (code, english, russian, kind) in enumerate(rows):
        admin.locator(".add-row a, a.add-row, .addlink:visible").last.click()
        row = f"[name=fields-{number}-"
        admin.locator(f"{row}code]").fill(code)
        admin.locator(f"{row}label_en]").fill(english)
        admin.locator(f"{row}label_ru]").fill(russian)
        admin.locator(f"{row}kind]").select_option(kind)
    admin.locator("[name=fields-0-required]").check()
    admin.locator("[name=fields-1-in_list]").check()
    admin.locator("input[name=_save]").click()
    expect(admin.locator(".messagelist .success")).to_be_visible()
    made = RecordType.objects.get(code="asset")

    admin.goto("/records/asset/")
    expect(admin.get_by_role("heading", name="Активы")).to_be_visible()
    admin.get_by_role("link", name="Добавить").first.click()
    admin.get_by_label("Цена").fill("1234,5")
    admin.locator("#main form").get_by_role("button", name="Сохранить").click()
    expect(admin.locator(".field-error").first).to_be_visible()  # the title is required
    expect(admin.get_by_label("Цена")).to_have_value("1234,5")
    admin.get_by_label("Наименование").fill("Станок <b>№ 5</b>")
    admin.locator("#main form").get_by_role("button", name="Сохранить").click()
    expect(admin.get_by_role("heading", name="Станок <b>№ 5</b>")).to_be_visible()
    record = Record.objects.get(record_type=made)
    assert record.data == {"title": "Станок <b>№ 5</b>", "price": "1234.5"}

    # What was changed stands in the history, and comes out as a file.
    admin.goto(f"/records/r/{record.pk}/edit/")
    admin.get_by_label("Цена").fill("2 000")
    admin.locator("#main form").get_by_role("button", name="Сохранить").click()
    admin.get_by_role("tab", name="Изменения").click()
    expect(admin.locator("#main")).to_contain_text("1 234,5")
    admin.goto("/records/asset/")
    expect(admin.locator("#record-list")).to_contain_text("2 000")
    admin.get_by_role("button", name="Импорт и экспорт").click()
    admin.get_by_role("button", name="Экспорт в CSV").click()
    with admin.expect_download() as file:
        admin.get_by_role("dialog").get_by_role("button", name="Экспорт").click()
    text = file.value.path().read_text(encoding="utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text else ",")
    assert "Станок <b>№ 5</b>" in row.values()

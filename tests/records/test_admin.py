"""Sections are made in the admin without code; records saved there keep their history."""

import pytest
from django.urls import reverse

from records.models import FieldChange, Record, RecordField, RecordType
from records.services import change_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_admin(client, admin):
    """The administrator's browser."""
    client.force_login(admin)
    return client


def section(*fields, **values):
    """What the browser sends for a section with these fields."""
    sent = {
        "code": "asset",
        "name_en": "Asset",
        "name_plural_en": "Assets",
        "icon": "box",
        "position": 1,
        **values,
    }
    sent |= {"fields-TOTAL_FORMS": len(fields), "fields-INITIAL_FORMS": 0}
    sent |= {"fields-MIN_NUM_FORMS": 0, "fields-MAX_NUM_FORMS": 1000}
    for number, field in enumerate(fields):
        row = {
            "label_en": "L",
            "kind": "text",
            "position": number,
            "choice_rows": "",
            "lookup_type": "",
            **field,
        }
        sent |= {f"fields-{number}-{name}": value for name, value in row.items()}
    return sent


def errors_of(response):
    forms = response.context["inline_admin_formsets"][0].formset.forms
    return [set(form.errors) for form in forms]


def test_a_section_with_fields_is_made_without_code(as_admin):
    sent = section(
        {"code": "name", "required": "on", "in_list": "on"},
        {"code": "state", "kind": "choice", "choice_rows": "new = Brand new\n\nold\n"},
        caption_template="{name}",
    )
    response = as_admin.post(reverse("admin:records_recordtype_add"), sent)
    assert response.status_code == 302, response.context["errors"]
    made = RecordType.objects.get(code="asset")
    assert made.fields.get(code="state").choices == [["new", "Brand new"], ["old", "old"]]
    page = as_admin.get(reverse("admin:records_recordtype_change", args=[made.pk])).content.decode()
    assert "new = Brand new" in page


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ([{"code": "caption"}], [{"code"}]),
        ([{"code": "2nd"}], [{"code"}]),
        ([{"code": "a"}, {"code": "a"}], [set(), {"code"}]),
        ([{"code": "a", "kind": "choice"}], [{"choice_rows"}]),
        ([{"code": "a", "kind": "choice", "choice_rows": "x = X\nx = Y"}], [{"choice_rows"}]),
        ([{"code": "a", "kind": "lookup"}], [{"lookup_type"}]),
    ],
)
def test_fields_that_cannot_work_are_refused_with_words(as_admin, fields, problems):
    response = as_admin.post(reverse("admin:records_recordtype_add"), section(*fields))
    assert response.status_code == 200
    assert errors_of(response) == problems
    assert not RecordType.objects.exists()


def edited(client, section_, *rows, **values):
    """What the browser sends for the fields that the section has; `values` are of the section."""
    own = {"name_en": section_.name, "name_plural_en": section_.name_plural, "icon": section_.icon}
    stored = list(section_.fields.all())
    sent = section(
        *(
            {"id": f.pk, "record_type": section_.pk, **form_of(f), **row}
            for f, row in zip(stored, rows, strict=False)
        ),
        *rows[len(stored) :],
        **{**own, **values},
    )
    sent["fields-INITIAL_FORMS"] = len(stored)
    url = reverse("admin:records_recordtype_change", args=[section_.pk])
    return client.post(url, sent, follow=True)


def form_of(field):
    shown = {"code": field.code, "label_en": field.label_en, "kind": field.kind, "position": field.position}
    return {**shown, "lookup_type": field.lookup_type_id or "", "in_list": "on" if field.in_list else ""}


def test_the_list_calls_sections_as_the_menu_does(as_admin, admin, contracts):
    admin.language = "ru"
    admin.save()
    contracts.name_plural_ru = "Договоры"
    contracts.save()
    assert ">Договоры<" in as_admin.get(reverse("admin:records_recordtype_changelist")).text


def test_a_removed_field_keeps_what_records_hold_and_comes_back_as_it_was(as_admin, contract):
    contracts = contract.record_type
    rows = [{"DELETE": "on"} if f.code == "amount" else {} for f in contracts.fields.all()]
    choices = [f for f in contracts.fields.all() if f.kind == "choice"]
    for field, row in zip(contracts.fields.all(), rows, strict=True):
        if field in choices:
            row["choice_rows"] = "draft = Draft | Черновик\nsigned = Signed"
    page = edited(as_admin, contracts, *rows).content.decode()
    assert "Records keep what they hold in “Amount”" in page
    assert not contracts.fields.filter(code="amount").exists()
    contract.refresh_from_db()
    assert contract.data["amount"] == "100"
    assert contracts.fields.get(code="stage").choice_rows == [
        ["draft", "Draft", "Черновик"],
        ["signed", "Signed"],
    ]

    contracts.refresh_from_db()
    kept = [{} for _ in contracts.fields.all()]
    refused = edited(as_admin, contracts, *kept, {"code": "amount", "kind": "text"})
    assert {"code"} in errors_of(refused)

    for row, field in zip(kept, contracts.fields.all(), strict=True):
        if field.kind == "choice":
            row["choice_rows"] = "draft = Draft\nsigned = Signed"
    edited(as_admin, contracts, *kept, bring_back="amount")
    back = contracts.fields.get(code="amount")
    assert (back.kind, back.label, back.in_list) == ("number", "Amount", True)
    contracts.refresh_from_db()
    assert contracts.removed_fields == []


@pytest.mark.parametrize(
    ("row", "stored"),
    [
        ({"kind": "number", "beginning": "1.50"}, "1.5"),
        ({"kind": "boolean", "beginning": "yes"}, True),
        ({"kind": "date", "beginning": "2026-03-31"}, "2026-03-31"),
        ({"kind": "choice", "choice_rows": "a = A | А", "beginning": "a"}, "a"),
        ({"kind": "text", "beginning": ""}, None),
        ({"kind": "number", "beginning": "many"}, {"beginning"}),
        ({"kind": "choice", "choice_rows": "a = A", "beginning": "b"}, {"beginning"}),
    ],
)
def test_a_default_is_a_value_of_its_kind_or_refused(as_admin, row, stored):
    sent = section({"code": "x", **row})
    response = as_admin.post(reverse("admin:records_recordtype_add"), sent)
    if isinstance(stored, set):
        assert errors_of(response) == [stored]
        return
    field = RecordField.objects.get()
    assert field.default == stored
    page = as_admin.get(
        reverse("admin:records_recordtype_change", args=[field.record_type_id])
    ).content.decode()
    assert row["beginning"].removesuffix("0") in page
    assert 'value="box"' in page  # the icons


def test_a_caption_that_names_no_field_of_the_section_is_refused(as_admin):
    sent = section({"code": "a"}, caption_template="{a} {b}")
    response = as_admin.post(reverse("admin:records_recordtype_add"), sent)
    assert "“b”" in str(response.context["inline_admin_formsets"][0].formset.non_form_errors())
    assert not RecordType.objects.exists()


def test_a_template_without_a_field_is_refused(as_admin):
    response = as_admin.post(
        reverse("admin:records_recordtype_add"), section({"code": "a"}, caption_template="Asset")
    )
    assert set(response.context["adminform"].form.errors) == {"caption_template"}


def test_a_filled_field_keeps_its_kind(as_admin, accounts, account):
    field = accounts.fields.get()
    row = {"id": field.pk, "record_type": accounts.pk, "code": "name", "kind": "number"}
    sent = section(row, name_en="Account", name_plural_en="Accounts") | {"fields-INITIAL_FORMS": 1}
    response = as_admin.post(reverse("admin:records_recordtype_change", args=[accounts.pk]), sent)
    assert errors_of(response) == [{"kind"}]
    assert RecordField.objects.get(pk=field.pk).kind == "text"


def test_a_record_saved_in_the_admin_has_a_history(as_admin, admin, contract):
    sent = {"caption": "Renamed", "data": '{"amount": "7", "subject": "Paper"}'}
    url = reverse("admin:records_record_change", args=[contract.pk])
    assert as_admin.get(url).status_code == 200
    assert as_admin.post(url, sent).status_code == 302
    contract.refresh_from_db()
    assert (contract.caption, contract.data) == ("Renamed", {"amount": "7", "subject": "Paper"})
    assert set(FieldChange.objects.values_list("field", "by")) == {
        ("amount", admin.pk),
        ("caption", admin.pk),
    }
    refused = as_admin.post(url, {"caption": "X", "data": '{"amount": "many", "x": 1}'})
    assert len(refused.context["adminform"].form.errors["data"]) == 2


def test_a_record_is_added_in_the_admin(as_admin, admin, accounts):
    sent = {"record_type": accounts.pk, "caption": "x", "data": '{"name": "Beta"}'}
    assert as_admin.post(reverse("admin:records_record_add"), sent).status_code == 302
    assert Record.objects.get().caption == "Beta"
    refused = as_admin.post(reverse("admin:records_record_add"), sent | {"data": "{}"})
    assert set(refused.context["adminform"].form.errors) == {"data"}


def test_a_record_that_others_refer_to_is_protected_there_too(as_admin, contract, account, admin, now):
    change_record(record=contract, values={"account": account.pk}, by=admin, now=now)
    url = reverse("admin:records_record_delete", args=[account.pk])
    assert contract.caption in as_admin.get(url).content.decode()
    assert as_admin.post(url, {"post": "yes"}).status_code == 200
    assert Record.objects.filter(pk=account.pk).exists()
    as_admin.post(reverse("admin:records_record_delete", args=[contract.pk]), {"post": "yes"})
    assert not Record.objects.filter(pk=contract.pk).exists()


def test_the_history_is_only_read(as_admin, contract, admin, now):
    change_record(record=contract, values={"amount": 1}, by=admin, now=now)
    change = FieldChange.objects.get()
    assert as_admin.get(reverse("admin:records_fieldchange_changelist")).status_code == 200
    url = reverse("admin:records_fieldchange_change", args=[change.pk])
    assert as_admin.get(url).status_code == 200
    assert as_admin.post(url, {"new": "2"}).status_code == 403
    assert as_admin.get(reverse("admin:records_fieldchange_add")).status_code == 403
    assert as_admin.get(reverse("admin:records_record_changelist"), {"q": "pipes"}).status_code == 200

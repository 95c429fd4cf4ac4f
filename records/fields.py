"""The kinds of fields: how each is entered, checked, stored, shown, and seen by conditions."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpm_portal.common.forms import NumberField, Picker
from bpm_portal.common.typed import id_of
from records.csv_files import safe_cell
from records.models import Record, RecordField
from records.narrowing import Dates, Listed, Narrowing, Numbers, Others, Words, YesOrNo

MAX_TEXT = 20_000
MAX_DIGITS = 60

# (field, id) -> the record that a lookup may point to, or None.
Find = Callable[[RecordField, int], Record | None]

DAY_MONTH_YEAR = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
YES = frozenset({"yes", "true", "1", "y", "x", "+", "да", "истина", "д"})
NO = frozenset({"no", "false", "0", "n", "нет", "ложь", "н"})


class Cells(Protocol):
    """How the cells of a file are read."""

    decimal_sign: str

    def record(self, field: RecordField, text: str) -> int:
        """The id of the record that a cell of a lookup names. Raises ValidationError."""


class FieldKind:
    """What is common to all kinds; one instance of each stands in `KINDS`."""

    form_class: ClassVar[type[forms.Field]] = forms.CharField
    #: How a list is narrowed and ordered by it.
    narrowing: ClassVar[Narrowing] = Words()

    def form_field(self, field: RecordField, current: Any, user: Any) -> forms.Field:
        """The form field in which `user` enters it; `current` is the stored value, or None."""
        options = {"label": field.label, "required": field.required, "localize": True}
        return self.form_class(**{**options, **self.form_options(field, current, user)})

    def form_options(self, field: RecordField, current: Any, user: Any) -> dict[str, Any]:
        """What the form field gets besides label and required."""
        return {}

    def initial(self, stored: Any) -> Any:
        """What the form field shows for a stored value."""
        return self.to_value(stored)

    def parse(self, field: RecordField, raw: Any, find: Find) -> Any:
        """The JSON value to store for what a form, a program or an expression gave; None where it is empty.

        Raises ValidationError with a sentence for the reader.
        """
        raise NotImplementedError

    def to_value(self, stored: Any) -> Any:
        """The Python value that conditions and processes work with; None where there is none."""
        return stored

    def display(self, field: RecordField, stored: Any) -> str:
        """The text for the reader, in the active language; empty where there is no value."""
        return "" if stored is None else str(stored)

    def to_cell(self, field: RecordField, stored: Any, decimal_sign: str) -> str:
        """The text in a cell of a file, which `from_cell` reads again; safe in a spreadsheet."""
        return safe_cell(self.display(field, stored))

    def from_cell(self, field: RecordField, text: str, cells: Cells) -> Any:
        """What `parse` takes for the text of a cell. Raises ValidationError with a sentence."""
        return text


class TextKind(FieldKind):
    """Free text, a line or several."""

    def form_options(self, field: RecordField, current: Any, user: Any) -> dict[str, Any]:
        """As many lines as the field has."""
        widget = forms.Textarea({"rows": 4}) if field.multiline else forms.TextInput()
        return {"max_length": MAX_TEXT, "widget": widget}

    def parse(self, field: RecordField, raw: Any, find: Find) -> str | None:
        """Text without the blanks around it; line breaks only where the field has several lines."""
        if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal | date):
            raise ValidationError(_("Write a text here."))
        text = clean_text(_as_text(raw)).strip()
        if not field.multiline:
            text = " ".join(text.splitlines())
        if len(text) > MAX_TEXT:
            raise ValidationError(_("This is longer than %(limit)d characters.") % {"limit": MAX_TEXT})
        return text or None

    def to_value(self, stored: Any) -> str | None:
        """Text."""
        return None if stored is None else str(stored)


class NumberKind(FieldKind):
    """A decimal number, stored as text so that no digit is lost."""

    form_class = NumberField
    narrowing = Numbers()

    def form_options(self, field: RecordField, current: Any, user: Any) -> dict[str, Any]:
        """A text input: the browser's number input refuses the comma of other languages."""
        return {"widget": forms.TextInput({"inputmode": "decimal"})}

    def parse(self, field: RecordField, raw: Any, find: Find) -> str | None:
        """The number in plain digits, without zeros that say nothing: `1.50` is `1.5`."""
        if isinstance(raw, str) and not raw.strip():
            return None
        if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
            raise ValidationError(_("Write a number here."))
        try:
            number = Decimal(str(raw).strip())
        except (InvalidOperation, ValueError) as error:  # ValueError: an integer of thousands of digits
            raise ValidationError(_("Write a number here.")) from error
        if not number.is_finite():
            raise ValidationError(_("Write a number here."))
        if len(number.as_tuple().digits) > MAX_DIGITS or abs(number.adjusted()) > MAX_DIGITS:
            raise ValidationError(_("A number has at most %(limit)d digits.") % {"limit": MAX_DIGITS})
        return plain_digits(number)

    def to_value(self, stored: Any) -> Decimal | None:
        """A decimal."""
        try:
            return None if stored is None else Decimal(str(stored))
        except InvalidOperation:  # the field was of another kind once
            return None

    def to_cell(self, field: RecordField, stored: Any, decimal_sign: str) -> str:
        """Plain digits, which no spreadsheet takes for a formula."""
        number = self.to_value(stored)
        return "" if number is None else plain_digits(number).replace(".", decimal_sign)

    def from_cell(self, field: RecordField, text: str, cells: Cells) -> str:
        """Without the marks between thousands, with a point before the fraction."""
        for mark in (" ", "\xa0", "\u202f", "'", "." if cells.decimal_sign == "," else ","):
            text = text.replace(mark, "")
        return text.replace(cells.decimal_sign, ".")

    def display(self, field: RecordField, stored: Any) -> str:
        """With the separators of the reader's language."""
        number = self.to_value(stored)
        if number is None:
            return super().display(field, stored)
        return str(formats.number_format(number, use_l10n=True, force_grouping=True))


class DateKind(FieldKind):
    """A calendar date, stored in ISO 8601."""

    form_class = forms.DateField
    narrowing = Dates()

    def form_options(self, field: RecordField, current: Any, user: Any) -> dict[str, Any]:
        """The browser's date input, which speaks ISO 8601 whatever it shows."""
        return {"widget": forms.DateInput({"type": "date"}, format="%Y-%m-%d"), "localize": False}

    def parse(self, field: RecordField, raw: Any, find: Find) -> str | None:
        """The date; of a moment, the day it has in the active time zone."""
        if isinstance(raw, str) and not raw.strip():
            return None
        if isinstance(raw, datetime):
            return (timezone.localtime(raw) if timezone.is_aware(raw) else raw).date().isoformat()
        if isinstance(raw, date):
            return raw.isoformat()
        try:
            return date.fromisoformat(raw.strip()).isoformat()
        except (AttributeError, ValueError) as error:
            raise ValidationError(_("Write a date here, as in 2026-03-31.")) from error

    def to_value(self, stored: Any) -> date | None:
        """A date."""
        try:
            return None if stored is None else date.fromisoformat(stored)
        except (TypeError, ValueError):  # the field was of another kind once
            return None

    def to_cell(self, field: RecordField, stored: Any, decimal_sign: str) -> str:
        """As it is stored: every spreadsheet knows it."""
        return str(stored or "")

    def from_cell(self, field: RecordField, text: str, cells: Cells) -> str:
        """ISO 8601, or day, month and year with points."""
        found = DAY_MONTH_YEAR.fullmatch(text)
        iso = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else text
        try:
            return date.fromisoformat(iso).isoformat()
        except ValueError as error:
            raise ValidationError(_("Write a date here, as in 2026-03-31 or 31.03.2026.")) from error

    def display(self, field: RecordField, stored: Any) -> str:
        """In words of the reader's language."""
        day = self.to_value(stored)
        return super().display(field, stored) if day is None else str(formats.date_format(day))


class BooleanKind(FieldKind):
    """Yes, no, or not said."""

    form_class = forms.TypedChoiceField
    narrowing = YesOrNo()
    texts = {True: gettext_lazy("Yes"), False: gettext_lazy("No")}

    def form_options(self, field: RecordField, current: Any, user: Any) -> dict[str, Any]:
        """A list, not a box: a box can't tell "no" from "not said"."""
        choices = [("", "—"), ("true", self.texts[True]), ("false", self.texts[False])]
        return {"choices": choices, "coerce": lambda text: text == "true", "empty_value": None}

    def initial(self, stored: Any) -> str:
        """The code of the answer."""
        return {True: "true", False: "false"}.get(stored, "") if isinstance(stored, bool) else ""

    def parse(self, field: RecordField, raw: Any, find: Find) -> bool | None:
        """True or false, also as the words that JSON has for them."""
        if isinstance(raw, bool):
            return raw
        known = {"true": True, "false": False, "": None}
        if not isinstance(raw, str) or raw.strip().lower() not in known:
            raise ValidationError(_("Answer yes or no."))
        return known[raw.strip().lower()]

    def to_value(self, stored: Any) -> bool | None:
        """A truth value."""
        return stored if isinstance(stored, bool) else None

    def from_cell(self, field: RecordField, text: str, cells: Cells) -> Any:
        """In the words that people and spreadsheets use for it."""
        word = text.casefold()
        return True if word in YES else False if word in NO else text

    def display(self, field: RecordField, stored: Any) -> str:
        """Yes or no."""
        return str(self.texts[stored]) if isinstance(stored, bool) else super().display(field, stored)


class ChoiceKind(FieldKind):
    """One of the choices that the field lists; stored as its code."""

    form_class = forms.ChoiceField
    narrowing = Listed()

    def form_options(self, field: RecordField, current: Any, user: Any) -> dict[str, Any]:
        """The choices, and the present one where it has been taken off the list since."""
        choices = [("", "—"), *((code, label) for code, label in field.choices)]
        if current is not None and current not in dict(choices):
            choices.append((current, str(current)))
        return {"choices": choices}

    def parse(self, field: RecordField, raw: Any, find: Find) -> str | None:
        """A code of the list."""
        if raw == "":
            return None
        if not isinstance(raw, str) or raw not in dict(field.choices):
            known = ", ".join(code for code, _label in field.choices)
            raise ValidationError(_("This is none of the choices: %(choices)s.") % {"choices": known})
        return raw

    def from_cell(self, field: RecordField, text: str, cells: Cells) -> str:
        """A code, or a label of any language."""
        word = text.casefold()
        for row in field.choice_rows:
            if word in [part.casefold() for part in row]:
                return str(row[0])
        known = ", ".join(f"“{label}”" for _code, label in field.choices)
        raise ValidationError(_("This is none of the choices: %(choices)s.") % {"choices": known})

    def display(self, field: RecordField, stored: Any) -> str:
        """The label of the choice."""
        return str(dict(field.choices).get(stored, "" if stored is None else stored))


class LookupKind(FieldKind):
    """Another record; stored as `{"id", "caption"}`."""

    form_class = forms.ModelChoiceField
    narrowing = Others()

    def form_options(self, field: RecordField, current: Any, user: Any) -> dict[str, Any]:
        """A field that searches among what the user may see; what it holds already may stay."""
        visible = Q(pk__in=Record.objects.visible_to(user).values("pk"))
        present = Q(pk=self.initial(current))
        records = Record.objects.filter(visible | present, record_type_id=field.lookup_type_id)
        section = field.lookup_type.code if field.lookup_type else ""  # a CHECK keeps it filled
        widget = Picker("records:options", section)
        return {"queryset": records, "widget": widget, "localize": False}

    def initial(self, stored: Any) -> int | None:
        """The id of the other record."""
        return (self.to_value(stored) or {}).get("id")

    def parse(self, field: RecordField, raw: Any, find: Find) -> dict[str, Any] | None:
        """The record given, or with this id (alone or as `{"id"}`), if it is of the right section and seen."""
        given = lookup_id(raw)
        if given is None or given == "":
            return None
        key = id_of(given)
        record = find(field, key) if key is not None else None
        if record is None:
            raise ValidationError(_("Choose a record from the list."))
        return {"id": record.pk, "caption": record.caption}

    def from_cell(self, field: RecordField, text: str, cells: Cells) -> int:
        """The record with this external id, else the one with this caption."""
        return cells.record(field, text)

    def to_value(self, stored: Any) -> dict[str, Any] | None:
        """A context with `id` and `caption`."""
        return stored if isinstance(stored, dict) else None

    def display(self, field: RecordField, stored: Any) -> str:
        """The caption of the other record."""
        return str(stored.get("caption", "")) if isinstance(stored, dict) else super().display(field, stored)


KINDS: dict[str, FieldKind] = {
    RecordField.Kind.TEXT: TextKind(),
    RecordField.Kind.NUMBER: NumberKind(),
    RecordField.Kind.DATE: DateKind(),
    RecordField.Kind.BOOLEAN: BooleanKind(),
    RecordField.Kind.CHOICE: ChoiceKind(),
    RecordField.Kind.LOOKUP: LookupKind(),
}


def lookup_id(raw: Any) -> Any:
    """The id in what was given for a lookup: a record, a context with `id`, or the id itself."""
    if isinstance(raw, Record):
        return raw.pk
    return raw.get("id") if isinstance(raw, dict) else raw


def clean_text(text: str) -> str:
    """The text, if PostgreSQL can hold it; raises ValidationError for NUL and for half a character."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValidationError(_("This text has a character that cannot be stored."))
    return text


def _as_text(raw: str | int | Decimal | date) -> str:
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, Decimal) and raw.is_finite() and abs(raw.adjusted()) <= MAX_DIGITS:
        return plain_digits(raw)
    return str(raw)


def plain_digits(number: Decimal) -> str:
    """All digits of a number, no exponent, no zeros at the end of a fraction."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text

"""How a list is narrowed and ordered by a field: what people are asked, and what it means in the database."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import Case, DecimalField, Func, IntegerField, Q, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Upper
from django.db.models.lookups import Exact, GreaterThanOrEqual, IContains, LessThanOrEqual, Regex
from django.utils.translation import gettext_lazy as _

from bpm_portal.common.forms import NumberField, Picker
from records.models import Record, RecordField

EMPTY, FILLED = "empty", "filled"
NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"


class Narrowing:
    """What is common to all; the suffix of an input stands behind the name of the field in the address."""

    #: The first of its inputs may stand beside the search.
    is_quick: ClassVar[bool] = False

    def inputs(self, field: RecordField, user: Any) -> dict[str, forms.Field]:
        """Suffix -> form field, none of them required."""
        return {}

    def condition(self, field: RecordField, given: Mapping[str, Any]) -> Q:
        """The condition for what was given, by suffix; only what is not empty is in it."""
        return Q()

    def order(self, field: RecordField) -> Any:
        """The expression to sort by; null where there is no value."""
        return Upper(text_at(field))


class Words(Narrowing):
    """A text that contains what is typed."""

    def inputs(self, field: RecordField, user: Any) -> dict[str, forms.Field]:
        """One text."""
        return {"": forms.CharField(label=field.label, required=False, max_length=100, strip=True)}

    def condition(self, field: RecordField, given: Mapping[str, Any]) -> Q:
        """In any case of the letters."""
        return Q(IContains(text_at(field), given[""])) if "" in given else Q()


class Between(Narrowing):
    """From one value to another, both included."""

    def entry(self, label: Any) -> forms.Field:
        """One of the two inputs."""
        raise NotImplementedError

    def bound(self, value: Any) -> Any:
        """A given value as `order` is compared to."""
        return value

    def inputs(self, field: RecordField, user: Any) -> dict[str, forms.Field]:
        """From and to."""
        words = {"name": field.label}
        first, last = self.entry(_("%(name)s from") % words), self.entry(_("%(name)s to") % words)
        first.widget.attrs["placeholder"], last.widget.attrs["placeholder"] = _("from"), _("to")
        return {"from": first, "to": last}

    def condition(self, field: RecordField, given: Mapping[str, Any]) -> Q:
        """Both ends that were given."""
        found = Q()
        if "from" in given:
            found &= Q(GreaterThanOrEqual(self.order(field), self.bound(given["from"])))
        if "to" in given:
            found &= Q(LessThanOrEqual(self.order(field), self.bound(given["to"])))
        return found


class Numbers(Between):
    """Numbers are stored as text; text that is none (the field was of another kind once) counts as nothing."""

    def entry(self, label: Any) -> forms.Field:
        """As the record's own form takes numbers."""
        widget = forms.TextInput({"inputmode": "decimal", "size": 8})
        return NumberField(label=label, required=False, localize=True, widget=widget, max_digits=60)

    def bound(self, value: Decimal) -> Any:
        """A number, however long."""
        return Value(value, output_field=DecimalField())

    def order(self, field: RecordField) -> Any:
        """As numbers, not as texts."""
        text = text_at(field)
        number = Func(text, template="(%(expressions)s)::numeric", output_field=DecimalField())
        return Case(When(Regex(text, NUMBER), then=number), output_field=DecimalField())


class Dates(Between):
    """ISO 8601 sorts as text."""

    def entry(self, label: Any) -> forms.Field:
        """The browser's own picker."""
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(label=label, required=False, widget=widget)

    def bound(self, value: Any) -> Any:
        """As it is stored."""
        return Value(value.isoformat(), output_field=TextField())

    def order(self, field: RecordField) -> Any:
        """As it is stored."""
        return text_at(field)


class Listed(Narrowing):
    """One of the choices."""

    is_quick = True

    def options(self, field: RecordField) -> list[tuple[str, Any]]:
        """Code and label of each."""
        return [(code, label) for code, label in field.choices]

    def stored(self, code: str) -> Any:
        """The stored value that a code stands for."""
        return code

    def inputs(self, field: RecordField, user: Any) -> dict[str, forms.Field]:
        """A list with everything at its head."""
        choices = [("", _("%(name)s: all") % {"name": field.label}), *self.options(field)]
        return {"": forms.ChoiceField(label=field.label, required=False, choices=choices)}

    def condition(self, field: RecordField, given: Mapping[str, Any]) -> Q:
        """Exactly this one."""
        return Q(data__contains={field.code: self.stored(given[""])}) if "" in given else Q()

    def order(self, field: RecordField) -> Any:
        """As the choices are listed, not by the alphabet."""
        text = text_at(field)
        places = [
            When(Exact(text, Value(code)), then=Value(n))
            for n, (code, _label) in enumerate(self.options(field))
        ]
        return Case(*places, output_field=IntegerField())


class YesOrNo(Listed):
    """Yes or no."""

    def options(self, field: RecordField) -> list[tuple[str, Any]]:
        """As JSON writes them; no comes before yes."""
        return [("false", _("No")), ("true", _("Yes"))]

    def stored(self, code: str) -> Any:
        """A truth value."""
        return code == "true"


class Others(Narrowing):
    """Another record, found by typing."""

    def inputs(self, field: RecordField, user: Any) -> dict[str, forms.Field]:
        """Among what the user may see."""
        section = field.lookup_type.code if field.lookup_type else ""
        records = Record.objects.visible_to(user).filter(record_type_id=field.lookup_type_id)
        widget = Picker("records:options", section, attrs={"placeholder": field.label})
        return {"": forms.ModelChoiceField(records, label=field.label, required=False, widget=widget)}

    def condition(self, field: RecordField, given: Mapping[str, Any]) -> Q:
        """The very record."""
        return Q(data__contains={field.code: {"id": given[""].pk}}) if "" in given else Q()

    def order(self, field: RecordField) -> Any:
        """By its caption."""
        return Upper(KeyTextTransform("caption", KeyTransform(field.code, "data")))


def presence(field: RecordField) -> forms.Field:
    """Whether there is a value at all; every field can be asked for it."""
    choices = [("", _("Filled or not")), (FILLED, _("Filled")), (EMPTY, _("Empty"))]
    label = _("%(name)s: filled or not") % {"name": field.label}
    return forms.ChoiceField(label=label, required=False, choices=choices)


def present(field: RecordField, answer: str) -> Q:
    """The condition for it; what has no value is not in the data at all."""
    filled = Q(data__has_key=field.code)
    return filled if answer == FILLED else ~filled


def text_at(field: RecordField) -> KeyTextTransform:
    """The stored value as text."""
    return KeyTextTransform(field.code, "data")

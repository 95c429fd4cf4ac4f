"""What the list of a section shows: filters per field, search, order and columns, all read from the address."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bpm_portal.accounts.models import User
from bpm_portal.accounts.roles import role_ids
from bpm_portal.common.forms import DayField
from records.fields import KINDS
from records.models import RecordField, RecordType
from records.narrowing import presence, present

#: Orders that every section has, by what the address says; each ends with a unique column.
ORDERS: dict[str, tuple[str, ...]] = {
    "": ("-id",),
    "oldest": ("id",),
    "caption": ("caption", "id"),
    "-caption": ("-caption", "-id"),
    "-changed": ("-updated_at", "-id"),
    "changed": ("updated_at", "id"),
    "owner": ("owner__last_name", "owner__first_name", "id"),
    "-owner": ("-owner__last_name", "-owner__first_name", "-id"),
    "external_id": ("external_id", "id"),
    "-external_id": ("-external_id", "-id"),
}
ORDER_WORDS = {
    "": _("Newest first"),
    "oldest": _("Oldest first"),
    "caption": _("By caption, A to Z"),
    "-caption": _("By caption, Z to A"),
    "-changed": _("Recently changed first"),
    "changed": _("Not changed for the longest first"),
    "owner": _("By owner, A to Z"),
    "-owner": _("By owner, Z to A"),
    "external_id": _("By external id, ascending"),
    "-external_id": _("By external id, descending"),
}
#: Columns that every section has; the first two are shown unless others are chosen.
OWN_COLUMNS = {
    "owner": _("Owner"),
    "changed": _("Changed"),
    "created": _("Added"),
    "external_id": _("External id"),
}
USUAL = ("owner", "changed")
PREFIX = "field-"
QUICK = 3  # fields with a list of choices that stand beside the search; the others are behind a button


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list: `name` as the address has it, `field` where it is one of the section's."""

    name: str
    label: Any
    field: RecordField | None = None

    @property
    def is_sortable(self) -> bool:
        """The order of ids is that of the additions."""
        return self.name != "created"


class Names(forms.MultipleChoiceField):
    """Names of columns, repeated or in one text with commas; empty where none are chosen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=NamesInput(), **options)

    def to_python(self, value: Any) -> list[str]:
        """Unknown ones are left out."""
        known = {name for name, _label in self.choices}  # type: ignore[union-attr, str-unpack]
        return [name for name in super().to_python(value) if name in known]

    def validate(self, value: Any) -> None:
        """Nothing is wrong any more."""


class NamesInput(forms.CheckboxSelectMultiple):
    """Boxes; also takes names joined by commas, as addresses have them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All names that were sent."""
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name, "")]
        return [part for text in given for part in str(text).split(",") if part]


class ListForm(forms.Form):
    """What is asked of the list; nonsense is left out, as an old address still has to show something."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "placeholder": _("Search by caption")}),
    )
    changed_from = DayField(
        label=_("Changed from"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    changed_to = DayField(
        label=_("Changed to"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    external_id = forms.CharField(label=_("External id"), required=False, max_length=200)

    def __init__(self, data: Any, *, record_type: RecordType, user: Any) -> None:
        super().__init__(data)
        self.user = user
        self.record_type = record_type
        self.record_fields = list(record_type.fields.all())
        self.all_columns = [
            *(Column(PREFIX + f.code, f.label, f) for f in self.record_fields),
            *(Column(name, label) for name, label in OWN_COLUMNS.items()),
        ]
        orders = list(ORDER_WORDS.items())
        for field in self.record_fields:
            words = {"name": field.label}
            orders += [
                (PREFIX + field.code, _("By “%(name)s”, ascending") % words),
                (f"-{PREFIX}{field.code}", _("By “%(name)s”, descending") % words),
            ]
        self.fields["sort"] = forms.ChoiceField(label=_("Order"), required=False, choices=orders)
        self.fields["columns"] = Names(
            label=_("Columns"), choices=[(c.name, c.label) for c in self.all_columns]
        )
        self.fields["owner"] = forms.ChoiceField(
            label=_("Owner"), required=False, choices=_owner_choices(record_type, user)
        )
        for field in self.record_fields:
            inputs = KINDS[field.kind].narrowing.inputs(field, user)
            for suffix, entry in {**inputs, "is": presence(field)}.items():
                self.fields[_name(field, suffix)] = entry
        self.full_clean()
        self.chosen = {n: v for n, v in self.cleaned_data.items() if v not in (None, "", [])}
        self.usual_columns = {PREFIX + field.code for field in self.record_fields if field.in_list} | set(
            USUAL
        )
        if set(self.chosen.get("columns", ())) == self.usual_columns:
            del self.chosen["columns"]  # as it is without a choice

    def query(self) -> dict[str, str]:
        """What makes sense of the parameters, as the address has them."""
        found = {name: self.data[name] for name in self.chosen if name != "columns"}
        if "columns" in self.chosen:
            found["columns"] = ",".join(self.chosen["columns"])
        return found

    @property
    def is_narrowing(self) -> bool:
        """Something is left out."""
        return bool(set(self.chosen) - {"sort", "columns"})

    @property
    def shown_columns(self) -> list[Column]:
        """The columns beside the caption, in the order of the form; `columns` is the input that chooses them."""
        wanted = set(self.chosen.get("columns", self.usual_columns))
        return [column for column in self.all_columns if column.name in wanted]

    @property
    def sort(self) -> str:
        """The order by the word of the address."""
        return str(self.chosen.get("sort", ""))

    @property
    def order(self) -> tuple[str, ...]:
        """The order for `keyset_page`; that by a field needs the value that `find` has annotated."""
        if self.sort in ORDERS:
            return ORDERS[self.sort]
        return ("-order_value", "-id") if self.sort.startswith("-") else ("order_value", "id")

    def find(self, records: Any) -> Any:
        """The records that match, with what they are ordered by."""
        chosen = self.chosen
        if "owner" in chosen:
            owned = {"me": self.user.pk, "nobody": None}
            owner = chosen["owner"]
            records = records.owned_by(owned[owner] if owner in owned else int(owner))
        if "external_id" in chosen:
            records = records.with_external_id(chosen["external_id"])
        since, until = chosen.get("changed_from"), chosen.get("changed_to")
        records = records.changed_between(_start(since), _start(until, days=1))
        for field in self.record_fields:
            records = records.meeting(self._condition(field))
            if self.sort.removeprefix("-") == PREFIX + field.code:
                records = records.with_order(KINDS[field.kind].narrowing.order(field))
        return records.search(chosen.get("q", ""))

    def _condition(self, field: RecordField) -> Any:
        narrowing = KINDS[field.kind].narrowing
        name = _name(field, "")
        given = {n.removeprefix(name).removeprefix("-"): v for n, v in self._of(name)}
        condition = narrowing.condition(field, given)
        return condition & present(field, given["is"]) if "is" in given else condition

    def _of(self, name: str) -> Iterator[tuple[str, Any]]:
        return ((n, v) for n, v in self.chosen.items() if n == name or n.startswith(f"{name}-"))

    def quick_inputs(self) -> list[forms.BoundField]:
        """What stands beside the search: whose, the first lists of choices, the order."""
        lists = [field for field in self.record_fields if KINDS[field.kind].narrowing.is_quick]
        return [self["owner"], *(self[_name(field, "")] for field in lists[:QUICK]), self["sort"]]

    def further_inputs(self) -> list[dict[str, Any]]:
        """The others: per field of the section its label with its inputs."""
        quick = {bound.name for bound in self.quick_inputs()}
        groups = []
        for field in self.record_fields:
            name = _name(field, "")
            names = [n for n in self.fields if (n == name or n.startswith(f"{name}-")) and n not in quick]
            groups.append({"label": field.label, "inputs": [self[n] for n in names]})
        groups.append({"label": _("Changed"), "inputs": [self["changed_from"], self["changed_to"]]})
        groups.append({"label": _("External id"), "inputs": [self["external_id"]]})
        return groups

    @property
    def has_further(self) -> bool:
        """One of those behind the button is in use."""
        names = {bound.name for group in self.further_inputs() for bound in group["inputs"]}
        return bool(names & set(self.chosen))


class KeepForm(forms.Form):
    """A name for the present filter, and who may use it."""

    name = forms.CharField(label=_("Name"), max_length=60)
    role = forms.ModelChoiceField(
        Group.objects.none(), label=_("Share with"), required=False, empty_label=_("Nobody, it is for me")
    )
    is_default = forms.BooleanField(label=_("Open the list with this filter"), required=False)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = Group.objects.order_by("name")
        self.fields["role"].queryset = roles if user.is_superuser else roles.filter(pk__in=role_ids(user))

    def add_problems(self, problems: dict[str, Any]) -> None:
        """Show what the service has refused at the fields it names."""
        for name, problem in problems.items():
            self.add_error(name, str(problem))


def _owner_choices(record_type: RecordType, user: Any) -> list[tuple[str, Any]]:
    people = User.objects.filter(is_active=True, groups__in=record_type.roles.all()).distinct()
    others = people.exclude(pk=user.pk).order_by("last_name", "pk")[:200]
    known = [("", _("All owners")), ("me", _("Mine")), ("nobody", _("Without owner"))]
    return [*known, *((str(person.pk), str(person)) for person in others)]


def _name(field: RecordField, suffix: str) -> str:
    return f"{PREFIX}{field.code}-{suffix}" if suffix else f"{PREFIX}{field.code}"


def _start(day: Any, *, days: int = 0) -> datetime | None:
    """The moment a day (or one some days later) begins for the reader."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min))

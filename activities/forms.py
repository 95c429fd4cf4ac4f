"""What people fill in about activities."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.access import people_known_to, roles_known_to
from activities.later import preset
from activities.models import Activity
from activities.own_words import in_words
from bpm_portal.accounts.models import User
from bpm_portal.common.forms import DayField, Picker
from bpm_portal.common.moments import check_year
from records.models import Record


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of a date and time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A date and time in the reader's time zone, to the minute."""

    widget = MomentInput
    default_validators = [check_year]


def person_field(label: Any, *, placeholder: Any = "", **options: Any) -> forms.ModelChoiceField:
    """A person, found by typing."""
    widget = Picker("accounts:people", attrs={"placeholder": placeholder})
    return forms.ModelChoiceField(User.objects.none(), label=label, required=False, widget=widget, **options)


def role_field(label: Any, *, placeholder: Any = "", **options: Any) -> forms.ModelChoiceField:
    """A role, found by typing."""
    widget = Picker("accounts:roles", attrs={"placeholder": placeholder})
    return forms.ModelChoiceField(Group.objects.none(), label=label, required=False, widget=widget, **options)


class ActivityForm(forms.Form):
    """An activity of people; its `values` are those of the services."""

    title = forms.CharField(label=_("Title"), max_length=250)
    category = forms.ChoiceField(label=_("Category"), choices=Activity.Category.choices)
    priority = forms.TypedChoiceField(label=_("Priority"), choices=Activity.Priority.choices, coerce=int)
    owner = person_field(_("Owner"))
    role = role_field(_("Role"), help_text=_("Without an owner, any member of the role may take it."))
    starts_at = MomentField(label=_("Start"))
    due_at = MomentField(label=_("Due"), required=False)
    remind_owner_at = MomentField(label=_("Remind owner"), required=False)
    record = forms.ModelChoiceField(
        Record.objects.none(),
        label=_("Connected to"),
        required=False,
        widget=Picker("activities:record-options", attrs={"placeholder": _("Type a part of its name")}),
    )
    details = forms.CharField(label=_("Details"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    in_calendar = forms.BooleanField(label=_("Show in calendar"), required=False)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = people_known_to(user)
        self.fields["role"].queryset = roles_known_to(user)
        self.fields["record"].queryset = Record.objects.visible_to(user)

    def add_problems(self, problems: Mapping[str, Any]) -> None:
        """Show what a service has refused at the fields it names."""
        for name, problem in problems.items():
            self.add_error(name if name in self.fields else None, str(problem))


def initial_of(activity: Activity) -> dict[str, Any]:
    """What the form shows of an activity."""
    return {name: getattr(activity, name) for name in ActivityForm.base_fields}


def initial_of_new(
    *, user: Any, record_id: int | None, now: datetime, starts_at: datetime | None = None
) -> dict[str, Any]:
    """A task for oneself, at the moment wished for with half an hour, else from the next full hour on."""
    full_hour = timezone.localtime(now).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return {
        "category": Activity.Category.TASK,
        "priority": Activity.Priority.MEDIUM,
        "owner": user.pk,
        "starts_at": starts_at or full_hour,
        "due_at": starts_at + timedelta(minutes=30) if starts_at else None,
        "record": record_id,
        "in_calendar": True,
    }


class PostponeForm(forms.Form):
    """A preset or a moment."""

    preset = forms.CharField(required=False)
    until = MomentField(label=_("Another moment"), required=False)

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now

    def clean(self) -> dict[str, Any]:
        """Exactly one moment results."""
        values: dict[str, Any] = super().clean() or {}
        chosen = preset(values.get("preset", ""), self.now)
        values["until"] = chosen or values.get("until")
        if values["until"] is None and not self.errors:
            self.add_error("until", _("Choose a moment that lies ahead."))
        return values


class ReassignForm(forms.Form):
    """To whom."""

    assignee = person_field(_("To a person"))
    role = role_field(_("Or to a role"))

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["assignee"].queryset = people_known_to(user)
        self.fields["role"].queryset = roles_known_to(user)


class TimesForm(forms.Form):
    """Other times."""

    starts_at = MomentField(label=_("Start"))
    due_at = MomentField(label=_("Due"), required=False)


class ResultForm(forms.Form):
    """One result for several activities: one of those that all of them offer, or any where none offers some."""

    result = forms.CharField(label=_("Result"), required=False, max_length=100)
    details = forms.CharField(
        label=_("Result details"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, activities: Sequence[Activity], **options: Any) -> None:
        super().__init__(*args, **options)
        offers = [activity.allowed_results for activity in activities]
        codes = {tuple(sorted(offer["code"] for offer in allowed)) for allowed in offers}
        self.differ = len(codes) > 1
        self.offers = offers[0] if len(codes) == 1 else []
        if self.offers:
            choices = [
                (offer["code"], in_words(offer.get("label") or offer["code"])) for offer in self.offers
            ]
            self.fields["result"] = forms.ChoiceField(
                label=_("Result"), choices=choices, widget=forms.RadioSelect
            )
        elif any(activity.is_managed for activity in activities):
            self.fields["result"].widget = forms.HiddenInput()  # their processes expect none

    def clean(self) -> dict[str, Any]:
        """Refuse activities that have no result in common."""
        if self.differ:
            raise forms.ValidationError(
                _("These activities offer different results. Select those that offer the same ones.")
            )
        return super().clean() or {}


class CancelForm(forms.Form):
    """Why nothing is to be done any more."""

    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class CalendarForm(forms.Form):
    """Whose calendar it is: a person's or a role's, else one's own."""

    person = person_field(_("Person"), placeholder=_("Me, or a colleague"))
    role = role_field(_("Role"), placeholder=_("Any role"))

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].queryset = people_known_to(user)
        self.fields["role"].queryset = roles_known_to(user)


class ListForm(forms.Form):
    """What the list shows; every field is a parameter of its address."""

    SCOPES = [
        ("", _("Mine and of my roles")),
        ("mine", _("Mine")),
        ("roles", _("Of my roles, not taken")),
        ("all", _("All that I may see")),
    ]
    STATUSES = [
        ("", pgettext_lazy("activities", "Open")),
        ("final", _("Completed or cancelled")),
        *Activity.Status.choices,
        ("any", _("Any status")),
    ]

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    show = forms.ChoiceField(label=_("Whose"), choices=SCOPES, required=False)
    status = forms.ChoiceField(label=_("Status"), choices=STATUSES, required=False)
    category = forms.ChoiceField(
        label=_("Category"), choices=[("", _("Any category")), *Activity.Category.choices], required=False
    )
    process = forms.CharField(label=_("Process"), required=False, max_length=100)
    since = DayField(label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = DayField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def chosen(self) -> dict[str, Any]:
        """Valid values only; an old or mistyped address shows the list without that filter."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


def day_start(day: Any) -> datetime:
    """The moment a day begins for the reader."""
    return timezone.make_aware(datetime.combine(day, time.min))

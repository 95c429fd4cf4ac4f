"""What people fill in about themselves: preferences, and who stands in for them."""

import zoneinfo
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bpm_portal.accounts.directory import colleagues_of
from bpm_portal.accounts.models import User
from bpm_portal.accounts.querysets import FOR_OTHERS
from bpm_portal.common.forms import Picker

# Names that people know; the rest of the database are aliases and fixed offsets.
REGIONS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


def time_zones(now: datetime) -> list[tuple[str, str]]:
    """(name, `Europe/Berlin (UTC+01:00)`) of every place, sorted, UTC first."""
    names = sorted(name for name in zoneinfo.available_timezones() if name.startswith(REGIONS))
    return [("UTC", "UTC")] + [(name, f"{name} (UTC{_offset(name, now)})") for name in names]


def _offset(name: str, now: datetime) -> str:
    text = now.astimezone(zoneinfo.ZoneInfo(name)).strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


class PreferencesForm(forms.ModelForm):
    """How a person likes to see the portal."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("All dates and times are shown in this zone.")
    )

    class Meta:
        model = User
        fields = ("language", "time_zone", "theme")
        labels = {"language": _("Language"), "theme": _("Theme")}

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = time_zones(now)
        if self.instance.time_zone not in dict(choices):
            choices.append((self.instance.time_zone, self.instance.time_zone))
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class DayInput(forms.DateInput):
    """The browser's own picker of a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SubstitutionForm(forms.Form):
    """Who stands in, from the first to the last day of the absence; whoever may say it for others names who is away."""

    absent = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who is away?"),
        required=False,
        widget=Picker("accounts:people"),
        help_text=_("Empty: you."),
    )
    substitute = forms.ModelChoiceField(
        User.objects.none(), label=_("Substitute"), widget=Picker("accounts:people")
    )
    first_day = forms.DateField(label=_("From"), widget=DayInput)
    last_day = forms.DateField(
        label=_("To"),
        required=False,
        widget=DayInput,
        help_text=_("The last day of absence; empty: until ended."),
    )

    def __init__(self, *args: Any, user: Any, now: datetime, **options: Any) -> None:
        today = timezone.localtime(now).date()
        super().__init__(*args, initial={"first_day": today}, **options)
        self.fields["substitute"].queryset = colleagues_of(user)
        self.fields["absent"].queryset = colleagues_of(user)
        if not user.has_perm(FOR_OTHERS):
            del self.fields["absent"]

    @property
    def since(self) -> datetime:
        """When it begins, in the reader's time zone."""
        return day_start(self.cleaned_data["first_day"])

    @property
    def until(self) -> datetime | None:
        """The end of the last day."""
        last = self.cleaned_data["last_day"]
        return day_start(last + timedelta(days=1)) if last and last < date.max else None


def day_start(day: date) -> datetime:
    """The moment a day begins for the reader."""
    return timezone.make_aware(datetime.combine(day, time.min))

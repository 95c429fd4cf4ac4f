"""The form of the profile page."""

import zoneinfo
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bpm_portal.accounts.models import User

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

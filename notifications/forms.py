"""The form of the page *Notifications*."""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.models import WEEK, DeliveryTimes, Mail
from notifications.sorts import SORTS, Sort, Ways

BELL, BROWSER = gettext_lazy("Bell"), gettext_lazy("Browser")


class Days(forms.TypedMultipleChoiceField):
    """Days of the week."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            choices=[(day, WEEKDAYS[day]) for day in WEEK],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class NewsForm(forms.Form):
    """Sort of news by way; when the daily e-mail comes; when nothing may disturb."""

    digest_hour = forms.TypedChoiceField(label=gettext_lazy("Time of the daily e-mail"), coerce=int)
    digest_days = Days(gettext_lazy("On these days"))
    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Quiet until"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    quiet_days = Days(gettext_lazy("On these days"))

    def __init__(self, data: Any, *, ways: Mapping[str, Ways], times: DeliveryTimes) -> None:
        initial = {name: getattr(times, name) for name in self.base_fields}
        super().__init__(data, initial=initial)
        hours = [(hour, time_format(time(hour), "TIME_FORMAT")) for hour in range(24)]
        self.fields["digest_hour"].choices = hours  # type: ignore[attr-defined]
        for code in SORTS:
            chosen = ways[code]
            self.fields[f"{code}-bell"] = forms.BooleanField(label=BELL, required=False, initial=chosen.bell)
            self.fields[f"{code}-browser"] = forms.BooleanField(
                label=BROWSER, required=False, initial=chosen.browser
            )
            self.fields[f"{code}-mail"] = forms.ChoiceField(
                label=_("E-mail"), choices=Mail.choices, initial=chosen.mail
            )

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end, or neither."""
        cleaned: dict[str, Any] = super().clean() or {}
        begin, until = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if begin is not None and begin == until:
            self.add_error("quiet_until", _("Quiet hours end at another time than they begin."))
        if (begin is None) != (until is None) and not {"quiet_from", "quiet_until"} & self.errors.keys():
            missing = "quiet_from" if begin is None else "quiet_until"
            self.add_error(missing, _("Give both times, or neither."))
        return cleaned

    def rows(self) -> Iterator[tuple[Sort, BoundField, BoundField, BoundField]]:
        """Each sort with its ways."""
        for code, sort in SORTS.items():
            yield sort, self[f"{code}-bell"], self[f"{code}-browser"], self[f"{code}-mail"]

    @property
    def ways(self) -> dict[str, Ways]:
        """What was chosen."""
        given = self.cleaned_data
        return {
            code: Ways(given[f"{code}-bell"], given[f"{code}-browser"], given[f"{code}-mail"])
            for code in SORTS
        }

    @property
    def times(self) -> dict[str, Any]:
        """What was chosen, as `choose_times` wants it."""
        return {name: self.cleaned_data[name] for name in self.base_fields}

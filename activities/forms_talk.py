"""What people fill in about what belongs to an activity."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.access import people_known_to
from activities.forms import MomentField, person_field
from bpm_portal.common.forms import Picker
from records.models import Record


class ParticipantForm(forms.Form):
    """Who else takes part."""

    user = person_field(_("Add a person"))

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user"].queryset = people_known_to(user)
        self.fields["user"].required = True


class ConnectionForm(forms.Form):
    """A further record."""

    record = forms.ModelChoiceField(
        Record.objects.none(),
        label=_("Connect a record"),
        widget=Picker("activities:record-options", attrs={"placeholder": _("Type a part of its name")}),
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["record"].queryset = Record.objects.visible_to(user)


class ReminderForm(forms.Form):
    """When to be reminded; empty: never."""

    at = MomentField(label=_("Remind me"), required=False)


class FileForm(forms.Form):
    """A file."""

    file = forms.FileField(label=_("Add a file"))

"""The form made from a section's fields: entering a record."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bpm_portal.accounts.models import User
from bpm_portal.common.errors import Invalid
from bpm_portal.common.forms import Picker
from records.fields import KINDS
from records.models import Record, RecordType
from records.services import change_record, create_record
from records.values import default_values


class RecordForm(forms.Form):
    """A record's fields under their codes; caption (where no template makes it) and owner.

    `record` None: for a new one, which starts with the stored values of `defaults`. The hidden `seen` says
    which changes the person knew, so that two editors do not undo each other's work.
    """

    def __init__(
        self,
        *args: Any,
        record_type: RecordType,
        user: Any,
        record: Record | None = None,
        defaults: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.record_type = record_type
        self.record = record
        self.user = user
        self.codes = [field.code for field in record_type.fields.all()]
        super().__init__(*args, **kwargs)
        stored = record.data if record else {**default_values(record_type), **(defaults or {})}
        if not record_type.caption_template:
            self.fields["caption"] = forms.CharField(
                label=_("Caption"),
                max_length=250,
                required=False,
                help_text=_("Left empty, it is taken from the first field that you fill."),
            )
            self.initial.setdefault("caption", record.caption if record else "")
        owner = record.owner_id if record else user.pk
        self.fields["owner"] = forms.ModelChoiceField(
            owners(record), label=_("Owner"), required=False, widget=Picker("accounts:people")
        )
        self.initial.setdefault("owner", owner)
        for field in record_type.fields.all():
            kind = KINDS[field.kind]
            self.fields[field.code] = kind.form_field(field, stored.get(field.code), user)
            self.initial.setdefault(field.code, kind.initial(stored.get(field.code)))
        if record:
            self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
            last = record.changes.order_by("-pk").values_list("pk", flat=True).first()
            self.initial.setdefault("seen", last or 0)

    def values(self) -> dict[str, Any]:
        """Field code -> what was entered, for the services; only after `is_valid`."""
        return {code: self.cleaned_data[code] for code in self.codes}

    def take_problems(self, error: Invalid) -> None:
        """Show what a service refused beside the fields it is about."""
        for name, messages in error.detail.items():
            self.add_error(name if name in self.fields else None, messages)
        if self.record:  # what is shown again has seen everything: saving once more overwrites
            last = self.record.changes.order_by("-pk").values_list("pk", flat=True).first()
            data = cast(QueryDict, self.data).copy()
            data["seen"] = str(last or 0)
            self.data = data

    def save(self, *, by: Any, now: datetime) -> Record | None:
        """The saved record, or None with the problems on the form."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        try:
            if self.record is None:
                return create_record(
                    record_type=self.record_type,
                    values=self.values(),
                    by=by,
                    now=now,
                    caption=data.get("caption", ""),
                    owner=data["owner"],
                )
            return change_record(
                record=self.record,
                values=self.values(),
                by=by,
                now=now,
                caption=data.get("caption"),
                owner=data["owner"],
                seen=data["seen"] or 0,
            )
        except Invalid as error:
            self.take_problems(error)
            return None


def owners(record: Record | None) -> QuerySet[User]:
    """Who may own a record: everybody active, and who owns it now."""
    people = User.objects.filter(is_active=True)
    if record and record.owner_id:
        people = people | User.objects.filter(pk=record.owner_id)
    return people

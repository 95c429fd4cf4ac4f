"""The forms in which administrators make sections and their fields."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.choices import ChoicesField
from records.fields import KINDS
from records.icons import IconField
from records.import_rows import FileCells
from records.models import Record, RecordField, RecordType
from records.values import PLACEHOLDER

#: What decides how a value is stored and read.
STORAGE = ("kind", "multiline", "choice_rows", "lookup_type")


class RecordFieldForm(forms.ModelForm):  # type: ignore[type-arg]
    """A field of a section; choices are written one a line, the default as in the cell of a file."""

    choice_rows = ChoicesField(label=capfirst(gettext_lazy("choices")), required=False)
    beginning = forms.CharField(
        label=capfirst(gettext_lazy("default")),
        required=False,
        help_text=gettext_lazy(
            "What a new record begins with: a text, a number as 1.5, a date as 2026-03-31, yes or no, the code of"
            " a choice, the caption of a record."
        ),
    )

    class Meta:
        """What may be set of a field."""

        model = RecordField
        fields = (
            "code",
            "label_en",
            "label_ru",
            "kind",
            "required",
            "multiline",
            "in_list",
            "choice_rows",
            "lookup_type",
            "position",
        )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        default = self.instance.default
        if default is not None:
            shown = (
                default["caption"]
                if isinstance(default, dict)
                else KINDS[self.instance.kind].initial(default)
            )
            self.initial["beginning"] = str(shown)

    def clean(self) -> dict[str, Any]:
        """A field that records may have filled keeps its code and its kind: they say how the values are stored."""
        data = super().clean() or {}
        fixed = [name for name in ("code", "kind", "lookup_type") if name in self.changed_data]
        if self.instance.pk and fixed and self.instance.record_type.records.exists():
            for name in fixed:
                self.add_error(
                    name,
                    _("The section has records already; add another field instead of changing this one."),
                )
        if not self.errors and {"beginning", *STORAGE} & set(self.changed_data):
            self.instance.default = self._default(data)
        return data

    def _default(self, data: dict[str, Any]) -> Any:
        """The stored value of what was typed as default."""
        field = RecordField(**{name: data.get(name) for name in STORAGE})
        kind, text = KINDS[field.kind], str(data.get("beginning", "")).strip()
        try:
            typed = kind.from_cell(field, text, FileCells(".", None)) if text else None
            return None if typed is None else kind.parse(field, typed, find_record)
        except ValidationError as error:
            self.add_error("beginning", error)
            return None


def find_record(field: RecordField, pk: int) -> Record | None:
    """A record to which a lookup may point, whoever sees it."""
    return Record.objects.filter(record_type_id=field.lookup_type_id, pk=pk).only("id", "caption").first()


class RecordFieldFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """The fields of one section together."""

    def clean(self) -> None:
        """Refuse a code that stands twice or was another field's, and a caption that names a field that is none."""
        super().clean()
        removed = {entry["code"] for entry in self.instance.removed_fields}
        seen: set[str] = set()
        for form in self.forms:
            code = form.cleaned_data.get("code") if hasattr(form, "cleaned_data") else None
            if not code or form.cleaned_data.get("DELETE"):
                continue
            if code in seen:
                form.add_error("code", _("Another field of this section has this code."))
            if code in removed and not form.instance.pk:
                form.add_error(
                    "code",
                    _("A removed field had this code, and records hold its values: bring it back, above."),
                )
            seen.add(code)
        unknown = [n for n in PLACEHOLDER.findall(self.instance.caption_template or "") if n not in seen]
        if unknown and not any(self.errors):
            raise ValidationError(
                _("The caption of the section names “%(code)s”, which is none of its fields."),
                params={"code": unknown[0]},
            )


class RecordTypeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A section; its code stands in addresses and diagrams."""

    icon = IconField(label=capfirst(gettext_lazy("icon")))
    bring_back = forms.MultipleChoiceField(
        label=capfirst(gettext_lazy("bring back")),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Fields that were removed while records hold values in them; brought back, they show them again."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "icon" in self.fields:
            self.fields["icon"].keep(self.instance.icon)
            self.initial.setdefault("icon", self.instance.icon)
        if "bring_back" in self.fields:
            self.fields["bring_back"].choices = [
                (entry["code"], f"{entry['label_en']} ({entry['code']})")
                for entry in self.instance.removed_fields
            ]

    def clean_caption_template(self) -> str:
        """Refuse a template that names no field at all: every record would be called the same."""
        template: str = self.cleaned_data["caption_template"]
        if template and not PLACEHOLDER.search(template):
            raise forms.ValidationError(_("Name at least one field in braces, as in “{number}”."))
        return template

    class Meta:
        """All that can be set of a section; its fields stand below."""

        model = RecordType
        fields = (
            "code",
            "name_en",
            "name_ru",
            "name_plural_en",
            "name_plural_ru",
            "icon",
            "position",
            "in_menu",
            "caption_template",
            "roles",
        )

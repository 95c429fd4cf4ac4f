"""The choices of a field as people write them in the admin: one a line, as in `draft = Draft | Черновик`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

Rows = list[list[str]]


class ChoicesField(forms.CharField):
    """Reads lines into [code, label] or [code, label, label in Russian]; a line without `=` is code and label."""

    def __init__(self, **kwargs: Any) -> None:
        help_text = _(
            "For a choice, one a line: the code that is stored, =, the label that is shown, and after | the label"
            " in Russian, as in “draft = Draft | Черновик”."
        )
        super().__init__(widget=forms.Textarea({"rows": 4}), help_text=help_text, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Rows as lines; what was typed as it is."""
        if not isinstance(value, list):
            return value
        return "\n".join(f"{code} = {' | '.join(labels)}" for code, *labels in value)

    def to_python(self, value: Any) -> Rows:  # type: ignore[override]
        """Lines as rows."""
        rows = []
        for line in str(value or "").splitlines():
            code, found, labels = line.partition("=")
            label, _bar, russian = (labels if found else code).partition("|")
            if line.strip():
                row = [code.partition("|")[0].strip(), label.strip(), russian.strip()]
                rows.append(row if row[2] else row[:2])
        return rows

    def has_changed(self, initial: Any, data: Any) -> bool:
        """The rows differ."""
        return bool(self.to_python(data) != (initial or []))

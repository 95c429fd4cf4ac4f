"""The choices of a field as people write them in the admin: one a line, as in `draft = Draft`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

Pairs = list[list[str]]


class ChoicesField(forms.CharField):
    """Reads lines into [code, label] pairs; a line without `=` is both."""

    def __init__(self, **kwargs: Any) -> None:
        help_text = _("For a choice, one a line: the code that is stored, =, the label that is shown.")
        super().__init__(widget=forms.Textarea({"rows": 4}), help_text=help_text, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Pairs as lines; what was typed as it is."""
        if not isinstance(value, list):
            return value
        return "\n".join(" = ".join(str(part) for part in pair) for pair in value)

    def to_python(self, value: Any) -> Pairs:  # type: ignore[override]
        """Lines as pairs."""
        pairs = []
        for line in str(value or "").splitlines():
            code, found, label = line.partition("=")
            if line.strip():
                pairs.append([code.strip(), label.strip() if found else code.strip()])
        return pairs

    def has_changed(self, initial: Any, data: Any) -> bool:
        """The pairs differ."""
        return bool(self.to_python(data) != (initial or []))

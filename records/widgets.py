"""The input of a lookup field: the other record's id, found by typing."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString


class LookupInput(forms.TextInput):
    """Renders the picker of the portal; `record_type` is the section it searches, `current` what is stored."""

    def __init__(self, record_type: Any, current: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.record_type = record_type
        self.current = current or {}

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The picker with the caption of what is chosen."""
        chosen = "" if value in (None, "") else str(value)
        caption = self.current.get("caption", "") if chosen == str(self.current.get("id", "")) else chosen
        context = {
            "name": name,
            "value": chosen,
            "caption": caption,
            "attrs": self.build_attrs(self.attrs, attrs),
            "url": reverse("records:options", args=[self.record_type.code]),
            "section": self.record_type.name_plural,
        }
        return render_to_string("records/_lookup.html", context)

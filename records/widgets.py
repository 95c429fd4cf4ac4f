"""The input of a lookup field: the other record's id, found by typing."""

from typing import Any

from django import forms
from django.urls import reverse


class LookupInput(forms.TextInput):
    """The portal's picker on the records of a section; `current` is the stored `{"id", "caption"}`."""

    template_name = "records/_lookup.html"

    def __init__(self, record_type: Any, current: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.record_type = record_type
        self.current = current or {}

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the address to search and the caption of what is chosen."""
        context = super().get_context(name, value, attrs)
        chosen = "" if value in (None, "") else str(value)
        caption = self.current.get("caption", "") if chosen == str(self.current.get("id", "")) else ""
        url = reverse("records:options", args=[self.record_type.code])
        return {**context, "chosen": chosen, "caption": caption, "url": url, "section": self.record_type}

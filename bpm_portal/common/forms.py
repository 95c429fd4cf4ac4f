"""Every Django form in the look of the portal, with labels, help and errors tied to their fields."""

import re
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.urls import reverse
from django.utils import formats

from bpm_portal.common.moments import check_year
from bpm_portal.common.typed import id_in

WIDGETS = "django/forms/widgets/"
CLASSES = {
    "checkbox.html": "form-check-input",
    "radio.html": "",
    "select.html": "form-select",
    "checkbox_option.html": "form-check-input",
    "radio_option.html": "form-check-input",
    "checkbox_select.html": "",
    "multiple_input.html": "",
    "splitdatetime.html": "",
    "hidden.html": "",
    "multiple_hidden.html": "",
}


class PortalRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ field.as_field_group }}` as in templates/common; widgets get their classes here."""

    form_template_name = "common/_form.html"
    field_template_name = "common/_field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """Django calls it for every form, field and widget."""
        if template_name.startswith(WIDGETS) and "widget" in context:
            _dress(template_name.removeprefix(WIDGETS), context["widget"])
        return str(super().render(template_name, context, request))


def _dress(template: str, widget: dict[str, Any]) -> None:
    """Add the class of this kind of input, and of an invalid one, to what the field asks for itself."""
    own = CLASSES.get(template, "form-control")
    for _group, options, _index in widget.get("optgroups", ()):
        for option in options:
            name = option["template_name"].removeprefix(WIDGETS)
            if name in CLASSES:
                _add_classes(option["attrs"], [CLASSES[name]])
    if own:
        invalid = "is-invalid" if widget["attrs"].get("aria-invalid") else ""
        _add_classes(widget["attrs"], [own, invalid])


def _add_classes(attrs: dict[str, Any], names: list[str]) -> None:
    present = str(attrs.get("class", "")).split()
    attrs["class"] = " ".join(present + [name for name in names if name and name not in present])


class DayField(forms.DateField):
    """A day that begins and ends in every time zone."""

    default_validators = [check_year]


class NumberField(forms.DecimalField):
    """A number as people write it and as the portal shows it, with the marks between its thousands."""

    def to_python(self, value: Any) -> Any:
        """The decimal. Raises ValidationError."""
        return super().to_python(_ungrouped(value.strip()) if isinstance(value, str) else value)


def _ungrouped(text: str) -> str:
    """`1 234,5` is `1234,5`; a mark that does not part thousands stays, and is refused."""
    mark = re.escape(str(formats.get_format("THOUSAND_SEPARATOR")))
    grouped = re.fullmatch(rf"([-+]?\d{{1,3}}(?:({mark}|[ \xa0\u202f'])\d{{3}})(?:\2\d{{3}})*)(\D\d+)?", text)
    if grouped is None:
        return text
    whole, mark, fraction = grouped[1], grouped[2], grouped[3] or ""
    return text if fraction.startswith(mark) else whole.replace(mark, "") + fraction


class Picker(forms.TextInput):
    """Finds one of many while one types; for a ModelChoiceField: `widget=Picker("accounts:people")`.

    `url_name` is an address that answers `?q=` with `{"results": [{"id", "name", ...}]}`.
    """

    template_name = "common/picker_widget.html"
    choices: Any = ()

    def __init__(self, url_name: str, *args: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.url_name = url_name
        self.url_args = args

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template needs, with the words of the chosen one."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["url"] = reverse(self.url_name, args=self.url_args)
        widget["text"] = self._text_of(value)
        widget["invalid"] = bool(widget["attrs"].get("aria-invalid"))
        widget["described_by"] = widget["attrs"].get("aria-describedby", "")
        return context

    def _text_of(self, value: Any) -> str:
        queryset = getattr(self.choices, "queryset", None)
        key = id_in(str(value or ""))
        if queryset is None or key is None:
            return ""
        chosen = queryset.filter(pk=key).first()
        return str(chosen) if chosen else ""

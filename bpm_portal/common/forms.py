"""Every Django form in the look of the portal, with labels, help and errors tied to their fields."""

from typing import Any

from django.forms.renderers import TemplatesSetting

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

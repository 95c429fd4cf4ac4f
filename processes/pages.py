"""Pages that a developer registers for steps of the kind `page`: one class each, found by its code.

An app keeps its pages in a module `process_pages`::

    @register
    class Inspection(Page):
        code = "inspection"
        label = _("Inspection")
        template = "garage/inspection.html"
        buttons = (Button("passed", _("Passed"), "success"), Button("later", _("Save for later"), completes=False))

        def form(self, visit, data, initial):
            return InspectionForm(data, initial=initial)

and a diagram uses it by `portal:kind="page" portal:page="inspection"`, with
`<portal:parameter code="limit" value="=amount * 2"/>` for what the page is to know (evaluated when the step opens) and
`<portal:output code="mileage" variable="km"/>` for values that are to become variables of another name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from bpm_portal.common.errors import Invalid


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a page.

    `completes`: pressing it finishes the step with its code as the result; else what was typed is kept and the page
    stays. `validates`: the form must be right; else its fields are taken as far as they are. `symbol` is its icon.
    `signal` is the name of one that goes to every process that waits for it or begins with it, with the outputs.
    """

    code: str
    label: str | Promise
    outcome: str = "neutral"
    completes: bool = True
    validates: bool = True
    symbol: str = ""
    signal: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at a page: the parameters of the diagram, the record that the step hangs on, and who it is."""

    by: Any
    parameters: Mapping[str, Any] = field(default_factory=dict)
    record_id: int | None = None


class Page:
    """A page for steps. Its form asks, its template shows; `outputs` become variables of the process."""

    code: ClassVar[str]
    label: ClassVar[str | Promise]
    template: ClassVar[str] = "processes/_form.html"
    buttons: ClassVar[Sequence[Button]] = (Button("done", _("Done"), "success"),)

    def form(self, visit: Visit, data: Any, initial: Mapping[str, Any]) -> forms.Form:
        """The form; bound where `data` is given, otherwise with what was typed before in `initial`."""
        return forms.Form(data, initial=dict(initial))

    def context(self, visit: Visit, form: forms.Form, step: Any) -> dict[str, Any]:
        """What the template needs besides `step` and `form`."""
        return {}

    def outputs(self, visit: Visit, values: Mapping[str, Any]) -> dict[str, Any]:
        """Variables by name, made of the cleaned values of the form: texts, numbers, dates, lists, mappings."""
        return dict(values)

    def act(self, visit: Visit, button: Button, values: Mapping[str, Any], *, now: datetime) -> None:
        """Do, in the transaction that the button is pressed in, what it asks for besides; may raise Invalid."""

    def note(self, button: Button) -> str:
        """What is said after a button that stays."""
        return str(_("Saved. The task stays open."))

    def schema(self, visit: Visit) -> dict[str, Any]:
        """The fields that a program sends, as JSON schema: titles, and a default where there is one."""
        fields = self.form(visit, None, {}).fields
        properties: dict[str, dict[str, Any]] = {
            name: {"title": str(asked.label or name)}
            | ({"default": asked.initial} if isinstance(asked.initial, str | int | bool) else {})
            for name, asked in fields.items()
        }
        required = [name for name, asked in fields.items() if asked.required]
        return {"type": "object", "properties": properties, "required": required}

    def button(self, code: Any) -> Button:
        """The button of that code. Raises Invalid."""
        for button in self.buttons:
            if button.code == code:
                return button
        known = ", ".join(button.code for button in self.buttons)
        raise Invalid(result=_("Choose one of the buttons: %(known)s.") % {"known": known})


_pages: dict[str, Page] = {}


def register(page: type[Page]) -> type[Page]:
    """Class decorator: make the page known under its code. Raises ValueError for a second one of that code."""
    if page.code in _pages:
        raise ValueError(f"Two pages are called {page.code!r}.")
    _pages[page.code] = page()
    return page


def unregister(code: str) -> None:
    """Forget a page; for tests that register one of their own."""
    del _pages[code]


def get(code: Any) -> Page:
    """The page of that code. Raises Invalid when the installation does not have it."""
    try:
        return _pages[str(code)]
    except KeyError:
        message = _("This installation has no page called “%(code)s”; ask its administrator.")
        raise Invalid(message, code=code) from None


def all_pages() -> dict[str, Page]:
    """Every registered page by its code."""
    return dict(_pages)


def autodiscover() -> None:
    """Import the `process_pages` module of every app."""
    autodiscover_modules("process_pages")

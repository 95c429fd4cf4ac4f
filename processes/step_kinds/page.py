"""Pre-configured page: a page that a developer registered, shown for a step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from processes import pages
from processes.drafts import packed
from processes.engine.model import Element
from processes.engine.problems import Problem, problem
from processes.kinds import Answer, Choice, Kept, Opening, StepKind, register
from processes.pages import Button, Page, Visit
from processes.step_kinds.common import refuse_form

RECORD = "page_record"


@dataclass(frozen=True, slots=True)
class Pressed(Answer):
    """A button of a page, and the cleaned values of its form."""

    button: Button | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)


@register
class RegisteredPage(StepKind):
    """Done when a button that completes is pressed; its code is the result, the page's outputs become variables."""

    code: ClassVar[str] = "page"
    label = gettext_lazy("Pre-configured page")
    icon = "app-window"
    waiting_sentence = gettext_lazy("Waits for %(who)s to finish “%(name)s”")
    template = "processes/_page.html"
    makes_activity = False

    def check_element(self, element: Element) -> Iterable[Problem]:
        """The page is named in plain words and registered."""
        code = element.portal.get("page", "")
        if not code:
            yield problem(
                "attribute_missing", element=element.id, line=element.line, kind=self.code, attribute="page"
            )
        elif not isinstance(code, str) or code not in pages.all_pages():
            yield problem(
                "unknown_page",
                element=element.id,
                line=element.line,
                page=code if isinstance(code, str) else code.source,
                known=", ".join(sorted(pages.all_pages())) or "-",
            )
        for extra in element.extras:
            if extra.tag in ("parameter", "output") and not extra.attributes.get("code"):
                yield problem(
                    "child_attribute", element=element.id, line=extra.line, tag=extra.tag, attribute="code"
                )

    def open(self, opening: Opening) -> Mapping[str, Any]:
        """The record that the page is about; a page that is gone is an incident."""
        pages.get(opening.settings.get("page"))
        return {RECORD: opening.record_id}

    def choices(self, settings: Mapping[str, Any]) -> list[Choice]:
        """The buttons of the page; those that stay come last and look quiet."""
        buttons = sorted(pages.get(settings.get("page")).buttons, key=lambda button: not button.completes)
        return [
            Choice(b.code, str(b.label), b.outcome, validates=b.validates, symbol=b.symbol) for b in buttons
        ]

    def form(
        self,
        settings: Mapping[str, Any],
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
        *,
        by: Any,
    ) -> forms.Form:
        """The form of the page."""
        page, visit = _at(settings, by)
        return page.form(visit, data, initial or {})

    def page_answer(self, settings: Mapping[str, Any], data: Any, *, by: Any) -> Answer:
        """The pressed button and the posted form."""
        return self._pressed(settings, data.get("result", ""), data, "", by)

    def answer(
        self, settings: Mapping[str, Any], *, result: Any, variables: Mapping[str, Any], details: str, by: Any
    ) -> Answer:
        """A button's code, and the fields of the form as a page would send them."""
        return self._pressed(
            settings, result, {k: v for k, v in variables.items() if v is not None}, details, by
        )

    def carry_out(
        self,
        answer: Answer,
        settings: Mapping[str, Any],
        *,
        facts: Mapping[str, Any],
        by: Any,
        now: datetime,
    ) -> Answer | Kept:
        """What the page does itself; then its outputs, or another round."""
        assert isinstance(answer, Pressed) and answer.button is not None  # noqa: PT018 - one fact
        page, visit = _at(settings, by)
        button = answer.button
        page.act(visit, button, answer.values, now=now)
        names = {
            str(o.get("code")): str(o.get("variable") or o.get("code")) for o in settings.get("output", ())
        }
        outputs = page.outputs(visit, answer.values)
        variables = {names.get(code, code): value for code, value in outputs.items()}
        if not button.completes:
            return Kept(page.note(button), typed=answer.typed, signal=button.signal, variables=variables)
        return Answer(
            button.code,
            variables,
            activity_result=str(button.label),
            details=answer.details,
            signal=button.signal,
        )

    def page_context(self, step: Any, form: forms.Form, *, by: Any) -> dict[str, Any]:
        """The page's own template with its own context."""
        page, visit = _at(step.settings, by)
        return {**page.context(visit, form, step), "page": page}

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The buttons and the fields of the form."""
        page, visit = _at(settings, None)
        buttons = [button.code for button in page.buttons if button.completes]
        return {
            "type": "object",
            "properties": {
                "result": {"enum": buttons},
                "variables": page.schema(visit),
            },
            "required": ["result"],
        }

    def _pressed(self, settings: Mapping[str, Any], code: Any, data: Any, details: str, by: Any) -> Pressed:
        page, visit = _at(settings, by)
        button = page.button(code)
        form = page.form(visit, data, {})
        if not form.is_valid() and button.validates:
            refuse_form(form)
        return Pressed(details=details, button=button, values=form.cleaned_data, typed=packed(data))


def _at(settings: Mapping[str, Any], by: Any) -> tuple[Page, Visit]:
    parameters = {str(entry.get("code")): entry.get("value") for entry in settings.get("parameter", ())}
    return pages.get(settings.get("page")), Visit(by, parameters, settings.get(RECORD))

"""User question: one or several options, answered on a page of its own."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from bpm_portal.common.errors import Invalid
from processes.engine.model import Element
from processes.engine.problems import Problem, problem
from processes.kinds import Answer, Choice, StepKind, register
from processes.step_kinds.common import is_true, refuse_form
from processes.step_kinds.subject import subject_of

SEVERAL = "several"


@register
class UserQuestion(StepKind):
    """Done when the answer is saved; the result is an option's code, or a list of codes.

    `portal:answer="several"` lets several options be chosen, `portal:required="false"` none.
    """

    code: ClassVar[str] = "user-question"
    label = gettext_lazy("User question")
    icon = "help-circle"
    waiting_sentence = gettext_lazy("Waits for %(who)s to answer “%(name)s”")
    template = "processes/_question.html"
    buttons_template = "processes/_buttons_save.html"
    inline_template = "processes/_inline_choices.html"

    def check_element(self, element: Element) -> Iterable[Problem]:
        """A question without options cannot be answered."""
        if not any(extra.tag == "option" for extra in element.extras):
            yield problem(
                "child_missing", element=element.id, line=element.line, kind=self.code, tag="option"
            )

    def choices(self, settings: Mapping[str, Any]) -> list[Choice]:
        """One per option; a card offers them as buttons where exactly one is to be chosen."""
        return [
            Choice(str(option.get("code")), str(option.get("label") or option.get("code")))
            for option in settings.get("option", ())
        ]

    def inline(self, settings: Mapping[str, Any]) -> str:
        """Buttons where exactly one option is to be chosen; several need the page."""
        return "" if self.takes_several(settings) else self.inline_template

    def takes_several(self, settings: Mapping[str, Any]) -> bool:
        """Whether several options may be chosen."""
        return settings.get("answer") == SEVERAL

    def is_required(self, settings: Mapping[str, Any]) -> bool:
        """Whether an answer must be given."""
        return str(settings.get("required", "true")).lower() != "false"

    def form(
        self,
        settings: Mapping[str, Any],
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
        *,
        by: Any,
    ) -> forms.Form:
        """One field, `result`: radio buttons or boxes, with the default option chosen."""
        options = [(choice.code, choice.label) for choice in self.choices(settings)]
        defaults = [str(o.get("code")) for o in settings.get("option", ()) if is_true(o.get("default"))]
        field: forms.Field
        if self.takes_several(settings):
            field = forms.MultipleChoiceField(
                choices=options, initial=defaults, widget=forms.CheckboxSelectMultiple
            )
        else:
            first = defaults[0] if defaults else None
            field = forms.ChoiceField(choices=options, initial=first, widget=forms.RadioSelect)
        field.label = _("Your answer")
        field.required = self.is_required(settings)
        form = forms.Form(data, initial=dict(initial or {}))
        form.fields["result"] = field
        form.fields["details"] = forms.CharField(
            label=_("Comment"), required=False, widget=forms.Textarea({"rows": 3})
        )
        return form

    def page_answer(self, settings: Mapping[str, Any], data: Any, *, by: Any) -> Answer:
        """The same check for the page; raises Invalid with the form's problems."""
        form = self.form(settings, data, by=by)
        if not form.is_valid():
            refuse_form(form)
        return self.answer(
            settings,
            result=form.cleaned_data["result"],
            variables={},
            details=form.cleaned_data["details"],
            by=by,
        )

    def answer(
        self, settings: Mapping[str, Any], *, result: Any, variables: Mapping[str, Any], details: str, by: Any
    ) -> Answer:
        """Check codes, number and presence of what was chosen."""
        labels = {choice.code: choice.label for choice in self.choices(settings)}
        several = self.takes_several(settings)
        if result is None or result == "":
            chosen: list[Any] = []
        else:
            chosen = list(result) if isinstance(result, list | tuple) else [result]
        chosen = [code if isinstance(code, str) else str(code) for code in chosen]
        unknown = [code for code in chosen if code not in labels]
        if unknown:
            raise Invalid(result=_("There is no option “%(code)s”.") % {"code": unknown[0]})
        if not chosen and self.is_required(settings):
            raise Invalid(result=_("Choose an answer."))
        if len(chosen) > 1 and not several:
            raise Invalid(result=_("Choose one answer only."))
        value = chosen if several else (chosen[0] if chosen else None)
        words = ", ".join(labels[code] for code in chosen)
        return Answer(
            value, variables, activity_result=words[:100] or gettext_noop("No answer"), details=details
        )

    def page_context(self, step: Any, form: forms.Form, *, by: Any) -> dict[str, Any]:
        """What is asked about."""
        return subject_of(step, by=by)

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """A code, or a list of codes."""
        codes: dict[str, Any] = {"enum": [choice.code for choice in self.choices(settings)]}
        result = {"type": "array", "items": codes} if self.takes_several(settings) else codes
        required = ["result"] if self.is_required(settings) else []
        return {"type": "object", "properties": {"result": result}, "required": required}

"""Auto-generated page: fields and buttons described in the diagram, hung on a record."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpm_portal.common.errors import Invalid
from processes.engine.model import Element
from processes.engine.problems import Problem, problem
from processes.kinds import Answer, Choice, StepKind, register
from processes.step_kinds.common import find_record, is_true, read_choices
from processes.step_kinds.record_settings import describe
from processes.step_kinds.subject import subject_of
from records.fields import KINDS
from records.models import RecordField, RecordType
from records.values import refuse


@register
class GeneratedForm(StepKind):
    """Done when a button is pressed; its code is the result, the fields become variables."""

    code: ClassVar[str] = "form"
    label = gettext_lazy("Auto-generated page")
    icon = "forms"
    waiting_sentence = gettext_lazy("Waits for %(who)s to fill in “%(name)s”")
    template = "processes/_form.html"
    makes_activity = False

    def check_element(self, element: Element) -> Iterable[Problem]:
        """Fields need a type that records know; without a button nobody could finish."""
        if not any(extra.tag == "button" for extra in element.extras):
            yield problem(
                "child_missing", element=element.id, line=element.line, kind=self.code, tag="button"
            )
        for extra in element.extras:
            if extra.tag == "field" and str(extra.attributes.get("type", "text")) not in KINDS:
                yield problem(
                    "field_type",
                    element=element.id,
                    line=extra.line,
                    field=str(extra.attributes.get("code", "")),
                    type=str(extra.attributes.get("type", "")),
                    known=", ".join(KINDS),
                )

    def choices(self, settings: Mapping[str, Any]) -> list[Choice]:
        """The buttons; the first is the main one. One that says `validates="false"` takes fields as they are."""
        buttons = [
            Choice(
                str(button.get("code")),
                str(button.get("label") or button.get("code")),
                "success" if position == 0 else "neutral",
                str(button.get("validates", "true")).lower() != "false",
            )
            for position, button in enumerate(settings.get("button", ()))
        ]
        return buttons or [Choice("done", _("Done"), "success")]

    def fields(
        self, settings: Mapping[str, Any], types: Mapping[str, RecordType] | None = None
    ) -> list[RecordField]:
        """The fields as the records app knows them, never saved; `types` are the sections they look in, where known."""
        if types is None:
            types = self._lookup_types([settings])
        return [
            RecordField(
                code=str(field.get("code")),
                label=str(field.get("label") or field.get("code")),
                kind=str(field.get("type") or "text"),
                required=is_true(field.get("required")),
                choices=read_choices(field.get("choices")),
                lookup_type=types.get(str(field.get("record-type") or "")),
            )
            for field in settings.get("field", ())
        ]

    def form(
        self,
        settings: Mapping[str, Any],
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
        *,
        by: Any,
    ) -> forms.Form:
        """The fields with their defaults; a draft wins over them."""
        form = forms.Form(data, initial=dict(initial or {}))
        defaults = {str(f.get("code")): f.get("default") for f in settings.get("field", ())}
        for field in self.fields(settings):
            kind = KINDS[field.kind]
            form.fields[field.code] = kind.form_field(field, None, by)
            default = defaults.get(field.code)
            if default not in (None, ""):
                form.fields[field.code].initial = kind.initial(default)
        return form

    def page_answer(self, settings: Mapping[str, Any], data: Any, *, by: Any) -> Answer:
        """The pressed button and the posted fields."""
        values = {field.code: data.get(field.code) for field in self.fields(settings) if field.code in data}
        return self.answer(settings, result=data.get("result", ""), variables=values, details="", by=by)

    def answer(
        self, settings: Mapping[str, Any], *, result: Any, variables: Mapping[str, Any], details: str, by: Any
    ) -> Answer:
        """Check the button, then every field by its type; all problems at once."""
        button = next((choice for choice in self.choices(settings) if choice.code == result), None)
        if button is None:
            codes = ", ".join(choice.code for choice in self.choices(settings))
            raise Invalid(result=_("Choose one of the buttons: %(known)s.") % {"known": codes})
        values: dict[str, Any] = {}
        problems: dict[str, list[str]] = {}
        known = {field.code: field for field in self.fields(settings)}
        for name in variables.keys() - known.keys():
            problems[name] = [_("The form has no such field.")]
        for code, field in known.items():
            try:
                values[code] = self._value(field, variables.get(code), by, checked=button.validates)
            except ValidationError as error:
                if button.validates:
                    problems[code] = list(error.messages)
        refuse(problems)
        return Answer(result, values, activity_result=button.label, details=details)

    def page_context(self, step: Any, form: forms.Form, *, by: Any) -> dict[str, Any]:
        """What it is filled in about."""
        return subject_of(step, by=by)

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The button's code and the fields by code."""
        return self._schema(settings, self._lookup_types([settings]))

    def schemas(self, many: Sequence[Mapping[str, Any]]) -> list[dict[str, Any] | None]:
        """As the one, with all sections read at once."""
        types = self._lookup_types(many)
        return [self._schema(settings, types) for settings in many]

    def _schema(self, settings: Mapping[str, Any], types: Mapping[str, RecordType]) -> dict[str, Any]:
        fields = self.fields(settings, types)
        defaults = {str(f.get("code")): f.get("default") for f in settings.get("field", ())}
        return {
            "type": "object",
            "properties": {
                "result": {"enum": [choice.code for choice in self.choices(settings)]},
                "variables": {
                    "type": "object",
                    "properties": {field.code: describe(field, defaults.get(field.code)) for field in fields},
                    "required": [field.code for field in fields if field.required],
                },
            },
            "required": ["result"],
        }

    def _value(self, field: RecordField, raw: Any, by: Any, *, checked: bool) -> Any:
        kind = KINDS[field.kind]
        stored = None if raw in (None, "") else kind.parse(field, raw, partial(find_record, by))
        if stored is None and field.required and checked:
            raise ValidationError(_("Please fill this in."))
        return kind.to_value(stored)

    @staticmethod
    def _lookup_types(many: Sequence[Mapping[str, Any]]) -> dict[str, RecordType]:
        fields = [field for settings in many for field in settings.get("field", ())]
        codes = {str(field["record-type"]) for field in fields if field.get("record-type")}
        return {t.code: t for t in RecordType.objects.filter(code__in=codes)} if codes else {}

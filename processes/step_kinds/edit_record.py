"""Open edit page: a record's own form as the page of a step; done on save, or when the saved record fits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpm_portal.common.errors import Conflict, Invalid
from processes.engine.model import Element
from processes.engine.problems import Problem, problem
from processes.kinds import Answer, Kept, Opening, StepKind, register
from processes.step_kinds import record_settings
from processes.step_kinds.common import refuse_form
from processes.step_kinds.record_settings import EDITS, SAVED
from records.forms import RecordForm
from records.models import Record, RecordType
from records.services import KEEP, change_record, create_record, record_values


@dataclass(frozen=True, slots=True)
class Save(Answer):
    """What is to be saved; `seen` is the last change of the record that was known when it was typed."""

    values: Mapping[str, Any] = field(default_factory=dict)
    caption: str | None = None
    owner: Any = KEEP
    seen: int | None = None


@register
class EditRecord(StepKind):
    """Done when the page is saved and every `portal:completeWhen` holds of the saved record.

    With `portal:record` that record is edited. Else `portal:recordType` adds a new one, with a
    `<portal:default field="..." value="..."/>` for what is known already. With neither, the record of the instance
    is edited. The result is the value of `portal:fieldCode`, or the id of the record.

    `<portal:completeWhen label="the state must be in force">=record.state = "in_force"</portal:completeWhen>` sees
    `record` as it was just saved, its fields under their own codes, and the variables. As long as it does not hold,
    the step waits on with its activity in progress; what was added is edited from then on, so that nothing is made
    twice. Saving and finishing are one transaction, which locks the instance first.
    """

    code: ClassVar[str] = "edit-record"
    label = gettext_lazy("Open edit page")
    icon = "edit"
    waiting_sentence = gettext_lazy("Waits for %(who)s to fill in “%(name)s”")
    template = "processes/_edit_record.html"
    buttons_template = "processes/_buttons_record.html"

    def check_element(self, element: Element) -> Iterable[Problem]:
        """A default names its field, a condition says something."""
        for extra in element.extras:
            if extra.tag == "default" and not extra.attributes.get("field"):
                yield problem(
                    "child_attribute", element=element.id, line=extra.line, tag=extra.tag, attribute="field"
                )
            if extra.tag == "completeWhen" and not extra.attributes.keys() & {"text", "condition"}:
                yield problem(
                    "child_attribute",
                    element=element.id,
                    line=extra.line,
                    tag=extra.tag,
                    attribute="condition",
                )

    def open(self, opening: Opening) -> Mapping[str, Any]:
        """Which record is edited, or which section gets a new one with which values."""
        return record_settings.settle(opening)

    def form(
        self,
        settings: Mapping[str, Any],
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
        *,
        by: Any,
    ) -> forms.Form:
        """The form of the record. Raises Conflict when the record or its section is gone."""
        record = edited(settings)
        return RecordForm(
            data,
            record_type=record.record_type if record else section(settings),
            user=by,
            record=record,
            defaults=settings.get(record_settings.DEFAULTS),
            initial=dict(initial or {}),
        )

    def page_answer(self, settings: Mapping[str, Any], data: Any, *, by: Any) -> Answer:
        """The posted form."""
        form = self.form(settings, data, by=by)
        assert isinstance(form, RecordForm)
        if not form.is_valid():
            refuse_form(form)
        typed = form.cleaned_data
        seen = (typed.get("seen") or 0) if form.record else None
        return Save(values=form.values(), caption=typed.get("caption"), owner=typed["owner"], seen=seen)

    def answer(
        self, settings: Mapping[str, Any], *, result: Any, variables: Mapping[str, Any], details: str, by: Any
    ) -> Answer:
        """Field codes to values, as a program sends them; `caption` may be among them."""
        if not variables:
            raise Invalid(_("Open the page of this task to fill in and save the record."))
        values = dict(variables)
        caption = values.pop("caption", None)
        owner = KEEP if settings.get(EDITS) else by
        return Save(details=details, values=values, caption=caption, owner=owner)

    def carry_out(
        self,
        answer: Answer,
        settings: Mapping[str, Any],
        *,
        facts: Mapping[str, Any],
        by: Any,
        now: datetime,
    ) -> Answer | Kept:
        """Save the record, then look whether the step is done with it."""
        assert isinstance(answer, Save)
        record = self._save(answer, settings, by, now)
        values = record_values(record)
        note = record_settings.missing(
            settings, {**facts, **values, "record": values}, record.record_type, now
        )
        if note:
            return Kept(note, {EDITS: record.pk, SAVED: True}, record=record)
        code = settings.get("fieldCode")
        return Answer(
            values[code] if code else record.pk,
            activity_result=record.caption,
            details=answer.details,
            record=record,
        )

    def page_context(self, step: Any, form: forms.Form, *, by: Any) -> dict[str, Any]:
        """Whether something is added or changed, and what the task waits for after a first save."""
        assert isinstance(form, RecordForm)
        settings = step.settings
        note = record_settings.done_once(settings, form.record_type) if settings.get(SAVED) else ""
        return {"edited": form.record, "section": form.record_type, "note": note}

    def show_problems(self, form: forms.Form, problem: Invalid) -> None:
        """Beside their fields; a form that is shown again has seen what others have changed."""
        assert isinstance(form, RecordForm)
        form.is_valid()
        fresh = Invalid()
        fresh.detail = {name: texts for name, texts in problem.detail.items() if not form.errors.get(name)}
        form.take_problems(fresh if problem.detail else Invalid(__all__=[problem.message]))

    def result_words(self, settings: Mapping[str, Any], result: Any) -> str:
        """The caption stands on the activity; the value itself says enough."""
        return "" if result is None else str(result)

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The fields by code; those that must be filled, and those that a condition looks at, are required."""
        record = edited(settings)
        record_type = record.record_type if record else section(settings)
        return record_settings.schema(settings, record_type, is_new=record is None)

    def schemas(self, many: Sequence[Mapping[str, Any]]) -> list[dict[str, Any] | None]:
        """As the one, with all records and sections read at once."""
        keys = {key for settings in many if (key := settings.get(EDITS))}
        codes = {settings.get("recordType") for settings in many if not settings.get(EDITS)} - {None}
        records = Record.objects.filter(pk__in=keys).prefetch_related("record_type__fields__lookup_type")
        sections = RecordType.objects.filter(code__in=codes).prefetch_related("fields__lookup_type")
        by_key = {record.pk: record.record_type for record in records} if keys else {}
        by_code = {record_type.code: record_type for record_type in sections} if codes else {}
        found = (
            by_key.get(settings[EDITS]) if settings.get(EDITS) else by_code.get(settings.get("recordType"))
            for settings in many
        )
        return [
            record_type and record_settings.schema(settings, record_type, is_new=not settings.get(EDITS))
            for settings, record_type in zip(many, found, strict=True)
        ]

    def _save(self, save: Save, settings: Mapping[str, Any], by: Any, now: datetime) -> Record:
        record = edited(settings)
        if record is not None:
            return change_record(
                record=record, values=save.values, by=by, now=now, caption=save.caption, owner=save.owner,
                seen=save.seen,
            )  # fmt: skip
        return create_record(
            record_type=section(settings), values=save.values, by=by, now=now, caption=save.caption or "",
            owner=None if save.owner is KEEP else save.owner, defaults=settings.get(record_settings.DEFAULTS),
        )  # fmt: skip


def edited(settings: Mapping[str, Any]) -> Record | None:
    """The record that the step edits; None while it adds one. Raises Conflict when it was deleted."""
    key = settings.get(EDITS)
    if not key:
        return None
    record: Record | None = Record.objects.with_fields().select_related("owner").filter(pk=key).first()
    if record is None:
        raise Conflict(
            _("The record of this task was deleted. Ask a process administrator to skip the task.")
        )
    return record


def section(settings: Mapping[str, Any]) -> RecordType:
    """The section that gets a new record. Raises Conflict when it is gone."""
    found: RecordType | None = (
        RecordType.objects.prefetch_related("fields").filter(code=settings.get("recordType")).first()
    )
    if found is None:
        raise Conflict(
            _("The section “%(code)s” does not exist. Ask an administrator."), code=settings.get("recordType")
        )
    return found

"""Kinds of human steps: one class each, registered by its code, with everything about that kind in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from bpm_portal.common.errors import BusinessError, Invalid
from processes.engine.iso import read_duration, read_moment, told_everywhere
from processes.engine.model import Element
from processes.engine.problems import Problem

DATE_LENGTH = len("2026-12-31")


@dataclass(frozen=True, slots=True)
class Opening:
    """What a kind knows when its step opens: the element's settings and where it happens."""

    name: str
    settings: Mapping[str, Any]
    now: datetime
    record_id: int | None = None

    @property
    def starts_at(self) -> datetime:
        """When the work is asked for: `startIn` after now."""
        return told_everywhere(self.now + (self._duration("startIn") or timedelta()))

    @property
    def due_at(self) -> datetime | None:
        """The deadline: `duration` after the start, or the date in `dueDate` (its end), never before the start."""
        length = self._duration("duration")
        if length is not None:
            return told_everywhere(self.starts_at + length)
        due = self._moment("dueDate")
        return None if due is None else told_everywhere(max(due, self.starts_at))

    @property
    def remind_at(self) -> datetime | None:
        """`remindBefore` ahead of the deadline (of the start where there is none), never in the past."""
        ahead = self._duration("remindBefore")
        return None if ahead is None else max((self.due_at or self.starts_at) - ahead, self.now)

    def _duration(self, name: str) -> timedelta | None:
        value = self.settings.get(name)
        if value in (None, ""):
            return None
        if isinstance(value, timedelta):  # of an expression
            length = value
        else:
            read = read_duration(str(value))
            if read is None:
                raise ValueError(f"“{value}” is not a duration; write it like P2D or PT4H30M (ISO 8601).")
            length = read.after(self.now) - self.now
        if length < timedelta():
            raise ValueError(f"“{value}” is a negative duration.")
        return length

    def _moment(self, name: str) -> datetime | None:
        value = self.settings.get(name)
        if value in (None, ""):
            return None
        moment = value if isinstance(value, date) else read_moment(str(value))
        if moment is None:
            raise ValueError(
                f"“{value}” is not a date; write it like 2026-12-31 or 2026-12-31T18:00 (ISO 8601)."
            )
        if not isinstance(moment, datetime) or len(str(value).strip()) == DATE_LENGTH:
            moment = datetime.combine(moment, time(23, 59))
        return moment if moment.tzinfo else moment.replace(tzinfo=self.now.tzinfo)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a performer has decided, checked: `result` for conditions, words for the activity.

    A `record` is the one that the step and its activity are about from now on; a `signal` goes out with the variables.
    """

    result: Any = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    activity_result: str = ""
    details: str = ""
    record: Any = None
    signal: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was sent is kept and the step waits on; `note` tells the performer for what.

    `remembers` goes into the settings of the step; `typed` is what its page shows again; a `signal` goes out with
    the `variables`.
    """

    note: str
    remembers: Mapping[str, Any] = field(default_factory=dict)
    record: Any = None
    typed: Mapping[str, Any] | None = None
    signal: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Queued:
    """The step is done, with this answer, as soon as a worker has done the `job` (JSON): see `StepKind.run`."""

    answer: Answer
    job: Mapping[str, Any]
    note: str
    typed: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker gets of an answered step; `key` is the same at every attempt, `by_id` who answered.

    `activity_id` is the activity that the step waits on, if it does: its files go with it.
    """

    key: str
    data: Mapping[str, Any]
    by_id: int | None = None
    activity_id: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A button that finishes a step; `outcome` (success, neutral, failure) gives its colour and icon.

    One that `needs_page` asks for more than a click: cards lead to the page. `symbol` is an icon of its own.
    """

    code: str
    label: str
    outcome: str = "neutral"
    validates: bool = True
    needs_page: bool = False
    symbol: str = ""

    @property
    def button_class(self) -> str:
        """The colour of the button; its icon says the same, so that nothing depends on colour alone."""
        return {"success": "btn-success", "failure": "btn-danger"}.get(self.outcome, "")

    @property
    def state_class(self) -> str:
        """The colour of a result that was chosen."""
        return {"success": "state-good", "failure": "state-bad"}.get(self.outcome, "")

    @property
    def icon(self) -> str:
        """The icon of the button."""
        return self.symbol or {"success": "check", "failure": "x"}.get(self.outcome, "point")


class StepKind:
    """A kind of human step. Subclass it in an app's `step_kinds` module and decorate it with `@register`."""

    code: ClassVar[str]
    label: ClassVar[str | Promise]
    icon: ClassVar[str] = "checkbox"
    category: ClassVar[str] = "task"
    #: The sort of news that its performer gets when it opens: see `notifications.sorts`.
    news_sort: ClassVar[str] = "step"
    #: What the log says while the step is pending; `who` and `name` are filled in.
    waiting_sentence: ClassVar[str | Promise] = _("Waits for %(who)s to do “%(name)s”")
    #: The template of the page's middle; "" when the activity's standard page is its page.
    template: ClassVar[str] = ""
    #: The buttons of that page.
    buttons_template: ClassVar[str] = "processes/_buttons_choices.html"
    #: What stands under the form of that page, with forms of its own; "" for nothing.
    beside_template: ClassVar[str] = ""
    #: The fragment that answers from a card of the panel; "" when the page is needed.
    inline_template: ClassVar[str] = ""
    #: Whether the step waits on an activity unless the diagram says otherwise.
    makes_activity: ClassVar[bool] = True
    #: Whether `createActivity="false"` may move the step to the record.
    activity_is_optional: ClassVar[bool] = True
    #: What giving the step to somebody else is called.
    reassign_label: ClassVar[str | Promise] = _("Reassign")

    def check_element(self, element: Element) -> Iterable[Problem]:
        """Problems of this element at deploy, beyond what the engine checks."""
        return ()

    def waits_on_activity(self, settings: Mapping[str, Any]) -> bool:
        """Whether the step that opens with these settings waits on an activity (else on a record)."""
        if self.activity_is_optional and "createActivity" in settings:
            return str(settings["createActivity"]).lower() != "false"
        return self.makes_activity

    def open(self, opening: Opening) -> Mapping[str, Any]:
        """What the step remembers from its opening, beside its settings.

        Raises ValueError or Invalid with a sentence: an incident.
        """
        return {}

    def activity_values(self, opening: Opening) -> dict[str, Any]:
        """Fields of the activity that the step waits on."""
        settings = opening.settings
        return {
            "title": (settings.get("recommendation") or opening.name)[:250],
            "details": settings.get("hint") or "",
            "category": self._category(settings),
            "starts_at": opening.starts_at,
            "due_at": opening.due_at,
            "remind_owner_at": opening.remind_at,
            "allowed_results": self.allowed_results(settings),
        }

    def _category(self, settings: Mapping[str, Any]) -> str:
        chosen = settings.get("category") or self.category
        if chosen not in Activity.Category.values:
            raise ValueError(f"there is no category “{chosen}”.")
        return str(chosen)

    def allowed_results(self, settings: Mapping[str, Any]) -> list[dict[str, str]]:
        """The results that the activity may end with; empty: free text."""
        return []

    def choices(self, settings: Mapping[str, Any]) -> list[Choice]:
        """The buttons of the page and of the panel's card."""
        return [Choice("", str(_("Done")), "success")]

    def inline(self, settings: Mapping[str, Any]) -> str:
        """The fragment that answers this very step from a card; "" when its page is needed."""
        return self.inline_template

    def form(
        self,
        settings: Mapping[str, Any],
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
        *,
        by: Any,
    ) -> forms.Form:
        """The form of the page for the user `by`; bound when `data` is given."""
        return forms.Form(data, initial=dict(initial or {}))

    def answer(
        self, settings: Mapping[str, Any], *, result: Any, variables: Mapping[str, Any], details: str, by: Any
    ) -> Answer:
        """Check what `by` has sent from page, card or API. Raises Invalid with the problems per field."""
        raise NotImplementedError

    def page_answer(self, settings: Mapping[str, Any], data: Any, *, by: Any) -> Answer:
        """The answer of a posted page. Raises Invalid with the problems per field."""
        return self.answer(
            settings, result=data.get("result", ""), variables={}, details=data.get("details", ""), by=by
        )

    def carry_out(
        self,
        answer: Answer,
        settings: Mapping[str, Any],
        *,
        facts: Mapping[str, Any],
        by: Any,
        now: datetime,
    ) -> Answer | Kept | Queued:
        """Do, in the transaction that finishes the step, what a checked answer asks for, and say what comes of it.

        `facts` are the variables as the step sees them. May raise business errors: then nothing has happened.
        Nothing slow belongs here, see `run`.
        """
        return answer

    def run(self, job: Job) -> None:
        """Do in the worker, outside any transaction, what `carry_out` has queued; an error is an incident."""
        raise NotImplementedError

    def page_context(self, step: Any, form: forms.Form, *, by: Any) -> dict[str, Any]:
        """What the template of the page needs besides step and form."""
        return {}

    def show_problems(self, form: forms.Form, problem: Invalid) -> None:
        """Show beside the fields of a bound form what was refused."""
        form.is_valid()
        for name, texts in problem.detail.items():
            known = name if name in form.fields else None
            if known is None or not form.errors.get(known):
                form.add_error(known, texts)

    def result_words(self, settings: Mapping[str, Any], result: Any) -> str:
        """The result as people read it: labels of choices, else the value itself."""
        labels = {choice.code: choice.label for choice in self.choices(settings)}
        chosen = result if isinstance(result, list) else [result]
        return ", ".join(str(labels.get(str(code), code)) for code in chosen if code is not None)

    def may_reassign(self, settings: Mapping[str, Any]) -> bool:
        """Whether the performer himself may give the step to somebody else."""
        return True

    def after_reassigning(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the step remembers once its performer has given it to somebody else."""
        return {}

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """What the API expects to complete the step, as JSON schema."""
        return {
            "type": "object",
            "properties": {"result": {"enum": [choice.code for choice in self.choices(settings)]}},
        }

    def schemas(self, many: Sequence[Mapping[str, Any]]) -> list[dict[str, Any] | None]:
        """The same for each step of a list; None where its record or its page is gone: it can be seen, not answered.

        A kind whose `schema` looks things up looks them up here for all steps at once.
        """
        return [self._schema_or_none(settings) for settings in many]

    def _schema_or_none(self, settings: Mapping[str, Any]) -> dict[str, Any] | None:
        try:
            return self.schema(settings)
        except BusinessError:
            return None


_kinds: dict[str, StepKind] = {}


def register(kind: type[StepKind]) -> type[StepKind]:
    """Class decorator: make the kind known under its code. Raises ValueError for a second one of that code."""
    if kind.code in _kinds:
        raise ValueError(f"Two kinds of step are called {kind.code!r}.")
    _kinds[kind.code] = kind()
    return kind


def unregister(code: str) -> None:
    """Forget a kind; for tests that register one of their own."""
    del _kinds[code]


def get(code: str) -> StepKind:
    """The kind of that code. Raises Invalid when the installation no longer has it."""
    try:
        return _kinds[code]
    except KeyError:
        message = _("This installation has no kind of step called “%(code)s”; ask its administrator.")
        raise Invalid(message, code=code) from None


def all_kinds() -> dict[str, StepKind]:
    """Every registered kind by its code."""
    return dict(_kinds)


def autodiscover() -> None:
    """Import the `step_kinds` module of every app, as the admin does with `admin`."""
    autodiscover_modules("step_kinds")

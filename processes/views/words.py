"""What the log shows of elements and variables, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpm_portal.accounts.substitution import in_the_name_of
from bpm_portal.common.moments import fully
from bpm_portal.common.templatetags.portal import duration
from processes import kinds
from processes.engine.feel import FeelError, decode, plain
from processes.engine.step_types import COMPENSATION, GATHERING, IMPLICIT_SPLIT, ROLLBACK, SUBSCRIPTION
from processes.models import ProcessStep
from processes.services.figures import ElementFigures
from processes.services.variable_history import Change, Variable

# Element type -> (icon, words). What is not here is shown by its BPMN name.
TYPES: Mapping[str, tuple[str, str | Promise]] = {
    "task": ("square-rounded", gettext_lazy("Task")),
    "userTask": ("user", gettext_lazy("User task")),
    "manualTask": ("hand-stop", gettext_lazy("Manual task")),
    "scriptTask": ("script", gettext_lazy("Script task")),
    "serviceTask": ("settings", gettext_lazy("Service task")),
    "sendTask": ("send", gettext_lazy("Send task")),
    "receiveTask": ("mail", gettext_lazy("Receive task")),
    "businessRuleTask": ("table", gettext_lazy("Business rule task")),
    "callActivity": ("arrow-forward-up", gettext_lazy("Call activity")),
    "subProcess": ("box-multiple", gettext_lazy("Sub-process")),
    "transaction": ("box-multiple", gettext_lazy("Transaction")),
    "adHocSubProcess": ("box-multiple", gettext_lazy("Ad-hoc sub-process")),
    "exclusiveGateway": ("arrows-split", gettext_lazy("Exclusive gateway")),
    "inclusiveGateway": ("arrows-split", gettext_lazy("Inclusive gateway")),
    "parallelGateway": ("arrows-split", gettext_lazy("Parallel gateway")),
    "complexGateway": ("arrows-split", gettext_lazy("Complex gateway")),
    "eventBasedGateway": ("arrows-split", gettext_lazy("Event-based gateway")),
    "startEvent": ("circle", gettext_lazy("Start event")),
    "endEvent": ("circle-dot", gettext_lazy("End event")),
    "boundaryEvent": ("clock", gettext_lazy("Boundary event")),
    "intermediateCatchEvent": ("clock", gettext_lazy("Intermediate event")),
    "intermediateThrowEvent": ("send", gettext_lazy("Throwing event")),
    IMPLICIT_SPLIT: ("arrows-split", gettext_lazy("Conditional flow")),
    GATHERING: ("arrows-split", gettext_lazy("Gathering of branches")),
    SUBSCRIPTION: ("antenna", gettext_lazy("Start of an event sub-process")),
    COMPENSATION: ("arrow-back-up", gettext_lazy("Compensation")),
    ROLLBACK: ("arrow-back-up", gettext_lazy("Rollback of a transaction")),
}
MAX_TEXT = 300


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One row of the elements of an instance."""

    step: ProcessStep
    icon: str
    type: str | Promise
    duration: timedelta
    result: str

    @property
    def is_live(self) -> bool:
        """Its token is still there."""
        return self.step.status in ProcessStep.LIVE


def element_row(step: ProcessStep, *, now: datetime) -> ElementRow:
    """The step with its kind or type in words, how long it took (or has taken so far) and its result."""
    kind = kinds.all_kinds().get(step.kind) if step.kind else None
    icon, words = TYPES.get(step.element_type, ("point", step.element_type))
    if kind:
        icon, words = kind.icon, kind.label
    took = (step.closed_at or now) - step.opened_at
    return ElementRow(step, icon, words, took, _result(step, kind))


@dataclass(frozen=True, slots=True)
class FiguresRow:
    """One element of the list beside the diagram; `time` is the badge, `time_words` says what it is."""

    element_id: str
    name: str
    icon: str
    counts: Mapping[str, int]
    time: str
    time_words: str


def figures_row(figures: ElementFigures) -> FiguresRow:
    """Nothing that took less than a second has a time: it was only passed."""
    icon, _type = TYPES.get(figures.element_type, ("point", ""))
    time = time_words = ""
    if figures.total is not None and figures.median is not None and figures.total >= timedelta(seconds=1):
        time = duration(figures.median)
        time_words = time
        if figures.counts["completed"] > 1:
            time_words = _("median %(median)s, %(total)s in total") % {
                "median": time,
                "total": duration(figures.total),
            }
    return FiguresRow(figures.element_id, figures.name, icon, figures.counts, time, time_words)


def _result(step: ProcessStep, kind: kinds.StepKind | None) -> str:
    """A human step by the labels of its choices, any other by its value."""
    if step.result is None:
        return ""
    has_label = kind is not None and isinstance(step.result, str | list)
    return (kind.result_words(step.settings, step.result) if kind and has_label else "") or shown(step.result)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One value that a variable had: its text, the step or the occasion, whoever did it, when."""

    text: str
    source: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VariableRow:
    """A variable; `place` is the sub-process that it belongs to, "" for the instance."""

    name: str
    text: str
    place: str
    latest: ChangeRow | None
    earlier: Sequence[ChangeRow]


def variable_row(variable: Variable, places: Mapping[int, str]) -> VariableRow:
    """In the reader's language."""
    changes = [_change_row(change) for change in variable.changes]
    place = "" if variable.scope_id is None else places.get(variable.scope_id, "")
    return VariableRow(
        variable.name, shown(variable.value), place, changes[0] if changes else None, changes[1:]
    )


def _change_row(change: Change) -> ChangeRow:
    event = change.event
    by_hand = _("Start of the process") if change.is_first else _("Set by hand")
    source = str(event.step) if event.step else by_hand
    text = f"{change.value}…" if change.is_cut else shown(change.value)
    return ChangeRow(text, source, in_the_name_of(event.by, event.on_behalf_of), event.at)


def shown(stored: Any) -> str:
    """One stored FEEL value for the reader: numbers and dates in his language, lists joined."""
    try:
        return _words(decode(stored))
    except FeelError:
        return str(stored)[:MAX_TEXT]


def _words(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float | Decimal):
        return str(formats.number_format(value, use_l10n=True, force_grouping=True))
    if isinstance(value, datetime):
        return fully(value if timezone.is_aware(value) else timezone.make_aware(value))
    if isinstance(value, date):
        return fully(value)
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value) or "[ ]"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_words(item)}" for name, item in value.items()) or "{ }"
    return str(plain(value))

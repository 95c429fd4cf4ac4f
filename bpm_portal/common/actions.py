"""Port: what other apps offer on a record's page and list, filled by them in `ready()`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Action:
    """One entry of a menu: a link (`method` GET) or a button that posts."""

    label: str | Promise
    url: str
    group: str | Promise = ""
    icon: str = ""
    method: str = "get"
    hint: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A fragment that another app shows on a record's page: a tab with a template and its context."""

    code: str
    label: str | Promise
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    is_first: bool = False  # it stands above the tabs, not among them


# Each provider gets (user, record, now); a record is any object with pk and record_type_id.
ActionProvider = Callable[[Any, Any, datetime], Iterable[Action]]
PanelProvider = Callable[[Any, Any, datetime], Iterable[Panel]]
# (user, record ids, now) -> {record id: number of pending steps}; one query for a whole page.
PendingCounter = Callable[[Any, Sequence[int], datetime], dict[int, int]]

_actions: list[ActionProvider] = []
_panels: list[PanelProvider] = []
_counters: list[PendingCounter] = []


def register(
    *,
    actions: ActionProvider | None = None,
    panels: PanelProvider | None = None,
    pending: PendingCounter | None = None,
) -> None:
    """Add providers; called once per app at start-up."""
    if actions:
        _actions.append(actions)
    if panels:
        _panels.append(panels)
    if pending:
        _counters.append(pending)


def record_actions(user: Any, record: Any, now: datetime) -> list[Action]:
    """Everything the apps offer in the Process menu of this record."""
    return [action for provider in _actions for action in provider(user, record, now)]


def record_panels(user: Any, record: Any, now: datetime) -> list[Panel]:
    """The tabs that the apps add to this record's page."""
    return [panel for provider in _panels for panel in provider(user, record, now)]


def pending_counts(user: Any, record_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """How many pending steps each record has; records without any are absent."""
    counts: dict[int, int] = {}
    for counter in _counters:
        for record_id, number in counter(user, record_ids, now).items():
            counts[record_id] = counts.get(record_id, 0) + number
    return counts

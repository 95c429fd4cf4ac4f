"""Variables of an instance with what they were before: when, by which step and whom each value came to be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from processes.models import ProcessEvent, ProcessInstance
from processes.store import WRITES

MOST = 500  # the latest changes of an instance; a loop may make thousands


@dataclass(frozen=True, slots=True)
class Change:
    """One value; `is_cut` when only the beginning of its text was kept."""

    event: ProcessEvent
    value: Any
    is_cut: bool

    @property
    def is_first(self) -> bool:
        """Given when the instance was started."""
        return self.event.step_id is None and self.event.at == self.event.instance.started_at


@dataclass(slots=True)
class Variable:
    """A variable of the instance, or of a sub-process (`scope`, its step); the latest change first."""

    name: str
    value: Any
    scope_id: int | None = None
    changes: list[Change] = field(default_factory=list)


def variables_with_history(instance: ProcessInstance, events: Any) -> Sequence[Variable]:
    """Every variable that the instance has, by name, then those of its sub-processes; two statements at most.

    `events` are those that the reader may see (a queryset).
    """
    found: dict[tuple[int | None, str], Variable] = {
        (None, name): Variable(name, value) for name, value in instance.variables.items()
    }
    written = events.filter(kind=WRITES).select_related("step", "by", "on_behalf_of").order_by("-id")[:MOST]
    for event in written:
        event.instance = instance
        scope_id = event.data.get("scope")
        for is_cut, values in ((False, event.data["values"]), (True, event.data.get("cut", {}))):
            for name, value in values.items():
                variable = found.setdefault((scope_id, name), Variable(name, value, scope_id))
                variable.changes.append(Change(event, value, is_cut))
    return sorted(found.values(), key=lambda variable: (variable.scope_id is not None, variable.name))

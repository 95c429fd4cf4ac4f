"""Port: who completes an activity that something above manages; filled by the upper app in `ready()`.

A managed activity hands every change of its state to its manager, which takes its own lock first. Completing
the activity first and telling the manager afterwards deadlocks against a cancel, which locks the other way.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bpm_portal.common.ways import Way


@dataclass(frozen=True, slots=True)
class Finished:
    """What a completion leads to: where to go next (empty: back to where one came from) and my new count."""

    next_url: str = ""
    count: int | None = None


class Manager(Protocol):
    """What the upper app can do for the activities that it manages; each may raise a business error."""

    def complete(self, *, activity_id: int, result: str, details: str, by: Any, now: datetime) -> Finished:
        """Complete the activity and move what stands behind it."""

    def postpone(self, *, activity_id: int, until: datetime, by: Any, now: datetime) -> None:
        """Ask for it later."""

    def reschedule(
        self, *, activity_id: int, starts_at: datetime, due_at: datetime | None, by: Any, now: datetime
    ) -> None:
        """Give it these times, which may lie in the past."""

    def reassign(self, *, activity_id: int, assignee: Any, role: Any, by: Any, now: datetime) -> None:
        """Give it to another performer: exactly one of a user and a role."""

    def take(self, *, activity_id: int, by: Any, now: datetime) -> None:
        """A member of the role takes it."""

    def give_back(self, *, activity_id: int, by: Any, now: datetime) -> None:
        """Give it back to the role."""

    def special_page(self, *, activity: Any, user: Any) -> str:
        """The address of the page to open while it is pending; empty: the standard page."""

    def process_mode(self, *, activity: Any, user: Any) -> dict[str, Any]:
        """Context of `processes/_activity_panel.html` on the standard page; empty: nothing is shown."""


_managers: dict[str, Manager] = {}
_reach: list[Any] = []


def register(name: str, manager: Manager) -> None:
    """Make `manager` responsible for activities whose `managed_by` is `name`."""
    _managers[name] = manager


def register_reach(provider: Any) -> None:
    """Add a function from a user to ways of his to activities: what he may see for reasons of the upper app."""
    _reach.append(provider)


def reach(user: Any) -> list[Way]:
    """All further ways by which the upper apps let this user see activities."""
    return [way for provider in _reach for way in provider(user)]


def manager_of(activity: Any) -> Manager | None:
    """The manager of this activity, or None when people complete it themselves."""
    return _managers[activity.managed_by] if activity.managed_by else None

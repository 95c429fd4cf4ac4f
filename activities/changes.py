"""Port: whose open lists follow when people change an activity; filled by the upper apps in `ready()`.

What processes change of theirs is told by their own events.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction


@dataclass(frozen=True, slots=True)
class Change:
    """An activity, and whose and about what it was before; what it is now stands in its row."""

    activity_id: int
    owner_id: int | None
    role_id: int | None
    record_id: int | None


Listener = Callable[[Change], None]
_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Call `listener` after the commit of every change; a lost call is harmless."""
    _listeners.append(listener)


def tell(activity: Any) -> None:
    """Once what is being done is committed, tell everybody who registered; call it before the fields change."""
    change = Change(activity.pk, activity.owner_id, activity.role_id, activity.record_id)
    for listener in _listeners:
        transaction.on_commit(partial(listener, change), robust=True)

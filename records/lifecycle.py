"""Port: who hears of a saved record, and who else may see it; filled by the upper apps in `ready()`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bpm_portal.common.ways import Way


@dataclass(frozen=True, slots=True)
class Change:
    """A record was added, changed or deleted.

    `changed` maps a field code to its stored JSON values (old, new), None where there was or is none; a change
    may also name caption, owner, external_id and external_url. A deleted record still has the id it had.
    """

    kind: str  # "added", "changed", "deleted"
    record: Any
    changed: Mapping[str, tuple[Any, Any]]
    by: Any
    now: datetime


Listener = Callable[[Change], None]
Holder = Callable[[int], None]
Keeper = Callable[[Any, Any, datetime], None]
_listeners: list[Listener] = []
_holders: list[Holder] = []
_keepers: list[Keeper] = []
_reach: list[Callable[[Any], Sequence[Way]]] = []


def register(listener: Listener) -> None:
    """Call `listener` inside the transaction of every change of a record.

    The record's row is locked then, so a listener must not lock an instance: a turn locks the instance first
    and the record after it. It writes down what follows (an outbox event) and returns.
    """
    _listeners.append(listener)


def tell(change: Change) -> None:
    """Tell everybody who registered; an error rolls the change back."""
    for listener in _listeners:
        listener(change)


def register_holder(holder: Holder) -> None:
    """Call `holder` with the id of a record that is to be deleted, before its row is locked.

    It locks the rows of the upper app that the deletion changes: whoever has one of them may want the record next.
    """
    _holders.append(holder)


def hold(record_id: int) -> None:
    """Let everybody who registered lock what is theirs."""
    for holder in _holders:
        holder(record_id)


def register_keeper(keeper: Keeper) -> None:
    """Call `keeper` with record, user and moment before a record is deleted, under its lock.

    What hangs on the record goes elsewhere then, or a Conflict says why the record stays.
    """
    _keepers.append(keeper)


def let_go(record: Any, by: Any, now: datetime) -> None:
    """Ask everybody who registered; raises Conflict."""
    for keeper in _keepers:
        keeper(record, by, now)


def register_reach(provider: Callable[[Any], Sequence[Way]]) -> None:
    """Add a function from a user to ways of his to records: what he may see for reasons of the upper app."""
    _reach.append(provider)


def reach(user: Any) -> list[Way]:
    """All further ways by which the upper apps let this user see records."""
    return [way for provider in _reach for way in provider(user)]

"""Port: who hears that somebody stands in for somebody else; filled by the upper apps in `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class News:
    """`kind` is made, ended (by `by`, before its time), or turned: begun or over by the clock."""

    kind: str
    substitution: Any
    by: Any
    at: datetime


Listener = Callable[[News], None]
_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Call `listener` inside the transaction that makes the news; it writes rows and returns."""
    _listeners.append(listener)


def tell(news: News) -> None:
    """Tell everybody who registered."""
    for listener in _listeners:
        listener(news)

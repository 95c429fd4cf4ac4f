"""Port: who hears what people say and do about an activity; filled by the upper apps in `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class News:
    """Something that these people want to know; `kind` is commented, mentioned or invited."""

    kind: str
    activity: Any
    user_ids: frozenset[int]
    by: Any
    at: datetime
    text: str = ""


Listener = Callable[[News], None]
_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Call `listener` inside the transaction that makes the news; it writes rows and returns."""
    _listeners.append(listener)


def tell(news: News) -> None:
    """Tell everybody who registered, if there is anybody to be told."""
    if news.user_ids:
        for listener in _listeners:
            listener(news)

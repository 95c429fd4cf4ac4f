"""Port: whose open pages look again though no event says so; filled by the notifications in `ready()`."""

from collections.abc import Callable, Collection

Listener = Callable[[Collection[int]], None]
_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Call `listener` with the ids of users; it never raises, and a lost call is harmless."""
    _listeners.append(listener)


def ping(user_ids: Collection[int]) -> None:
    """Let the open pages of these users look again."""
    for listener in _listeners:
        listener(user_ids)

"""Walks: going through the tasks of a list one by one. The list is kept in the session as it was at the start.

Where a walk goes on is an address like any other to return to (`next`), so that whatever knows how to return goes on.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse

from bpm_portal.common.returning import return_address, with_return

MOST = 200  # tasks of a walk
KEPT = 3  # walks at a time, each in a tab of its own
SESSION_KEY = "walks"

Stop = tuple[str, int]  # a kind and an id
# (user, ids) -> the ids of those that still wait for this user.
Waiting = Callable[[Any, Sequence[int]], Iterable[int]]


@dataclass(frozen=True, slots=True)
class Walk:
    """The stops in the order of their list, and the address of the list."""

    token: str
    stops: Sequence[Stop]
    back: str

    def address(self, at: int) -> str:
        """Where it goes on: at this stop, or the first after it that still waits."""
        return reverse("walk", args=[self.token, at])


@dataclass(frozen=True, slots=True)
class Place:
    """The page of the stop `number` (from 1) of a walk."""

    walk: Walk
    number: int

    @property
    def total(self) -> int:
        """How many stops there were at the start."""
        return len(self.walk.stops)

    @property
    def skip(self) -> str:
        """To the next stop."""
        return self.walk.address(self.number)

    @property
    def previous(self) -> str:
        """To the stop before; empty at the first."""
        return reverse("walk-back", args=[self.walk.token, self.number - 1]) if self.number > 1 else ""


_waiting: dict[str, Waiting] = {}
_urls: dict[str, Callable[[int], str]] = {}


def register(kind: str, *, waiting: Waiting, url: Callable[[int], str]) -> None:
    """Let walks stop at things of this kind; called once per kind at start-up."""
    _waiting[kind], _urls[kind] = waiting, url


def begin(request: HttpRequest, *, stops: Sequence[Stop], back: str) -> Walk:
    """Keep a new walk and return it; the oldest of too many is forgotten."""
    walk = Walk(secrets.token_urlsafe(6), list(stops)[:MOST], back)
    kept = list(request.session.get(SESSION_KEY, []))
    kept.append({"token": walk.token, "back": back, "stops": [list(stop) for stop in walk.stops]})
    request.session[SESSION_KEY] = kept[-KEPT:]
    return walk


def kept_walk(request: HttpRequest, token: str) -> Walk | None:
    """The walk of that token, if it is this reader's and not forgotten."""
    for kept in request.session.get(SESSION_KEY, []):
        if kept["token"] == token:
            return Walk(token, [(kind, pk) for kind, pk in kept["stops"]], kept["back"])
    return None


def place_of(request: HttpRequest) -> Place | None:
    """Where on a walk the page is that returns to where the walk goes on; None on all other pages."""
    path = urlsplit(return_address(request)).path
    try:
        match = resolve(path) if path else None
    except Resolver404:
        return None
    if match is None or match.url_name != "walk":
        return None
    walk, number = kept_walk(request, match.kwargs["token"]), match.kwargs["at"]
    return Place(walk, number) if walk is not None and 0 < number <= len(walk.stops) else None


def stops_left(walk: Walk, user: Any) -> list[int]:
    """The places of the stops that still wait for this user; a statement for each kind."""
    left = set[Stop]()
    for kind, waiting in _waiting.items():
        ids = [pk for name, pk in walk.stops if name == kind]
        left |= {(kind, pk) for pk in (waiting(user, ids) if ids else ())}
    return [at for at, stop in enumerate(walk.stops) if stop in left]


def stop_address(walk: Walk, at: int) -> str:
    """The page of a stop, which then goes on with the walk."""
    kind, pk = walk.stops[at]
    return with_return(_urls[kind](pk), walk.address(at + 1))


def onward(request: HttpRequest, next_url: str, *, default: str) -> str:
    """Where one goes once something is done.

    On a walk to its next stop; else to what comes next, which returns to where one came from; else back there.
    """
    came_from = return_address(request)
    if next_url and place_of(request) is None:
        return with_return(next_url, came_from)
    return came_from or default

"""The main menu, filled by the apps in `ready()`, shown by the base template."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main menu.

    `order` sorts; entries of one `group` (a heading) should have neighbouring orders. The entry whose `prefix`
    (its address unless given) is the longest one that begins the current path is marked as the current one.
    """

    label: str | Promise
    url: str
    icon: str
    order: int = 100
    group: str | Promise = ""
    prefix: str = ""
    is_current: bool = False


EntryProvider = Callable[[Any], list[Entry]]
_providers: list[EntryProvider] = []


def register(provider: EntryProvider) -> None:
    """Add entries for a user; called once per app at start-up."""
    _providers.append(provider)


def entries_for(user: Any, path: str) -> list[Entry]:
    """The entries this user may open, sorted, the one of this path marked."""
    entries = sorted((e for p in _providers for e in p(user)), key=lambda e: e.order)
    fitting = [prefix for e in entries if path.startswith(prefix := e.prefix or e.url)]
    longest = max(fitting, key=len, default=None)
    return [replace(e, is_current=(e.prefix or e.url) == longest) for e in entries]


def belongs_to(request: HttpRequest, address: str) -> None:
    """Mark the entry of `address` on a page whose own address does not begin with it."""
    request.menu_address = address  # type: ignore[attr-defined]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `navigation`, the entries this user may open (lazily, only where shown)."""
    user = getattr(request, "user", None)

    def entries() -> list[Entry]:
        if user is None or not user.is_authenticated:
            return []
        return entries_for(user, getattr(request, "menu_address", request.path))

    return {"navigation": entries}

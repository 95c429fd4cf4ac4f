"""The main menu, filled by the apps in `ready()`, shown by the base template."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main menu; `order` sorts, `prefix` marks it as the current one."""

    label: str | Promise
    url: str
    icon: str
    order: int = 100


EntryProvider = Callable[[Any], list[Entry]]
_providers: list[EntryProvider] = []


def register(provider: EntryProvider) -> None:
    """Add entries for a user; called once per app at start-up."""
    _providers.append(provider)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `navigation`, the entries this user may open (lazily, only where shown)."""
    user = getattr(request, "user", None)

    def entries() -> list[Entry]:
        if user is None or not user.is_authenticated:
            return []
        return sorted((e for p in _providers for e in p(user)), key=lambda e: e.order)

    return {"navigation": entries}

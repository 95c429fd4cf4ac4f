"""Port: the lists whose filters people keep; each app registers its own in `ready()`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from bpm_portal.common.errors import NotFound


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list as one person sees it: its page, which parameters make sense to it, and what they find, as branches."""

    code: str
    address: str
    clean: Callable[[Any], dict[str, str]]
    find: Callable[[Mapping[str, str]], Sequence[QuerySet[Any]]]


# (user, what stands in the code after the colon) -> the list; raises NotFound where it is not theirs to see.
Provider = Callable[[Any, str], KeptList]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Lists called `name`, or `name:rest`, come from this provider."""
    _providers[name] = provider


def list_of(user: Any, code: str) -> KeptList:
    """The list with this code; raises NotFound."""
    name, _colon, rest = code.partition(":")
    if name not in _providers:
        raise NotFound
    return _providers[name](user, rest)

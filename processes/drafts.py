"""What somebody has typed and not yet sent, as it is kept with a step."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

#: Fields of every page that are no part of what was typed.
FRAME = ("csrfmiddlewaretoken", "next")


def packed(data: Mapping[str, Any]) -> dict[str, str]:
    """The draft of posted data, or of a mapping of texts."""
    typed = data.copy() if isinstance(data, QueryDict) else QueryDict(mutable=True)
    if not isinstance(data, QueryDict):
        typed.update(data)
    for name in FRAME:
        typed.pop(name, None)
    return {"form": typed.urlencode()}


def unpacked(draft: Mapping[str, Any] | None) -> dict[str, Any]:
    """The initial values of a form; a list where a field was sent several times."""
    if not draft:
        return {}
    saved = QueryDict(draft.get("form", ""))
    return {name: values if len(values) > 1 else values[0] for name, values in saved.lists()}

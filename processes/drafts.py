"""What people have typed and not yet sent, as it is kept with a step: one draft of each, the latest first."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

Draft = Mapping[str, Any]  # `form`, and `by`: the id of who has typed it

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


def with_draft(kept: Sequence[Draft] | None, draft: Draft, *, by_id: int | None) -> list[Draft]:
    """What is kept of all, with this draft instead of what the same person had typed before."""
    return [{**draft, "by": by_id}, *(other for other in kept or () if other.get("by") != by_id)]


def draft_for(kept: Sequence[Draft] | None, reader_id: int) -> Draft | None:
    """The reader's own draft; the latest of a colleague where there is none."""
    drafts = kept or ()
    own = (draft for draft in drafts if draft.get("by") == reader_id)
    return next(own, drafts[0] if drafts else None)

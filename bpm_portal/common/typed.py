"""What comes in as text: without what the database cannot hold, no longer than typed, and as the ids that it names."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

NUL = "\x00"
DIGITS = 18  # of the largest id that the database counts to


class TypedTextMiddleware:
    """Take the character U+0000, which people paste without seeing it, out of all that was typed or asked for.

    PostgreSQL holds no such text: whatever looks for it or keeps it would end in an error page. In a path it names
    nothing that there is. Programs are told instead, by the filters and serializers of the API.

    Browsers send a line break as two characters and count it as one: a text that fills its box would be refused.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path_info:
            raise Http404
        if request.path_info.startswith("/api/"):
            return self.get_response(request)
        if _holds(request.GET):
            request.GET = _without(request.GET)
        if request.method == "POST" and _holds(request.POST):
            request.POST = _without(request.POST)
        return self.get_response(request)


def id_in(text: str) -> int | None:
    """The id that a text names; None where it names none."""
    return int(text) if text.isdecimal() and len(text) <= DIGITS else None


def id_of(value: Any) -> int | None:
    """The id that a value of a process or of a request is; None where it is none."""
    if isinstance(value, str):
        return id_in(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    # The size is looked at first: `int` of 1E+999999999 would fill the memory.
    fits = Decimal(value).is_finite() and 0 < value < 10**DIGITS
    return int(value) if fits and value == int(value) else None


def ids_in(texts: Iterable[str]) -> list[int]:
    """The ids among texts, each once and in their order."""
    return list(dict.fromkeys(found for text in texts if (found := id_in(text)) is not None))


def readable(text: str) -> str:
    """What another program says, as the database can keep it."""
    return text.encode("utf-8", "replace").decode().replace(NUL, "")


def _holds(data: QueryDict) -> bool:
    return any(_plain(text) != text for name, texts in data.lists() for text in (name, *texts))


def _without(data: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True, encoding=data.encoding)
    for name, texts in data.lists():
        clean.setlist(_plain(name), [_plain(text) for text in texts])
    clean._mutable = False
    return clean


def _plain(text: str) -> str:
    return text.replace(NUL, "").replace("\r\n", "\n")

"""What requests of the panel say: numbers, how much to show, from where."""

from urllib.parse import urlencode

from django.http import HttpRequest


def number_of(text: str) -> int | None:
    """The id that a text names; None where it names none."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def limit_of(request: HttpRequest, usual: int, most: int) -> int:
    """How many entries the reader has asked for by `limit`."""
    return min(max(number_of(request.GET.get("limit", "")) or usual, usual), most)


def origin_of(request: HttpRequest) -> str:
    """The query by which a step's page knows where to return: to the page on which the panel stands open."""
    page = request.htmx.current_url_abs_path if request.htmx else None  # type: ignore[attr-defined]
    return f"?{urlencode({'next': page})}" if page else ""

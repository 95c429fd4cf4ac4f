"""What requests of the panel say: numbers, how much to show, from where."""

from django.http import HttpRequest

from bpm_portal.common.returning import with_return
from bpm_portal.common.typed import id_in


def limit_of(request: HttpRequest, usual: int, most: int) -> int:
    """How many entries the reader has asked for by `limit`."""
    return min(max(id_in(request.GET.get("limit", "")) or usual, usual), most)


def page_of(request: HttpRequest) -> str:
    """The page on which the panel stands open."""
    return (request.htmx.current_url_abs_path if request.htmx else None) or ""  # type: ignore[attr-defined]


def origin_of(request: HttpRequest) -> str:
    """The query by which a step's page knows where to return."""
    return with_return("", page_of(request))

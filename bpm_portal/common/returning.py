"""Where a person came from, and back to it; never to another site."""

from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme, urlencode


def return_address(request: HttpRequest, default: str = "") -> str:
    """The address in `next` (posted or asked for) if it is one of this site's, else `default`."""
    target = str(request.POST.get("next") or request.GET.get("next") or "")
    return target if _is_own(request, target) else default


def own_path(request: HttpRequest, address: str) -> str:
    """Path and query of an address of this site, nothing for any other."""
    return urlunsplit(("", "", *urlsplit(address)[2:4], "")) if _is_own(request, address) else ""


def _is_own(request: HttpRequest, address: str) -> bool:
    return bool(address) and url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )


def with_return(url: str, came_from: str) -> str:
    """An address whose page knows where one came from."""
    return f"{url}?{urlencode({'next': came_from})}" if came_from else url

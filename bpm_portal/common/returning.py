"""Where a person came from, and back to it; never to another site."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme, urlencode


def return_address(request: HttpRequest, default: str = "") -> str:
    """The address in `next` (posted or asked for) if it is one of this site's, else `default`."""
    target = str(request.POST.get("next") or request.GET.get("next") or "")
    own = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and own else default


def with_return(url: str, came_from: str) -> str:
    """An address whose page knows where one came from."""
    return f"{url}?{urlencode({'next': came_from})}" if came_from else url

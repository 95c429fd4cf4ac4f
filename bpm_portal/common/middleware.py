"""Per-request preferences of the user, and business errors turned into pages."""

import zoneinfo
from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from bpm_portal.common.error_pages import for_program, is_of_api
from bpm_portal.common.errors import BusinessError
from bpm_portal.common.returning import own_path
from bpm_portal.common.sizes import excess_of

GetResponse = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Show everything in the signed-in user's language and time zone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language
        with timezone.override(zoneinfo.ZoneInfo(user.time_zone)):
            return self.get_response(request)


class SignInAgainMiddleware:
    """After the session has ended, what was sent from a page leads to the sign-in and from there back to that page.

    For a fragment asked for by htmx a plain redirect would be followed silently, and the sign-in page would land
    inside a list; for a form it would lead to an address that takes forms only.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            response.status_code != 302
            or response["Location"] != redirect_to_login(request.get_full_path()).url
        ):
            return response
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(redirect_to_login(request.htmx.current_url_abs_path or "/").url)
        if request.method == "POST":
            return redirect_to_login(own_path(request, request.headers.get("Referer", "")) or "/")
        return response


class BusinessErrorMiddleware:
    """A business error that no view has caught becomes a page (or, for htmx, a message) with its sentence."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        excess = excess_of(request)
        return self.get_response(request) if excess is None else _refusal(request, excess)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls it for every exception of a view."""
        return _refusal(request, error) if isinstance(error, BusinessError) else None


def _refusal(request: HttpRequest, error: BusinessError) -> HttpResponse:
    if is_of_api(request):
        return for_program(error)
    if not getattr(request, "htmx", False):
        return render(request, "common/error.html", {"error": error}, status=error.status)
    response = render(request, "common/_error.html", {"error": error}, status=error.status)
    return reswap(retarget(response, "#toasts"), "beforeend")

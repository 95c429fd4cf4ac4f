"""Per-request preferences of the user, and business errors turned into pages."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from bpm_portal.common.errors import BusinessError

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


class BusinessErrorMiddleware:
    """A business error that no view has caught becomes a page (or, for htmx, a message) with its sentence."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls it for every exception of a view."""
        if not isinstance(error, BusinessError):
            return None
        template = "common/_error.html" if getattr(request, "htmx", False) else "common/error.html"
        return render(request, template, {"error": error}, status=error.status)

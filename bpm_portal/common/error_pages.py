"""What Django answers where no view does: a page for people, the API's own shape for programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views import defaults

from bpm_portal.common.errors import BusinessError, NotFound, as_json


class ServerError(BusinessError):
    """Something went wrong on the server."""

    code = "server_error"
    status = 500
    sentence = _("Something went wrong on the server.")


def is_of_api(request: HttpRequest) -> bool:
    """Whether a program asks."""
    return request.path_info.startswith("/api/")


def for_program(error: BusinessError) -> JsonResponse:
    """An error as `{code, message, detail}`."""
    return JsonResponse(as_json(error), status=error.status)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for an id that none can be."""
    return for_program(NotFound()) if is_of_api(request) else defaults.page_not_found(request, exception)


def server_error(request: HttpRequest, *args: Any) -> HttpResponse | HttpResponseServerError:
    """500; the log has the reason."""
    return for_program(ServerError()) if is_of_api(request) else defaults.server_error(request)

"""What all API views share: the shape of errors and keyset pages."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_handler

from bpm_portal.common.errors import BusinessError

CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
}


class KeysetPagination(CursorPagination):
    """Pages by key, newest first: a list costs the same on its first and on its thousandth page."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as `{code, message, detail}`."""
    if isinstance(error, BusinessError):
        body = {"code": error.code, "message": error.message, "detail": error.detail}
        return Response(body, status=error.status)
    if isinstance(error, Http404):
        error = exceptions.NotFound(_("It does not exist, or it is not yours to see."))
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    response = rest_handler(error, context)
    if response is None:
        return None
    detail = response.data
    if isinstance(error, exceptions.ValidationError):
        message = str(_("Please check what you entered."))
    else:
        message = str(getattr(error, "detail", error))
        detail = {}
    code = CODES.get(response.status_code, getattr(error, "default_code", "error"))
    response.data = {"code": code, "message": message, "detail": detail}
    return response

"""What all API views share: the shape of errors and keyset pages."""

import zoneinfo
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, mixins
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_handler

from bpm_portal.common.errors import BusinessError, Invalid, as_json
from bpm_portal.common.keyset import first_keys
from bpm_portal.common.typed import id_in

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

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Raises Invalid for what no page has given."""
        try:
            found: Cursor | None = super().decode_cursor(request)
        except exceptions.NotFound:
            raise Invalid(cursor=[_("Follow the links “next” and “previous” of a page.")]) from None
        if found is not None and found.position is not None and id_in(found.position) is None:
            raise Invalid(cursor=[_("Follow the links “next” and “previous” of a page.")])
        return found

    def within(
        self, rows: "QuerySet[Any]", branches: Sequence["QuerySet[Any]"], request: Request
    ) -> "QuerySet[Any]":
        """Of the rows those that the page asked for may show, without a look at the rest of any branch."""
        cursor = self.decode_cursor(request)
        backwards = cursor is not None and cursor.reverse
        beyond: dict[str, int] = {}
        if cursor is not None and cursor.position is not None:
            beyond = {"pk__gt" if backwards else "pk__lt": int(cursor.position)}
        size = self.get_page_size(request) + 1
        order = F("id").asc() if backwards else F("id").desc()
        first = [branch.filter(**beyond).order_by(order)[:size] for branch in branches]
        return rows.filter(pk__in=first_keys(first, [order], limit=size))


class BranchedListMixin(mixins.ListModelMixin):
    """A list of what the caller may see in several ways: each of them is filtered and read by itself."""

    def get_branches(self) -> Sequence["QuerySet[Any]"]:
        """What the caller may see, by the ways that lead to it (see `common.ways`)."""
        raise NotImplementedError

    def get_rows(self) -> "QuerySet[Any]":
        """With what the serializer shows; not filtered."""
        raise NotImplementedError

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page."""
        branches = [self.filter_queryset(branch) for branch in self.get_branches()]
        rows = self.paginator.within(self.get_rows(), branches, request)
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class CallersClockMixin:
    """Reads and tells times by the caller's clock: a token passes by the middleware that sets it for people."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Once it is known who calls."""
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        timezone.activate(zoneinfo.ZoneInfo(request.user.time_zone))


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as `{code, message, detail}`."""
    if isinstance(error, BusinessError):
        return Response(as_json(error), status=error.status)
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

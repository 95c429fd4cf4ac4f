"""Answers that htmx understands: events, messages, reloads."""

from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django_htmx.http import HttpResponseClientRefresh, trigger_client_event


def with_event(response: HttpResponse, name: str, **detail: Any) -> HttpResponse:
    """Make the browser dispatch the event `name` with this detail once the answer arrives."""
    trigger_client_event(response, name, detail)
    return response


def toast(response: HttpResponse, text: str | Promise, *, level: str = "success") -> HttpResponse:
    """Show a message. `level` is success, info, warning or error; an error stays until it is closed."""
    return with_event(response, "toast", text=str(text), level=level)


def refreshed() -> HttpResponse:
    """Make the browser load its page anew."""
    return HttpResponseClientRefresh()

"""Dialogs of the log and the library; where no script opens them they are pages of their own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect


def show_dialog(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """`processes/_NAME.html` alone for htmx, else the page `processes/NAME.html`."""
    within_page = getattr(request, "htmx", False)
    template = f"processes/_{name}.html" if within_page else f"processes/{name}.html"
    return render(request, template, context, status=status)


def lead_to(request: HttpRequest, url: str) -> HttpResponse:
    """Another page after a dialog, whose answer htmx would otherwise put into it."""
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else redirect(url)

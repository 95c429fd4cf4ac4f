"""E-mails that were kept in files: a list, and each as its reader would see it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from notifications.kept_mail import kept_mail, kept_mails

#: Links open a tab of their own: the frame itself may go nowhere.
FRAME_HEAD = '<base target="_blank">'


@require_GET
@never_cache
def mails(request: HttpRequest) -> HttpResponse:
    """The latest ones."""
    return render(request, "notifications/mails.html", {"mails": kept_mails(by=request.user)})


@require_GET
@never_cache
def mail(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One of them; its HTML stands in a frame that runs no script, sends no form and leaves no page.

    The frame counts as the same origin only so that the page around it can measure how high it is.
    """
    found = kept_mail(name=name, number=number, by=request.user)
    frame = FRAME_HEAD + found.html if found.html else ""
    return render(request, "notifications/mail.html", {"mail": found, "frame": frame})

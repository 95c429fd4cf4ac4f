"""The tab *Notification centre*: what was told, and that it was read."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bpm_portal.common.htmx import with_event
from bpm_portal.common.keyset import keyset_page
from notifications import reading, services
from notifications.models import Notification

NEWS = 30


@login_required
@require_GET
@never_cache
def centre(request: HttpRequest) -> HttpResponse:
    """The tab *Notification centre*; with a `cursor` only the entries that follow."""
    template = "notifications/_news_rows.html" if request.GET.get("cursor") else "notifications/_news.html"
    return render(request, template, news_of(request))


@login_required
@require_GET
def open_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it as read and go where it points."""
    notification = services.read_notification(notification_id=pk, by=request.user, now=timezone.now())
    if notification.url or notification.instance_id is None:
        return redirect(notification.url or "home")
    return redirect("processes:instance", notification.instance_id)


@login_required
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it as read without going there."""
    services.read_notification(notification_id=pk, by=request.user, now=timezone.now())
    return _news_after_reading(request)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    services.read_all_notifications(by=request.user, now=timezone.now())
    return _news_after_reading(request)


def _news_after_reading(request: HttpRequest) -> HttpResponse:
    """The list again; the bell, which may have lost its dot, hears of it."""
    return with_event(render(request, "notifications/_news.html", news_of(request)), "news-read")


def news_of(request: HttpRequest) -> dict[str, Any]:
    """Context of the tab."""
    mine = Notification.objects.visible_to(request.user)
    page = keyset_page(mine, cursor=request.GET.get("cursor", ""), size=NEWS, order=("-id",))
    return {"page": page, "has_unread": reading.has_unread(request.user), "tells_unread": True}

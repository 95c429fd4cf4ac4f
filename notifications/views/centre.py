"""The tab *Notification centre*: what was told, sort by sort, and that it was read."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bpm_portal.common.htmx import with_event
from bpm_portal.common.keyset import keyset_page
from notifications import services
from notifications.models import Notification
from notifications.sorts import ROLE, SYSTEM, TASK

NEWS = 30
SORTS = {
    "": _("All"),
    TASK: _("Tasks"),
    ROLE: _("Tasks of my roles"),
    "approval": _("Approvals"),
    "reminder": _("Reminders"),
    "talk": _("Comments"),
    SYSTEM: _("System"),
}


@require_GET
@never_cache
def centre(request: HttpRequest) -> HttpResponse:
    """The tab *Notification centre*; with a `cursor` only the entries that follow."""
    template = "notifications/_news_rows.html" if request.GET.get("cursor") else "notifications/_news.html"
    return render(request, template, news_of(request))


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it as read; a link that leads on to what it is about needs no answer."""
    services.read_notification(notification_id=pk, by=request.user, now=timezone.now())
    return _news_after_reading(request) if request.htmx else HttpResponse(status=204)  # type: ignore[attr-defined]


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read all that is shown."""
    services.read_all_notifications(sort=_sort(request), by=request.user, now=timezone.now())
    return _news_after_reading(request)


def _news_after_reading(request: HttpRequest) -> HttpResponse:
    """The list again; the bell, which may have lost its dot, hears of it."""
    return with_event(render(request, "notifications/_news.html", news_of(request)), "news-read")


def news_of(request: HttpRequest) -> dict[str, Any]:
    """Context of the tab; `sort` narrows it to one sort of news."""
    sort = _sort(request)
    mine = Notification.objects.visible_to(request.user)
    page = keyset_page(mine.of_sort(sort), cursor=request.GET.get("cursor", ""), size=NEWS, order=("-id",))
    unread = mine.unread().count_by_sort()
    total = sum(unread.values())
    return {
        "page": page,
        "sort": sort,
        "sorts": [
            (code, label, unread.get(code, 0) if code else total, code == sort)
            for code, label in SORTS.items()
        ],
        "has_unread": total > 0,
        "has_unread_here": (unread.get(sort, 0) if sort else total) > 0,
        "tells_unread": True,
    }


def _sort(request: HttpRequest) -> str:
    """The sort of news asked for; empty for all."""
    sort = request.GET.get("sort", "")
    return sort if sort in SORTS else ""

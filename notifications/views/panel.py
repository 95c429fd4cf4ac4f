"""The bell, and the panel with the work that waits."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bpm_portal.common.htmx import with_event
from bpm_portal.common.typed import id_in
from notifications import choices, reading, services
from notifications.views.asked import limit_of, origin_of, page_of
from notifications.views.cards import TAKEN
from notifications.views.centre import news_of
from processes.feed import LATER, OVERDUE, TODAY
from processes.services.steps import my_count

GROUPS = ((OVERDUE, _("Overdue")), (TODAY, _("Today")), (LATER, _("Later")))
PAGE = 25  # cards; "show more" doubles them
LONGEST = 400  # who has more works in the Activities section


@require_GET
@never_cache
def panel(request: HttpRequest) -> HttpResponse:
    """The whole panel: its tabs, the work first, or the news with `tab=centre`."""
    shows_news = request.GET.get("tab") == "centre"
    context = news_of(request) if shows_news else _work(request)
    has_unread = context.get("has_unread") if shows_news else reading.has_unread(request.user)
    context |= {"shows_news": shows_news, "has_unread": has_unread, "tells_unread": False}
    return render(request, "notifications/_panel.html", context)


@require_GET
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """The tab *Business process tasks*; `limit` is how many cards the reader has asked for."""
    return render(request, "notifications/_work.html", _work(request))


@require_POST
def future(request: HttpRequest) -> HttpResponse:
    """Show or hide what starts after today, and remember it."""
    services.show_future_tasks(show=request.POST.get("future") == "on", by=request.user)
    return _changed()


@require_POST
def filter_work(request: HttpRequest) -> HttpResponse:
    """Let pass only what is of a `process`, a `record` or a `role`, and remember it; an empty one: all."""
    posted = {name: request.POST[name] for name in choices.NAMES if name in request.POST}
    services.filter_work(
        chosen={name: id_in(key) for name, key in posted.items()},
        by=request.user,
        now=timezone.now(),
    )
    return _changed()


@require_GET
@never_cache
def filters(request: HttpRequest) -> HttpResponse:
    """What the work can be filtered by."""
    view = choices.chosen_view(request.user)
    dimensions = choices.options_of(request.user, timezone.now(), view)
    return render(request, "notifications/_filters.html", {"dimensions": dimensions})


@require_GET
@never_cache
def bell(request: HttpRequest) -> HttpResponse:
    """What the button of the bell holds."""
    return render(request, "notifications/_bell_inside.html")


@login_not_required
@require_GET
@never_cache
def count(request: HttpRequest) -> JsonResponse:
    """`{"count", "changed"}` for pages that cannot hear the live stream, as its `work` event says it."""
    if not request.user.is_authenticated:
        return JsonResponse({"code": "not_authenticated"}, status=401)
    now = timezone.now()
    return JsonResponse({"count": my_count(request.user, now), "changed": reading.last_change()})


def _changed() -> HttpResponse:
    """The panel fetches itself: a list in the answer would be lost where a refresh has just replaced the old one."""
    return with_event(HttpResponse(status=204), "panel-changed")


def _work(request: HttpRequest) -> dict[str, Any]:
    limit = limit_of(request, PAGE, LONGEST)
    view = choices.chosen_view(request.user)
    now = timezone.now()
    feed = reading.my_feed(request.user, now, future=view.future, limit=limit, filters=view.filters)
    more = min(limit * 2, LONGEST) if feed.next else 0
    return {
        "feed": feed,
        "groups": [(code, label, feed.groups[code]) for code, label in GROUPS if feed.groups[code]],
        "shows_future": view.future,
        "chips": choices.chips_of(request.user, view.filters) if view.filters else [],
        "hides_all": bool(view.filters) and feed.count > 0,
        "limit": limit,
        "more": more if more > limit else 0,
        "is_cut": bool(feed.next) and limit >= LONGEST,
        "origin": origin_of(request),
        "page": page_of(request),
        "most_taken": TAKEN,
    }

"""The bell, the panel with its work, and what cards ask for before they act."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from activities.later import presets
from bpm_portal.common.errors import NotFound
from notifications import choices, reading, services
from notifications.views.centre import news_of
from processes.feed import LATER, OVERDUE, TODAY
from processes.models import ProcessStep

GROUPS = ((OVERDUE, _("Overdue")), (TODAY, _("Today")), (LATER, _("Later")))
PAGE = 25  # cards; "show more" doubles them
LONGEST = 400  # who has more works in the Activities section


@login_required
@require_GET
@never_cache
def panel(request: HttpRequest) -> HttpResponse:
    """The whole panel: its tabs, the work first, or the news with `tab=centre`."""
    shows_news = request.GET.get("tab") == "centre"
    context = news_of(request) if shows_news else _work(request)
    context |= {
        "shows_news": shows_news,
        "has_unread": reading.has_unread(request.user),
        "tells_unread": False,
    }
    return render(request, "notifications/_panel.html", context)


@login_required
@require_GET
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """The tab *Business process tasks*; `limit` is how many cards the reader has asked for."""
    return render(request, "notifications/_work.html", _work(request))


@login_required
@require_POST
def future(request: HttpRequest) -> HttpResponse:
    """Show or hide what starts after today, and remember it."""
    services.show_future_tasks(show=request.POST.get("future") == "on", by=request.user)
    return render(request, "notifications/_work.html", _work(request))


@login_required
@require_POST
def filter_work(request: HttpRequest) -> HttpResponse:
    """Let pass only what is of a `process`, a `record` or a `role`, and remember it; an empty one: all."""
    posted = {name: request.POST[name] for name in choices.NAMES if name in request.POST}
    services.filter_work(
        chosen={
            name: int(key) if key.isdecimal() and len(key) < 19 else None for name, key in posted.items()
        },
        by=request.user,
        now=timezone.now(),
    )
    return render(request, "notifications/_work.html", _work(request) | {"filters_closed": True})


@login_required
@require_GET
@never_cache
def filters(request: HttpRequest) -> HttpResponse:
    """What the work can be filtered by."""
    view = choices.chosen_view(request.user)
    dimensions = choices.options_of(request.user, timezone.now(), view)
    return render(request, "notifications/_filters.html", {"dimensions": dimensions})


@login_required
@require_GET
@never_cache
def bell(request: HttpRequest) -> HttpResponse:
    """What the button of the bell holds."""
    return render(request, "notifications/_bell_inside.html")


@require_GET
@never_cache
def count(request: HttpRequest) -> JsonResponse:
    """`{"count", "changed"}` for pages that cannot hear the live stream, as its `work` event says it."""
    if not request.user.is_authenticated:
        return JsonResponse({"code": "not_authenticated"}, status=401)
    now = timezone.now()
    return JsonResponse({"count": reading.my_count(request.user, now), "changed": reading.last_change()})


@login_required
@require_GET
@never_cache
def postpone_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The moments to which this step can be postponed."""
    now = timezone.now()
    context = {"step": _my_step(request, pk), "presets": presets(now), "now": now}
    return render(request, "notifications/_postpone.html", context)


@login_required
@require_GET
def reassign_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom to give this step."""
    return render(request, "notifications/_reassign.html", {"step": _my_step(request, pk)})


def _my_step(request: HttpRequest, pk: int) -> Any:
    step = ProcessStep.objects.for_performer(request.user).filter(pk=pk).first()
    if step is None:
        raise NotFound
    return step


def _work(request: HttpRequest) -> dict[str, Any]:
    asked = request.GET.get("limit", "")
    limit = min(max(int(asked), PAGE), LONGEST) if asked.isdecimal() and len(asked) < 6 else PAGE
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
        "origin": _origin(request),
    }


def _origin(request: HttpRequest) -> str:
    """The query by which a step's page knows where to return: to the page on which the panel stands open."""
    page = request.htmx.current_url_abs_path if request.htmx else None  # type: ignore[attr-defined]
    return f"?{urlencode({'next': page})}" if page else ""

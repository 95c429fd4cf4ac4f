"""What a card asks for before it acts, and the steps of a card that stands for several."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from activities.later import presets
from bpm_portal.common.errors import NotFound
from bpm_portal.common.htmx import toast, with_event
from bpm_portal.common.typed import id_in
from notifications import choices, reading
from notifications.views.asked import limit_of, origin_of
from processes.feed import OVERDUE, Card, FeedItem
from processes.models import ProcessStep
from processes.services import handing

STEPS = 10  # of a card that is opened; "show more" doubles them
MOST = 160
TAKEN = 20  # at one click: each is a turn of its own, and a page answers within a moment


@require_GET
@never_cache
def steps(request: HttpRequest) -> HttpResponse:
    """The steps that a card stands for; `limit` is how many of them the reader has asked for."""
    limit, now = limit_of(request, STEPS, MOST), timezone.now()
    found = _steps(request, request.GET, limit + 1)
    is_long = len(found) > limit
    context = {
        "steps": [(item, OVERDUE if item.is_overdue(now) else "") for item in found[:limit]],
        "more": min(limit * 2, MOST) if is_long and limit < MOST else 0,
        "is_cut": is_long and limit >= MOST,
        "limit": limit,
        "origin": origin_of(request),
    }
    return render(request, "notifications/_steps.html", context)


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take the steps of a card, TAKEN at most; says how many became mine."""
    asked = [item.step_id for item in _steps(request, request.POST, TAKEN)]
    if not asked:
        raise NotFound
    taken = len(handing.take_steps(step_ids=asked, by=request.user, now=timezone.now()))
    answer = with_event(HttpResponse(status=204), "work-changed")
    if taken < len(asked):
        text = _("%(taken)s of %(asked)s tasks are yours; colleagues were faster with the others.")
        return toast(answer, text % {"taken": taken, "asked": len(asked)}, level="warning")
    return toast(answer, ngettext("%(n)s task is yours.", "%(n)s tasks are yours.", taken) % {"n": taken})


@require_GET
@never_cache
def postpone_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The moments to which this step can be postponed."""
    now = timezone.now()
    context = {"step": _my_step(request, pk), "presets": presets(now), "now": now}
    return render(request, "notifications/_postpone.html", context)


@require_GET
def reassign_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom to give this step."""
    return render(request, "notifications/_reassign.html", {"step": _my_step(request, pk)})


def _steps(request: HttpRequest, asked: QueryDict, limit: int) -> list[FeedItem]:
    """The steps of the card that `asked` describes, as far as they pass the reader's filters."""
    instance, assignee, role = (id_in(asked.get(name, "")) for name in ("instance", "assignee", "role"))
    element = asked.get("element", "").replace("\0", "")
    return reading.my_card(
        request.user,
        Card(instance or 0, element, assignee, role),
        timezone.now(),
        later="later" in asked,
        limit=limit,
        filters=choices.chosen_view(request.user).filters,
    )


def _my_step(request: HttpRequest, pk: int) -> Any:
    step = ProcessStep.objects.for_performer(request.user).filter(pk=pk).first()
    if step is None:
        raise NotFound
    return step

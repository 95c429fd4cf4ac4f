"""The page of one activity: standard, in process mode, or the special page of its step."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from activities import lifecycle
from activities.access import may_perform, offers
from activities.belonging import belonging_to
from activities.forms import PostponeForm, ReassignForm
from activities.later import presets
from activities.models import Activity
from activities.views.back import to_list
from bpm_portal.common.errors import BusinessError, NotFound
from bpm_portal.common.keyset import found_first
from bpm_portal.common.returning import return_address, with_return
from records.models import Record


@never_cache  # who goes back after completing it must not meet it open
@require_GET
def activity_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The activity; while its step has a page of its own and is pending, that page."""
    activity = visible(request, pk)
    manager = lifecycle.manager_of(activity)
    if manager is not None and not activity.is_final:
        special = manager.special_page(activity=activity, user=request.user)
        if special:
            return redirect(with_return(special, return_address(request)))
    return show(request, activity)


def visible(request: HttpRequest, pk: int) -> Activity:
    """The activity with what its page shows; NotFound where it is not the reader's to see."""
    activity: Activity | None = Activity.objects.visible_to(request.user).filter(pk=pk).for_page().first()
    if activity is None:
        raise NotFound
    return activity


def show(
    request: HttpRequest,
    activity: Activity,
    *,
    refusal: BusinessError | None = None,
    typed: dict[str, str] | None = None,
    postpone: PostponeForm | None = None,
    reassign: ReassignForm | None = None,
) -> HttpResponse:
    """The standard page; after a refusal with its sentence, its status and everything that was typed."""
    now = timezone.now()
    user = request.user
    manager = lifecycle.manager_of(activity)
    panel: dict[str, Any] = {}
    if manager is not None and not activity.is_final:
        panel = manager.process_mode(activity=activity, user=user)
    offer = offers(activity, user)
    in_hand = bool(panel) and (may_perform(activity, user) or bool(panel.get("may_run_elements")))
    back = to_list(request)
    context = {
        "may_perform": in_hand,
        "next": back,
        **panel,
        "activity": activity,
        "now": now,
        "records": _records(activity, user),
        **belonging_to(activity, user),
        "offers": offer,
        "in_process_mode": bool(panel),
        "may_finish": in_hand or (offer.act and manager is None),
        "refusal": refusal,
        "typed": typed or {},
        "presets": presets(now),
        "postpone_form": postpone or PostponeForm(now=now),
        "came_from": return_address(request),
        "back": back,
    }
    if offer.hand_on:
        context["reassign_form"] = reassign or ReassignForm(user=user)
    return render(request, "activities/detail.html", context, status=refusal.status if refusal else 200)


def _records(activity: Activity, user: Any) -> list[Record]:
    """The records it is connected to that the reader may open, the main one first."""
    connected = Q(pk=activity.record_id) | Q(found_first(activity.connections.values("record")))
    records = Record.objects.visible_to(user).filter(connected).select_related("record_type")
    return sorted(records, key=lambda record: (record.pk != activity.record_id, record.caption))

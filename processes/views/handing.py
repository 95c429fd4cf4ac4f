"""Take, give back, postpone and reassign from a card or a page."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities import later
from bpm_portal.accounts.models import User
from bpm_portal.common.errors import Invalid
from bpm_portal.common.htmx import toast
from bpm_portal.common.returning import return_address
from bpm_portal.common.typed import id_in, ids_in
from processes.services import handing
from processes.services.guards import check_may_run_elements
from processes.views.steps import work_changed

MOST = 200  # steps that are assigned at once
MAX_REASON = 2000


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a step of my role mine."""
    handing.take_step(step_id=pk, by=request.user, now=timezone.now())
    return _answer(request, _("The task is yours."))


@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give my step back to the role."""
    handing.give_back_step(step_id=pk, by=request.user, now=timezone.now())
    return _answer(request, _("The task is back with the role."))


@require_POST
def postpone(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for it later: `preset` (see activities.later) or a moment in `until`."""
    now = timezone.now()
    until = postponed_to(request.POST.get("preset", ""), request.POST.get("until", ""), now)
    handing.postpone_step(step_id=pk, until=until, by=request.user, now=now)
    return _answer(request, _("The task is postponed."))


@require_POST
def reassign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to a person (`assignee`) or a role (`role`), by id."""
    reason = request.POST.get("reason", "")[:MAX_REASON]
    handing.reassign_step(
        step_id=pk, **performer_in(request), by=request.user, now=timezone.now(), reason=reason
    )
    return _answer(request, _("The task has a new performer."))


@require_POST
def assign_many(request: HttpRequest) -> HttpResponse:
    """Give the ticked steps of the queue to a person or a role; what became of each is said."""
    check_may_run_elements(request.user)
    ids = ids_in(request.POST.getlist("ids")[:MOST])
    if not ids:
        raise Invalid(ids=_("Tick at least one task."))
    results = handing.reassign_many(
        step_ids=ids, **performer_in(request), by=request.user, now=timezone.now()
    )
    return render(request, "processes/assigned.html", {"results": results})


def performer_in(request: HttpRequest) -> dict[str, Any]:
    """The person or role that a form names. Raises Invalid."""
    people = User.objects.filter(is_active=True)
    chosen = {
        "assignee": _chosen(people, request.POST.get("assignee", ""), "assignee"),
        "role": _chosen(Group.objects.all(), request.POST.get("role", ""), "role"),
    }
    if (chosen["assignee"] is None) == (chosen["role"] is None):
        raise Invalid(assignee=_("Name either a person or a role."))
    return chosen


def postponed_to(code: str, until: str, now: datetime) -> datetime:
    """The moment that a preset or a typed date means, in the active time zone. Raises Invalid."""
    moment = later.preset(code, now) if code else parse_datetime(until) if until else None
    if moment is None:
        raise Invalid(until=_("Choose a date and a time."))
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _chosen(queryset: Any, key: str, field: str) -> Any:
    if not key:
        return None
    found = queryset.filter(pk=id_in(key)).first()
    if found is None:
        raise Invalid(**{field: _("Choose somebody from the list.")})
    return found


def _answer(request: HttpRequest, sentence: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return toast(work_changed(), sentence)
    messages.success(request, sentence)
    return redirect(return_address(request, reverse("home")))

"""What people do with an activity: start, complete, cancel, postpone, hand on."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from activities import services
from activities.forms import PostponeForm, ReassignForm
from activities.views.back import to_page
from activities.views.page import show, visible
from bpm_portal.common import walks
from bpm_portal.common.errors import Conflict, Invalid


@require_POST
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Finish it, then go to my next step or back; what was typed survives every refusal."""
    typed = {"result": request.POST.get("result", "").strip(), "details": request.POST.get("details", "")}
    try:
        finished = services.complete_activity(activity_id=pk, by=request.user, now=timezone.now(), **typed)
    except (Conflict, Invalid) as refusal:
        return show(request, visible(request, pk), refusal=refusal, typed=typed)
    messages.success(request, _("The activity is completed."))
    return redirect(walks.onward(request, finished.next_url, default=reverse("activities:list")))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel it, with a reason."""
    reason = request.POST.get("reason", "")
    return _acted(
        request,
        pk,
        lambda: services.cancel_activity(activity_id=pk, by=request.user, now=timezone.now(), reason=reason),
        _("The activity is cancelled."),
        typed={"details": reason},
    )


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """It is in progress."""
    return _acted(
        request,
        pk,
        lambda: services.start_activity(activity_id=pk, by=request.user, now=timezone.now()),
        _("The activity is in progress."),
    )


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it from the role."""
    return _acted(
        request,
        pk,
        lambda: services.take_activity(activity_id=pk, by=request.user, now=timezone.now()),
        _("The activity is yours."),
    )


@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it back to the role."""
    return _acted(
        request,
        pk,
        lambda: services.give_back_activity(activity_id=pk, by=request.user, now=timezone.now()),
        _("The activity is given back to the role."),
    )


@require_POST
def postpone(request: HttpRequest, pk: int) -> HttpResponse:
    """Start it later: a preset or a moment."""
    now = timezone.now()
    activity = visible(request, pk)
    form = PostponeForm(request.POST, now=now)
    if not form.is_valid():
        return show(request, activity, refusal=_refusal(form), postpone=form)
    until = form.cleaned_data["until"]
    return _acted(
        request,
        pk,
        lambda: services.postpone_activity(activity_id=pk, until=until, by=request.user, now=now),
        _("The activity is postponed."),
    )


@require_POST
def reassign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to another person or role."""
    activity = visible(request, pk)
    form = ReassignForm(request.POST, user=request.user)
    if not form.is_valid():
        return show(request, activity, refusal=_refusal(form), reassign=form)
    performer = form.cleaned_data
    return _acted(
        request,
        pk,
        lambda: services.reassign_activity(activity_id=pk, by=request.user, now=timezone.now(), **performer),
        _("The activity is reassigned."),
    )


def _refusal(form: Form) -> Invalid:
    return Invalid(**{name: str(errors[0]) for name, errors in form.errors.items()})


def _acted(
    request: HttpRequest,
    pk: int,
    act: Callable[[], None],
    done: str,
    *,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    """Do it and return to the page of the activity; a refusal shows that page with its sentence."""
    try:
        act()
    except (Conflict, Invalid) as refusal:
        return show(request, visible(request, pk), refusal=refusal, typed=typed)
    messages.success(request, done)
    return redirect(to_page(request, pk))

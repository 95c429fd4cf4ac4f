"""Add and edit activities of people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from activities import services
from activities.access import may_act
from activities.errors import ChangedByProcessOnly
from activities.forms import ActivityForm, TimesForm, initial_of, initial_of_new
from activities.services.rows import refuse_closed
from activities.views.back import address_of, to_list, to_page
from activities.views.page import visible
from bpm_portal.common.errors import Conflict, Forbidden, Invalid
from bpm_portal.common.returning import return_address
from bpm_portal.common.typed import id_in


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new activity, for the record that `record` names, at the moment that `start` names."""
    now = timezone.now()
    record_id = id_in(request.GET.get("record", ""))
    wished = TimesForm({"starts_at": request.GET.get("start", "")})
    starts_at = wished.cleaned_data["starts_at"] if wished.is_valid() else None
    initial = initial_of_new(user=request.user, record_id=record_id, now=now, starts_at=starts_at)
    form = ActivityForm(request.POST or None, initial=initial, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_activity(by=request.user, now=now, **form.cleaned_data)
        except Invalid as refusal:
            form.add_problems(refusal.detail)
        else:
            messages.success(request, _("The activity is added."))
            return redirect(return_address(request) or address_of(made.pk, ""))
    return _page(request, form, back=to_list(request))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another title, date or performer; the form keeps what was typed when somebody was faster."""
    activity = visible(request, pk)
    if not may_act(activity, request.user):
        raise Forbidden
    if request.method == "GET":
        if activity.is_managed:
            raise ChangedByProcessOnly
        refuse_closed(activity)
    form = ActivityForm(request.POST or None, initial=initial_of(activity), user=request.user)
    refusal: Conflict | None = None
    if request.method == "POST" and form.is_valid():
        try:
            services.change_activity(
                activity=activity, values=form.cleaned_data, by=request.user, now=timezone.now()
            )
        except Invalid as problem:
            form.add_problems(problem.detail)
        except Conflict as conflict:
            refusal = conflict
        else:
            messages.success(request, _("Saved."))
            return redirect(to_page(request, pk))
    return _page(
        request, form, back=address_of(pk, return_address(request)), activity=activity, refusal=refusal
    )


def _page(request: HttpRequest, form: ActivityForm, **context: object) -> HttpResponse:
    refusal = context.get("refusal")
    status = refusal.status if isinstance(refusal, Conflict) else 400 if form.errors else 200
    context |= {"form": form, "came_from": return_address(request)}
    return render(request, "activities/edit.html", context, status=status)

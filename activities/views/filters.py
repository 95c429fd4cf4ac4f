"""Saved filters: chips above the list with live counts, and the dialogs that keep and forget them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from activities import services
from activities.finding import CAP, count_each
from activities.forms import FilterForm, ListForm
from activities.models import DefaultFilter, SavedFilter
from bpm_portal.common.errors import Invalid
from bpm_portal.common.htmx import with_event

SHOWN = 12  # chips above the list


@login_required
@require_GET
def chips(request: HttpRequest) -> HttpResponse:
    """The chips alone, with their counts; which of them is in use says the address of the page."""
    page = request.htmx.current_url_abs_path or "" if request.htmx else ""
    present = query_of(QueryDict(urlsplit(page).query))
    return render(request, "activities/_chips.html", chips_of(request.user, present))


def chips_of(user: Any, present: Mapping[str, str]) -> dict[str, Any]:
    """Context of the chips: three statements, whatever their number."""
    filters = list(SavedFilter.objects.visible_to(user).select_related("role").order_by("name", "id")[:SHOWN])
    if not filters:
        return {"chips": []}
    counts = count_each(user, [kept.query for kept in filters])
    default = default_of(user)
    chips = [
        {
            "filter": kept,
            "address": address_of(kept),
            "count": f"{CAP}+" if count > CAP else str(count),
            "is_default": default is not None and default.pk == kept.pk,
            "is_present": kept.query == present,
        }
        for kept, count in zip(filters, counts, strict=True)
    ]
    return {"chips": chips}


def default_of(user: Any) -> SavedFilter | None:
    """The filter that this user's list begins with, unless it is out of his sight by now."""
    choice = DefaultFilter.objects.filter(user=user).values("filter")
    found: SavedFilter | None = SavedFilter.objects.visible_to(user).filter(pk__in=choice).first()
    return found


def address_of(kept: SavedFilter) -> str:
    """The list as this filter shows it."""
    return reverse("activities:list", query=kept.query or {"clear": "1"})


@login_required
@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest) -> HttpResponse:
    """The dialog that asks for a name, with the filter in hidden fields; then the filter is kept."""
    data = request.POST or None
    form = FilterForm(data, user=request.user)
    query = query_of(request.POST if data else request.GET)
    if data and form.is_valid():
        values = form.cleaned_data
        try:
            kept = services.save_filter(
                name=values["name"], role=values["role"], query=query, by=request.user, now=timezone.now()
            )
            if values["is_default"] and default_of(request.user) != kept:
                services.choose_default(filter_id=kept.pk, by=request.user)
        except Invalid as refusal:
            form.add_problems(refusal.detail)
        else:
            return with_event(HttpResponse(status=204), "filters-changed")
    context = {"form": form, "query": query}
    return render(request, "activities/_filter_new.html", context, status=400 if form.errors else 200)


@login_required
@require_GET
def manage(request: HttpRequest) -> HttpResponse:
    """The dialog with all filters, to choose the default and to delete."""
    return _manage(request)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one."""
    services.delete_filter(filter_id=pk, by=request.user)
    return with_event(_manage(request), "filters-changed")


@login_required
@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin with it, or no longer."""
    services.choose_default(filter_id=pk, by=request.user)
    return with_event(_manage(request), "filters-changed")


def query_of(data: Any) -> dict[str, str]:
    """The filters in these parameters that make sense, as the list's address has them."""
    return {name: data[name] for name in ListForm(data).chosen()}


def _manage(request: HttpRequest) -> HttpResponse:
    filters = (
        SavedFilter.objects.visible_to(request.user).select_related("role", "owner").order_by("name", "id")
    )
    context = {"filters": list(filters), "default": default_of(request.user)}
    return render(request, "activities/_filters.html", context)

"""Saved filters of any list: chips with live counts above it, and the dialogs that keep and forget them."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bpm_portal.common.errors import Invalid
from bpm_portal.common.htmx import with_event
from records import services
from records.kept_filters import chips_of, default_of
from records.kept_lists import KeptList, list_of
from records.list_form import KeepForm
from records.models import SavedFilter


@require_GET
def chips(request: HttpRequest, list_code: str) -> HttpResponse:
    """The chips alone, with their counts; which of them is in use says the address of the page."""
    kept_list = list_of(request.user, list_code)
    htmx: Any = getattr(request, "htmx", None)
    page = (htmx.current_url_abs_path or "") if htmx else ""
    present = kept_list.clean(QueryDict(urlsplit(page).query))
    return render(request, "records/_chips.html", chips_of(request.user, kept_list, present))


@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest, list_code: str) -> HttpResponse:
    """The dialog that asks for a name, with the filter in hidden fields; then the filter is kept."""
    kept_list = list_of(request.user, list_code)
    data = request.POST or None
    form = KeepForm(data, user=request.user)
    query = kept_list.clean(request.POST if data else request.GET)
    if data and form.is_valid():
        values = form.cleaned_data
        try:
            kept = services.save_filter(
                list_code=list_code,
                name=values["name"],
                role=values["role"],
                query=query,
                by=request.user,
                now=timezone.now(),
            )
            if values["is_default"] and default_of(request.user, list_code) != kept:
                services.choose_default(filter_id=kept.pk, by=request.user)
        except Invalid as refusal:
            form.add_problems(refusal.detail)
        else:
            return with_event(HttpResponse(status=204), "filters-changed")
    context = {"form": form, "query": query, "list_code": list_code}
    return render(request, "records/_filter_new.html", context, status=400 if form.errors else 200)


@require_GET
def manage(request: HttpRequest, list_code: str) -> HttpResponse:
    """The dialog with all filters, to choose the default and to delete."""
    return _manage(request, list_of(request.user, list_code))


@require_POST
def delete(request: HttpRequest, list_code: str, pk: int) -> HttpResponse:
    """Forget one."""
    kept_list = list_of(request.user, list_code)
    services.delete_filter(filter_id=pk, by=request.user)
    return with_event(_manage(request, kept_list), "filters-changed")


@require_POST
def choose(request: HttpRequest, list_code: str, pk: int) -> HttpResponse:
    """Begin with it, or no longer."""
    kept_list = list_of(request.user, list_code)
    services.choose_default(filter_id=pk, by=request.user)
    return with_event(_manage(request, kept_list), "filters-changed")


def _manage(request: HttpRequest, kept_list: KeptList) -> HttpResponse:
    filters = SavedFilter.objects.visible_to(request.user).of_list(kept_list.code)
    context = {
        "filters": list(filters.select_related("role", "owner").order_by("name", "id")),
        "default": default_of(request.user, kept_list.code),
        "list_code": kept_list.code,
    }
    return render(request, "records/_filters.html", context)

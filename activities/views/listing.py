"""The list: filters and order in its address, pages by key."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from django_htmx.http import push_url, trigger_client_event

from activities.finding import LIST, find, kept_list, query_of
from activities.forms import ListForm
from activities.models import Activity
from activities.views.many import ACTIONS
from bpm_portal.common.keyset import keyset_page
from records.kept_filters import chips_of, default_address

SIZE = 50
ORDERS = {
    "due": ("due_at", "id"),
    "-due": ("-due_at", "-id"),
    "start": ("starts_at", "id"),
    "-start": ("-starts_at", "-id"),
    "title": ("title", "id"),
    "-title": ("-title", "-id"),
    "newest": ("-id",),
}
COLUMNS = {"title": _("Title"), "start": _("Start"), "due": _("Due")}
BASIC, FURTHER = ("show", "status", "category"), ("process", "since", "until")


@require_GET
def activity_list(request: HttpRequest) -> HttpResponse:
    """Activities; `cursor` names the page. htmx gets the list alone, and its address without empty filters."""
    if not request.GET and not request.htmx:
        default = default_address(request.user, kept_list(request.user, ""))
        if default:
            return redirect(default)
    now = timezone.now()
    form = ListForm(request.GET)
    chosen = form.chosen()
    sort = chosen.get("sort", "")
    order = _order_named(chosen)
    page = keyset_page(
        Activity.objects.for_list(),
        cursor=request.GET.get("cursor", ""),
        size=SIZE,
        order=ORDERS[order],
        among=find(request.user, chosen),
    )
    query = urlencode({name: request.GET[name] for name in (*chosen, "cursor") if request.GET.get(name)})
    address = f"{request.path}?{query}" if query else request.path
    context = {
        "form": form,
        "page": page,
        "now": now,
        "sort": sort,
        "basic_filters": [form[name] for name in BASIC],
        "further_filters": [form[name] for name in FURTHER],
        "columns": [_column(name, order) for name in COLUMNS],
        "address": address,
        "bulk_actions": [
            (name, action) for name, action in ACTIONS.items() if action.makes_sense_to(request.user)
        ],
        "list_code": LIST,
        "is_filtered": bool(set(chosen) - {"sort"}),
        "more_filters": bool(set(FURTHER) & set(chosen)),
    }
    if not request.htmx:
        context |= chips_of(request.user, kept_list(request.user, ""), query_of(request.GET))
    template = "activities/_list.html" if request.htmx else "activities/list.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    if not (request.htmx and request.htmx.trigger == "filters"):
        return response
    trigger_client_event(response, "filters-changed", after="settle")  # the chips look at the new address
    return push_url(response, address)


def order_of(chosen: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields by which the list with these filters is ordered."""
    return ORDERS[_order_named(chosen)]


def _order_named(chosen: Mapping[str, Any]) -> str:
    """The order asked for; else what is open by urgency, what is done newest first."""
    if chosen.get("sort") in ORDERS:
        return str(chosen["sort"])
    return "due" if chosen.get("status", "open") in ("open", "not_started", "in_progress") else "newest"


def _column(name: str, order: str) -> dict[str, str | Promise]:
    """How the head of a column stands, and the order that a click on it gives."""
    state = {name: "ascending", f"-{name}": "descending"}.get(order, "")
    sort = f"-{name}" if state == "ascending" else name
    return {"name": name, "label": COLUMNS[name], "state": state, "sort": sort}

"""The overview of sections, the list of one, and what the list and the pickers ask for while open."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url, trigger_client_event

from bpm_portal.common.actions import pending_counts
from bpm_portal.common.keyset import capped_count, keyset_page
from bpm_portal.common.typed import ids_in
from records import access
from records.kept_filters import chips_of, default_address
from records.list_form import PREFIX, Column, ListForm
from records.models import Record
from records.section_lists import code_of, find, kept_list
from records.values import Shown, shown_fields
from records.views.many import ACTIONS

PAGE_SIZE = 50
COUNT_CAP = 1000
OPTIONS = 20
MAX_IDS = 200  # of one question for counts


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list: the record, each column with its cell, how many steps wait on it."""

    record: Record
    cells: list[tuple[Column, Shown | None]]
    pending: int


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All sections that this person may open."""
    return render(request, "records/index.html", {"sections": access.visible_types(request.user)})


@require_safe
@vary_on_headers("HX-Request", "HX-Target")  # page and fragment share an address, and the browser's cache
def record_list(request: HttpRequest, code: str) -> HttpResponse:
    """The records of a section; htmx gets the list alone, and its address without empty filters."""
    record_type = access.get_type(request.user, code)
    fragment = request.headers.get("HX-Target") == "record-list"
    if not request.GET and not fragment:
        default = default_address(request.user, kept_list(request.user, code))
        if default:
            return redirect(default)
    form = ListForm(request.GET, record_type=record_type, user=request.user)
    found = find(request.user, record_type, form)
    page = keyset_page(
        found.select_related("owner"),
        cursor=request.GET.get("cursor", ""),
        size=PAGE_SIZE,
        order=form.order,
    )
    columns = form.shown_columns
    pending = pending_counts(request.user, [record.pk for record in page], timezone.now())
    number = capped_count(found, cap=COUNT_CAP)
    text = ngettext("%(n)s record", "%(n)s records", number)
    query = form.query()
    cursor = {"cursor": request.GET["cursor"]} if request.GET.get("cursor") else {}
    context = {
        "section": record_type,
        "filters": form,
        "heads": [_head(column, form.sort) for column in columns],
        "caption_head": _head(Column("caption", ""), form.sort),
        "rows": [Row(r, _cells(r, columns), pending.get(r.pk, 0)) for r in page],
        "page": page,
        "count_text": text % {"n": number if number <= COUNT_CAP else f"{COUNT_CAP}+"},
        "address": _address(request, query | cursor),
        "query": urlencode(query),
        "list_code": code_of(record_type),
        "may_add": access.may_add(request.user, record_type),
        "may_import": access.may_import(request.user, record_type),
        "bulk_actions": list(ACTIONS.values()),
    }
    if not fragment:
        context |= chips_of(request.user, kept_list(request.user, code), query)
        return render(request, "records/list.html", context)
    response = render(request, "records/_list.html", context)
    if request.headers.get("HX-Trigger") == "filters":
        trigger_client_event(response, "filters-changed", after="settle")  # the chips look at the new address
        return push_url(response, _address(request, query))
    return response


@require_safe
def counts(request: HttpRequest, code: str) -> JsonResponse:
    """`{"id": number}` of the pending steps of the visible records among `?ids=1,2`; one query for all."""
    record_type = access.get_type(request.user, code)
    ids = ids_in(request.GET.get("ids", "").split(","))
    records = Record.objects.visible_to(request.user).filter(record_type=record_type, pk__in=ids[:MAX_IDS])
    visible = list(records.values_list("pk", flat=True))
    pending = pending_counts(request.user, visible, timezone.now())
    return JsonResponse({str(pk): pending.get(pk, 0) for pk in visible})


@require_safe
def options(request: HttpRequest, code: str) -> JsonResponse:
    """What a lookup offers for what was typed: the visible records of a section, the newest first."""
    records = Record.objects.visible_to(request.user).of_type(code).search(request.GET.get("q", "")[:100])
    found = records.order_by("-pk").values("id", "caption")[:OPTIONS]
    return JsonResponse({"results": [{"id": row["id"], "name": row["caption"]} for row in found]})


def _head(column: Column, sort: str) -> dict[str, Any]:
    """How the head of a column stands, and the order that a click on it gives."""
    state = {column.name: "ascending", f"-{column.name}": "descending"}.get(sort, "")
    following = f"-{column.name}" if state == "ascending" else column.name
    return {"column": column, "state": state, "sort": following}


def _cells(record: Record, columns: list[Column]) -> list[tuple[Column, Shown | None]]:
    """What stands in the fields of the section; the template knows the other columns."""
    shown = {PREFIX + s.field.code: s for s in shown_fields(record, [c.field for c in columns if c.field])}
    return [(column, shown.get(column.name)) for column in columns]


def _address(request: HttpRequest, query: dict[str, str]) -> str:
    return f"{request.path}?{urlencode(query)}" if query else request.path

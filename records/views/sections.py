"""The overview of sections, the list of one, and what the list and the pickers ask for while open."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from bpm_portal.common.actions import pending_counts
from bpm_portal.common.keyset import capped_count, keyset_page
from records import access
from records.forms import FilterForm
from records.models import Record
from records.values import Shown, shown_fields

PAGE_SIZE = 50
COUNT_CAP = 1000
OPTIONS = 20
MAX_IDS = 200  # of one question for counts


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list: the record, its cells, how many steps wait on it."""

    record: Record
    cells: list[Shown]
    pending: int


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All sections that this person may open."""
    return render(request, "records/index.html", {"sections": access.visible_types(request.user)})


@login_required
@require_safe
@vary_on_headers("HX-Request", "HX-Target")  # page and fragment share an address, and the browser's cache
def record_list(request: HttpRequest, code: str) -> HttpResponse:
    """The records of a section; htmx gets the list alone."""
    record_type = access.get_type(request.user, code)
    filters = FilterForm(request.GET, record_type=record_type, user=request.user)
    records = Record.objects.visible_to(request.user).filter(record_type=record_type)
    found = filters.narrow(records)
    page = keyset_page(
        found.select_related("owner"),
        cursor=request.GET.get("cursor", ""),
        size=PAGE_SIZE,
        order=filters.order,
    )
    columns = [field for field in record_type.fields.all() if field.in_list]
    pending = pending_counts(request.user, [record.pk for record in page], timezone.now())
    number = capped_count(found, cap=COUNT_CAP)
    text = ngettext("%(n)s record", "%(n)s records", number)
    context = {
        "section": record_type,
        "filters": filters,
        "columns": columns,
        "rows": [Row(r, shown_fields(r, columns), pending.get(r.pk, 0)) for r in page],
        "page": page,
        "count_text": text % {"n": number if number <= COUNT_CAP else f"{COUNT_CAP}+"},
        "may_add": access.may_add(request.user, record_type),
    }
    fragment = request.headers.get("HX-Target") == "record-list"
    return render(request, "records/_list.html" if fragment else "records/list.html", context)


@login_required
@require_safe
def counts(request: HttpRequest, code: str) -> JsonResponse:
    """`{"id": number}` of the pending steps of the visible records among `?ids=1,2`; one query for all."""
    record_type = access.get_type(request.user, code)
    ids = [int(part) for part in request.GET.get("ids", "").split(",") if part.isdecimal() and len(part) < 19]
    records = Record.objects.visible_to(request.user).filter(record_type=record_type, pk__in=ids[:MAX_IDS])
    visible = list(records.values_list("pk", flat=True))
    pending = pending_counts(request.user, visible, timezone.now())
    return JsonResponse({str(pk): pending.get(pk, 0) for pk in visible})


@login_required
@require_safe
def options(request: HttpRequest, code: str) -> JsonResponse:
    """What a lookup offers for what was typed: the visible records of a section, the newest first."""
    records = Record.objects.visible_to(request.user).of_type(code).search(request.GET.get("q", "")[:100])
    found = records.order_by("-pk").values("id", "caption")[:OPTIONS]
    return JsonResponse({"results": [{"id": row["id"], "name": row["caption"]} for row in found]})

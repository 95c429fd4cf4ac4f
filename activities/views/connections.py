"""What forms and pages of records ask for: the History of a record, records to connect to."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from activities.history import history_of
from bpm_portal.common.errors import NotFound
from records.models import Record

OPTIONS = 20


@login_required
@require_GET
def history(request: HttpRequest, record_id: int) -> HttpResponse:
    """A page of it, alone; NotFound where the record is not the reader's to see."""
    record = Record.objects.visible_to(request.user).filter(pk=record_id).first()
    if record is None:
        raise NotFound
    context = history_of(record, cursor=request.GET.get("cursor", ""))
    template = "activities/_history_rows.html" if request.GET.get("cursor") else "activities/_history.html"
    return render(request, template, context)


@login_required
@require_GET
def record_options(request: HttpRequest) -> JsonResponse:
    """`{"results": [{"id", "name", "hint"}]}`: records of any section whose caption has `q`, newest first."""
    found = Record.objects.visible_to(request.user).search(request.GET.get("q", "")).order_by("-id")
    records = found.select_related("record_type")[:OPTIONS]
    results = [{"id": r.pk, "name": r.caption, "hint": r.record_type.name} for r in records]
    return JsonResponse({"results": results})

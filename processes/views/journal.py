"""The journal over all processes, and any journal as a file: who did what, when, and in whose name."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bpm_portal.common.keyset import keyset_page
from processes.forms import AuditFilters, ChangeFilters
from processes.models import ProcessChange, ProcessEvent
from processes.services.guards import check_sees_inside
from processes.services.journal import Entry, in_words
from processes.services.process_changes import changes_in_words
from processes.views.instance import journal_filters, visible_instance
from processes.views.log import check_may_administer
from records.csv_files import csv_response, lines, safe_cell

BATCH = 500
SIZE = 50
COLUMNS = ("time", "event", "element", "who", "on_behalf_of", "text")


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """What happened in all processes, the latest first."""
    check_may_administer(request.user)
    now = timezone.now()
    filters = _audit_filters(request)
    page = keyset_page(
        ProcessEvent.objects.for_search(),
        cursor=request.GET.get("cursor", ""),
        size=SIZE,
        order=("-at", "-id"),
        among=filters.branches(ProcessEvent.objects.all()),
    )
    context = {"filters": filters, "page": page, "entries": in_words(page, now=now)}
    return render(request, "processes/audit.html", context)


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """What was done to processes themselves, the latest first."""
    check_may_administer(request.user)
    filters = ChangeFilters(request.GET)
    page = keyset_page(
        filters.narrow(ProcessChange.objects.select_related("by", "process")),
        cursor=request.GET.get("cursor", ""),
        size=SIZE,
        order=("-at", "-id"),
    )
    context = {"filters": filters, "page": page, "entries": changes_in_words(page.items)}
    return render(request, "processes/changes.html", context)


@require_safe
def export_audit(request: HttpRequest) -> StreamingHttpResponse:
    """All that the filters of the address leave, the latest first; sent as it is written."""
    check_may_administer(request.user)
    filters = _audit_filters(request)
    events, chosen = filters.narrow(ProcessEvent.objects.for_search()), filters.chosen()
    events = events.of_person(chosen["person"]) if "person" in chosen else events
    return csv_response(request, lines(_audit_rows(events.order_by("-at", "-id"))), name="journal.csv")


def _audit_filters(request: HttpRequest) -> AuditFilters:
    return AuditFilters(request.GET, today=timezone.localdate())


@require_safe
def export(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """What the filters of the address leave of one instance, the oldest first; sent as it is written."""
    instance = visible_instance(request, pk)
    check_sees_inside(instance, request.user)
    events = journal_filters(request, instance).narrow().for_words().order_by("id")
    return csv_response(request, lines(_rows(events)), name=f"journal-{pk}.csv")


def _audit_rows(events: Any) -> Iterator[Sequence[Any]]:
    yield ("instance", "caption", "process", *COLUMNS)
    for entry in _entries(events):
        instance = entry.event.instance
        yield (instance.pk, safe_cell(instance.caption), safe_cell(instance.process.key), *_cells(entry))


def _rows(events: Any) -> Iterator[Sequence[Any]]:
    yield COLUMNS
    yield from map(_cells, _entries(events))


def _entries(events: Any) -> Iterator[Entry]:
    rows = events.iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        yield from in_words(batch)


def _cells(entry: Entry) -> Sequence[Any]:
    event = entry.event
    return (
        timezone.localtime(event.at).isoformat(),
        event.kind,
        safe_cell(event.step.element_id if event.step else ""),
        safe_cell(str(event.by or "")),
        safe_cell(str(event.on_behalf_of or "")),
        safe_cell(entry.text),
    )

"""The journal of an instance as a file: who did what, when, and in whose name."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from processes.services.guards import check_sees_inside
from processes.services.journal import in_words
from processes.views.instance import journal_filters, visible_instance
from records.csv_files import csv_response, lines, safe_cell

BATCH = 500


@login_required
@require_safe
def export(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """What the filters of the address leave, the oldest first; sent as it is written."""
    instance = visible_instance(request, pk)
    check_sees_inside(instance, request.user)
    events = journal_filters(request, instance).narrow().for_words().order_by("id")
    return csv_response(request, lines(_rows(events)), name=f"journal-{pk}.csv")


def _rows(events: Any) -> Iterator[Sequence[Any]]:
    yield ("time", "event", "element", "who", "on_behalf_of", "text")
    rows = events.iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        for entry in in_words(batch):
            event = entry.event
            yield (
                timezone.localtime(event.at).isoformat(),
                event.kind,
                safe_cell(event.step.element_id if event.step else ""),
                safe_cell(str(event.by or "")),
                safe_cell(str(event.on_behalf_of or "")),
                safe_cell(entry.text),
            )

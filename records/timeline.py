"""What the timeline of a record tells of its fields, and the tab in which all of it stands."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpm_portal.common import timeline
from bpm_portal.common.actions import Panel
from records.models import FieldChange
from records.values import shown_changes

SIZE = 25
CHANGES = timeline.Sort("changes", gettext_lazy("Changes"), "pencil")


def latest_changes(record: Any) -> list[FieldChange]:
    """Those of a first page and one more, the latest first; two tabs of one page share what is read."""
    known: list[FieldChange] | None = getattr(record, "_latest_changes", None)
    if known is None:
        rows = record.changes.select_related("by").order_by("-at", "-pk")
        known = record._latest_changes = list(rows[: SIZE + 1])
    return known


def tell(user: Any, record: Any, asked: timeline.Asked) -> Sequence[timeline.Happening]:
    """The changes of fields; whoever sees a record sees them."""
    rows = record.changes.select_related("by")
    found = latest_changes(record) if asked.end is None else list(timeline.earlier(rows, asked, "at"))
    return [
        timeline.Happening(
            sort=CHANGES,
            at=row.at,
            key=row.pk,
            icon="pencil",
            text=_("%(field)s: %(old)s → %(new)s")
            % {"field": shown.label, "old": shown.old or "—", "new": shown.new or "—"},
            by=row.by,
        )
        for row, shown in zip(found, shown_changes(record, found), strict=True)
    ]


def page_of(user: Any, record: Any, *, only: str, cursor: str) -> dict[str, Any]:
    """Context of a page of the timeline."""
    entries, next_cursor = timeline.timeline(user, record, only=only, cursor=cursor, size=SIZE)
    record_url = reverse("records:detail", args=[record.pk], query={"tab": "history"})
    return {
        "record": record,
        "entries": entries,
        "sorts": timeline.sorts(),
        "only": only,
        "next_cursor": next_cursor,
        "record_url": record_url,
        "add_url": reverse("activities:add", query={"record": record.pk, "next": record_url}),
    }


def offer_panels(user: Any, record: Any, now: datetime) -> Iterable[Panel]:
    """The *History* tab."""
    yield Panel(
        "history",
        gettext_lazy("History"),
        "records/_timeline.html",
        page_of(user, record, only="", cursor=""),
    )

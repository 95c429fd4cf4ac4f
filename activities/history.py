"""What the record page shows of activities."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from bpm_portal.common.actions import Panel
from bpm_portal.common.keyset import keyset_page
from bpm_portal.common.navigation import Entry

SIZE = 20


def history_of(record: Any, *, cursor: str) -> dict[str, Any]:
    """Context of the panel: a page of the record's activities, newest first.

    Needs no `visible_to`: whoever sees a record sees its activities, and only such readers get here.
    """
    activities = Activity.objects.for_record(record.pk).for_list()
    page = keyset_page(activities, cursor=cursor, size=SIZE, order=("-id",))
    record_url = reverse("records:detail", args=[record.pk], query={"tab": "history"})
    add_url = reverse("activities:add", query={"record": record.pk, "next": record_url})
    return {"record_id": record.pk, "record_url": record_url, "add_url": add_url, "page": page}


def offer_panels(user: Any, record: Any, now: datetime) -> Iterable[Panel]:
    """The *History* tab."""
    yield Panel("history", _("History"), "activities/_history.html", history_of(record, cursor=""))


def menu(user: Any) -> list[Entry]:
    """The section, for everybody."""
    return [Entry(_("Activities"), reverse("activities:list"), "checklist", 10)]

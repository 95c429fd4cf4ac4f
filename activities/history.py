"""What the timeline of a record tells of activities, and the section's entry in the main menu."""

from collections.abc import Sequence
from typing import Any

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from activities.templatetags.activity_tags import CATEGORY_ICONS
from bpm_portal.common import statuses, timeline
from bpm_portal.common.navigation import Entry

EMAIL = Activity.Category.EMAIL


ACTIVITIES = timeline.Sort("activities", _("Activities"), "checklist")
EMAILS = timeline.Sort("emails", _("E-mails"), "mail")


def tell(user: Any, record: Any, asked: timeline.Asked) -> Sequence[timeline.Happening]:
    """What was or is to be done, and the e-mails: each where it was finished, else where it was added.

    Needs no `visible_to`: whoever sees a record sees its activities, and only such readers get here.
    """
    rows = Activity.objects.for_record(record.pk)
    if EMAILS not in asked.sorts:
        rows = rows.exclude(category=EMAIL)
    elif ACTIVITIES not in asked.sorts:
        rows = rows.of_category(EMAIL)
    rows = rows.annotate(at=Coalesce("closed_at", "created_at")).select_related("owner", "role", "closed_by")
    return [
        timeline.Happening(
            sort=EMAILS if activity.category == EMAIL else ACTIVITIES,
            at=activity.at,
            key=activity.pk,
            icon=CATEGORY_ICONS.get(activity.category, "checkbox"),
            text=activity.title,
            url=reverse("activities:detail", args=[activity.pk]),
            details=" · ".join(filter(None, (activity.process_caption, activity.result_details))),
            state=statuses.badge(activity),
            by=activity.closed_by or activity.owner or activity.role,
        )
        for activity in timeline.earlier(rows, asked, "at")
    ]


def menu(user: Any) -> list[Entry]:
    """The section, for everybody."""
    return [Entry(_("Activities"), reverse("activities:list"), "checklist", 10)]

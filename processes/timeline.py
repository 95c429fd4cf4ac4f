"""What the timeline of a record tells of the steps that waited on it."""

from collections.abc import Sequence
from typing import Any

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bpm_portal.common import statuses, timeline
from processes import kinds
from processes.models import ProcessStep

STEPS = timeline.Sort("steps", _("Steps"), "sitemap")


def tell(user: Any, record: Any, asked: timeline.Asked) -> Sequence[timeline.Happening]:
    """Those that are done and those that the user may see; steps with an activity are told by the activity."""
    done = ProcessStep.objects.done_on(record.pk).order_by()
    steps = ProcessStep.objects.visible_to(user).filter(record=record.pk) | done
    rows = steps.annotate(at=Coalesce("closed_at", "opened_at")).select_related(
        "assignee", "role", "closed_by"
    )
    known = kinds.all_kinds()
    return [
        timeline.Happening(
            sort=STEPS,
            at=step.at,
            key=step.pk,
            icon=known[step.kind].icon if step.kind in known else "checklist",
            text=step.name,
            url=reverse("processes:step", args=[step.pk]),
            details=step.instance_caption,
            state=statuses.badge(step),
            by=step.closed_by or step.assignee or step.role,
        )
        for step in timeline.earlier(rows, asked, "at")
    ]

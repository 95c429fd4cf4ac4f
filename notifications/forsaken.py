"""Administrators hear of work that nobody can do any more: who had it has left, or nobody is left in its role."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef

from notifications import bus
from notifications.audience import process_administrators
from notifications.models import Notification
from notifications.telling import about_step, tell
from processes.models import ProcessStep

BATCH = 200


def tell_of_forsaken_steps(*, now: datetime) -> int:
    """An entry for each administrator about each such step, once each time it comes to that; returns how many steps.

    People leave and come back without a turn: no event says it. The instance is locked with its step: see `reminders`.
    """
    told = Notification.objects.of_nobodys_steps()
    told.exclude(step__in=ProcessStep.objects.unassigned()).settle(now)
    administrators = process_administrators()
    if not administrators:
        return 0
    with transaction.atomic():
        found = (
            ProcessStep.objects.unassigned()
            .filter(~Exists(told.filter(step=OuterRef("pk"))))
            .select_related("instance")
        )
        found = found.select_for_update(skip_locked=True, of=("self", "instance"))
        steps = list(found.order_by("id")[:BATCH])
        entries = [
            about_step(step, "step-unassigned", user_id=user, now=now)
            for step in steps
            for user in sorted(administrators)
        ]
        tell(entries, now=now)
        if steps:
            transaction.on_commit(partial(bus.publish, administrators))
    return len(steps)

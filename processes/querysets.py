"""All filtering of processes, instances and steps, with who may see what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from django.db import connection, models
from django.db.models import Q

from bpm_portal.accounts.roles import role_ids

HUMAN = ("activity", "record")
#: Any of these lets a person administer processes: see everything of every process.
ADMIN_PERMISSIONS = (
    "processes.run_processinstance",
    "processes.cancel_processinstance",
    "processes.disable_process",
)


def is_process_admin(user: Any) -> bool:
    """Whether this user administers processes."""
    return user.is_superuser or any(user.has_perm(permission) for permission in ADMIN_PERMISSIONS)


class ProcessQuerySet(models.QuerySet[Any]):
    """Processes."""

    def startable_by(self, user: Any) -> Self:
        """Those that this user may start when they are enabled."""
        if user.is_superuser or user.has_perm("processes.start_process"):
            return self
        return self.filter(roles__in=role_ids(user)).distinct()

    def visible_to(self, user: Any) -> Self:
        """Those that this user may start; all for process administrators."""
        return self if is_process_admin(user) else self.startable_by(user)


class InstanceQuerySet(models.QuerySet[Any]):
    """Process instances."""

    def live(self) -> Self:
        """Running or failed, and not past their last end event."""
        return self.filter(status__in=("running", "failed"), ended_at=None)

    def to_finish(self) -> Self:
        """Past their last end event, waiting for the worker."""
        return self.filter(status="running", ended_at__isnull=False)

    def visible_to(self, user: Any) -> Self:
        """What this user started or has (or had) a step of; all for process administrators."""
        if is_process_admin(user):
            return self
        steps = self.model.steps.rel.related_model
        taking_part = steps.objects.filter(steps.objects.performed_by(user), waits_on__in=HUMAN)
        return self.filter(Q(starter=user) | Q(pk__in=taking_part.values("instance")))


class StepQuerySet(models.QuerySet[Any]):
    """Steps."""

    def pending(self) -> Self:
        """Waiting for somebody or something."""
        return self.filter(status="pending")

    def human(self) -> Self:
        """Those that wait (or waited) for a person."""
        return self.filter(waits_on__in=HUMAN)

    def unassigned(self) -> Self:
        """Pending human steps that nobody can do until an administrator reassigns them."""
        return self.pending().human().filter(assignee=None, role=None)

    @staticmethod
    def performed_by(user: Any) -> Q:
        """The condition for steps that are mine, my role's or were closed by me."""
        return Q(assignee=user) | Q(role__in=role_ids(user)) | Q(closed_by=user)

    def for_performer(self, user: Any) -> Self:
        """Pending human steps of this user, or of one of his roles and unclaimed."""
        mine = Q(assignee=user) | Q(assignee=None, role__in=role_ids(user))
        return self.pending().human().filter(mine)

    def visible_to(self, user: Any) -> Self:
        """Those of instances that this user started, and those that he performs or has closed."""
        if is_process_admin(user):
            return self
        return self.filter(self.performed_by(user) | Q(instance__starter=user))

    def for_records(self, record_ids: Sequence[int]) -> Self:
        """Pending human steps connected to any of these records: as their subject or through their activity."""
        return self.pending().human().filter(pk__in=[step_id for step_id, _ in connected_steps(record_ids)])

    def waiting_on_topic(self, waits_on: str, topic: str) -> Self:
        """Subscriptions to a message or signal."""
        return self.pending().filter(waits_on=waits_on, topic=topic)

    def due_timers(self, now: datetime) -> Self:
        """Timers whose time has come and that nobody has claimed."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.pending().filter(free, waits_on="timer", due_at__lte=now)

    def queued(self, now: datetime) -> Self:
        """Service steps that no worker holds."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.pending().filter(free, waits_on="worker")


CONNECTED = """
    SELECT s.id, s.record_id FROM processes_processstep s
     WHERE s.record_id = ANY(%(ids)s) AND s.status = 'pending'
    UNION
    SELECT s.id, a.record_id FROM activities_activity a
      JOIN processes_processstep s ON s.activity_id = a.id AND s.status = 'pending'
     WHERE a.record_id = ANY(%(ids)s) AND a.status IN ('not_started', 'in_progress')
    UNION
    SELECT s.id, c.record_id FROM activities_activityconnection c
      JOIN processes_processstep s ON s.activity_id = c.activity_id AND s.status = 'pending'
     WHERE c.record_id = ANY(%(ids)s)
"""


def connected_steps(record_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of pending human step and record, for a whole page of records in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(CONNECTED, {"ids": list(record_ids)})
        rows: list[tuple[int, int]] = cursor.fetchall()
        return rows

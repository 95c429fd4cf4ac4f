"""Cancellations of many instances, which the worker carries out one after the other."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from processes.models.instances import ProcessInstance


class CancelJobQuerySet(models.QuerySet[Any]):
    """Cancellations; nothing else filters them."""

    def open(self) -> Self:
        """Those that are not through."""
        return self.filter(status__in=CancelJob.OPEN)

    def waiting(self, now: datetime) -> Self:
        """Those that should go on and that no worker holds, the oldest first."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.filter(free, status="running").order_by("id")

    def without_pending(self) -> Self:
        """Those of which every row has its result."""
        return self.filter(~Exists(CancelItem.objects.filter(job=OuterRef("pk"), status="pending")))


class CancelJob(models.Model):
    """Somebody cancels many instances for one reason; each has a row of its own."""

    class Status(models.TextChoices):
        """Where the job stands."""

        RUNNING = "running", pgettext_lazy("job", "Running")  # -> paused, stopped, done
        PAUSED = "paused", pgettext_lazy("job", "Paused")  # -> running, stopped
        STOPPED = "stopped", pgettext_lazy("job", "Stopped")  # final: what was left is left out
        DONE = "done", pgettext_lazy("job", "Done")  # final: every row has its result

    OPEN = (Status.RUNNING, Status.PAUSED)

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by whom")
    )
    reason = models.TextField(_("reason"))
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.RUNNING)
    created_at = models.DateTimeField(_("created"))
    ended_at = models.DateTimeField(_("end date"), null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)  # the lease of the worker that is at it

    objects = CancelJobQuerySet.as_manager()

    class Meta:
        """The worker finds at once what it has to do."""

        verbose_name = _("cancellation of many")
        verbose_name_plural = _("cancellations of many")
        constraints = (
            models.CheckConstraint(
                name="cancel_job_ended_exactly_when_final",
                condition=Q(status__in=("running", "paused"), ended_at__isnull=True)
                | Q(status__in=("stopped", "done"), ended_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(
                fields=("id",), name="cancel_job_open", condition=Q(status__in=("running", "paused"))
            ),
        )

    def __str__(self) -> str:
        return self.reason[:60]

    @property
    def is_open(self) -> bool:
        """Something of it may still be cancelled."""
        return self.status in self.OPEN


class CancelItemQuerySet(models.QuerySet[Any]):
    """The instances of cancellations."""

    def of_job(self, job: Any) -> Self:
        """Those of one cancellation."""
        return self.filter(job=job)

    def next_of(self, job: Any) -> Self:
        """What is to be cancelled next, locked; nothing once the job was paused or stopped.

        Two workers never hold the same row.
        """
        pending = self.filter(job=job, job__status="running", status="pending").order_by("id")
        return pending.select_for_update(skip_locked=True, of=("self",))

    def counts(self) -> dict[str, int]:
        """Number of rows by status."""
        return dict(self.order_by().values_list("status").annotate(n=Count("pk")))

    def for_list(self) -> Self:
        """With what a row of a list shows, in one query."""
        return self.select_related("instance__process").defer("instance__variables")


class CancelItem(models.Model):
    """One instance of a job, with what became of it."""

    class Status(models.TextChoices):
        """What became of it."""

        PENDING = "pending", pgettext_lazy("job", "Waits its turn")  # -> done, failed, skipped
        DONE = "done", _("Cancelled")  # final
        FAILED = "failed", _("Not cancelled")  # final, see `problem`
        SKIPPED = "skipped", pgettext_lazy("job", "Left out")  # final: the job was stopped before its turn

    class Problem(models.TextChoices):
        """Why it was not cancelled; a code, so that every reader gets it in his own language."""

        ENDED = "instance_ended", _("It had already ended.")
        GONE = "not_found", _("It does not exist any more.")
        CALLED = "conflict", _("Another process has called it; cancel that one.")
        FORBIDDEN = "forbidden", _("Whoever asked for it is not allowed to cancel processes any more.")
        ERROR = "error", _("Something went wrong; an administrator of the portal finds it in the log.")

    job = models.ForeignKey(CancelJob, models.CASCADE, related_name="items", db_index=False)
    instance = models.ForeignKey(ProcessInstance, models.CASCADE, related_name="+", verbose_name=_("caption"))
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.PENDING)
    problem = models.CharField(_("problem"), max_length=16, choices=Problem, blank=True)

    objects = CancelItemQuerySet.as_manager()

    class Meta:
        """An instance is in a job once."""

        verbose_name = _("instance of a cancellation")
        verbose_name_plural = _("instances of a cancellation")
        constraints = (
            models.UniqueConstraint("job", "instance", name="cancel_item_once"),
            models.CheckConstraint(
                name="cancel_item_problem_exactly_when_failed",
                condition=Q(status="failed") & ~Q(problem="") | ~Q(status="failed") & Q(problem=""),
            ),
        )
        indexes = (models.Index(fields=("job", "status", "id"), name="cancel_item_by_status"),)

    def __str__(self) -> str:
        return f"{self.job_id}: {self.instance_id}"

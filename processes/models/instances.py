"""Process instances: one run of a version."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from processes.models.definitions import Process, ProcessVersion
from processes.querysets import InstanceQuerySet
from records.models import Record


class ProcessInstance(models.Model):
    """One run of a version; changed only by turns that hold the lock on its root row."""

    class Status(models.TextChoices):
        """Where the run stands."""

        RUNNING = "running", _("Running")  # -> completed (by the worker, after `ended_at`), cancelled, failed
        COMPLETED = "completed", _("Completed")  # final
        CANCELLED = "cancelled", _("Cancelled")  # final
        FAILED = (
            "failed",
            _("Failed"),
        )  # some element has an open incident; retry -> running, cancel -> cancelled

    LIVE = (Status.RUNNING, Status.FAILED)

    process = models.ForeignKey(
        Process, models.PROTECT, related_name="instances", verbose_name=_("process"), db_index=False
    )
    version = models.ForeignKey(
        ProcessVersion, models.PROTECT, related_name="instances", verbose_name=_("version")
    )
    # The instance whose row every turn of this tree locks first; empty on the root itself.
    root = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="descendants",
        verbose_name=_("root instance"),
    )
    # The call activity step that made it; empty on a root.
    parent_step = models.ForeignKey(
        "ProcessStep",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("called by"),
    )
    lane = models.CharField(
        _("lane"), max_length=200, blank=True
    )  # of the call activity: a role for tasks without a lane
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.RUNNING)
    caption = models.CharField(_("caption"), max_length=250)
    record = models.ForeignKey(
        Record,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="instances",
        verbose_name=_("record"),
        db_index=False,
    )
    record_caption = models.CharField(_("caption of the record"), max_length=250, blank=True)
    starter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("starter"),
        db_index=False,
    )
    variables = models.JSONField(
        _("variables"), default=dict
    )  # as `processes.engine.feel.encode` writes them
    # Steps completed so far that something could undo: their order.
    completions = models.PositiveIntegerField(
        _("completed activities"), default=0, db_default=0, editable=False
    )
    started_at = models.DateTimeField(_("start date"))
    # Set by the turn of the last end event; the worker turns it into "completed" with a duration.
    ended_at = models.DateTimeField(_("end date"), null=True, blank=True)
    duration = models.DurationField(_("duration"), null=True, blank=True)
    # The daily summary has it; what is finished and not in there, the statistics read from this table.
    is_counted = models.BooleanField(
        _("in the daily summary"), default=False, db_default=False, editable=False
    )
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cancelled by"),
    )
    cancel_reason = models.TextField(_("reason"), blank=True)

    objects = InstanceQuerySet.as_manager()

    class Meta:
        """The log is read newest first; finished ones are counted per process and end date."""

        verbose_name = _("process instance")
        verbose_name_plural = _("process instances")
        permissions = (
            ("cancel_processinstance", _("Can cancel process instances")),
            ("run_processinstance", _("Can run, skip and reassign elements of every instance")),
        )
        constraints = (
            models.CheckConstraint(
                name="instance_completed_has_end_and_duration",
                condition=~Q(status="completed") | Q(ended_at__isnull=False, duration__isnull=False),
            ),
            models.CheckConstraint(
                name="instance_ends_after_its_start",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="instance_final_has_an_end",
                condition=~Q(status__in=("completed", "cancelled")) | Q(ended_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=("process", "-id"), name="instance_by_process"),
            models.Index(fields=("starter", "-id"), name="instance_by_starter"),
            models.Index(fields=("status", "-id"), name="instance_by_status"),
            models.Index(
                fields=("record", "-id"), name="instance_by_record", condition=Q(record__isnull=False)
            ),
            models.Index(
                fields=("id",),
                name="instance_to_finish",
                condition=Q(status="running", ended_at__isnull=False),
            ),
            models.Index(  # what the library and the statistics count, without a look at the rows
                fields=("process", "id"),
                include=("ended_at", "status"),
                name="instance_live",
                condition=Q(status__in=("running", "failed")),
            ),
            GinIndex(OpClass(Upper("caption"), name="gin_trgm_ops"), name="instance_caption_search"),
            models.Index(
                fields=("process", "ended_at"),
                include=("status", "duration"),
                name="instance_finished",
                condition=Q(status__in=("completed", "cancelled")),
            ),
            models.Index(
                fields=("process", "ended_at"),
                name="instance_uncounted",
                condition=Q(status__in=("completed", "cancelled"), is_counted=False),
            ),
        )

    def __str__(self) -> str:
        return self.caption

    @property
    def is_live(self) -> bool:
        """It may still move: not final, and its last end event has not come."""
        return self.status in self.LIVE and self.ended_at is None

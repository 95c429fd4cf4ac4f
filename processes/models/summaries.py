"""The daily summary of finished instances, from which the statistics read what lies behind."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from processes.models.definitions import Process, ProcessVersion


class SummaryZone(models.Model):
    """A time zone whose days are summed up: those that people live in.

    A new one catches up with what was counted before it came, by ids; until then its readers read instances.
    """

    name = models.CharField(_("time zone"), max_length=64, unique=True)
    is_ready = models.BooleanField(default=False)
    after_id = models.BigIntegerField(default=0)  # of the last instance that it has caught up with

    class Meta:
        """Few."""

        verbose_name = _("time zone of the statistics")
        verbose_name_plural = _("time zones of the statistics")

    def __str__(self) -> str:
        return self.name


class DailySummary(models.Model):
    """The instances of one version that ended on one day of one time zone, and the steps of those that completed.

    It holds exactly the instances that are marked `is_counted`. Times are in microseconds; a histogram says how many
    durations lie in which bucket (processes/services/durations.py). `elements` has for each element a list: number,
    time, number of those of which one knows when somebody began, their time until then and from then on, histogram.
    """

    zone = models.ForeignKey(SummaryZone, models.CASCADE, related_name="+", db_index=False)
    process = models.ForeignKey(Process, models.CASCADE, related_name="+", db_index=False)
    version = models.ForeignKey(ProcessVersion, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    completed = models.PositiveIntegerField(_("completed"), default=0)
    cancelled = models.PositiveIntegerField(_("cancelled"), default=0)
    total = models.BigIntegerField(default=0)
    median = models.FloatField(null=True)  # exact, and so is the next one
    p90 = models.FloatField(null=True)
    histogram = models.JSONField(default=dict)
    elements = models.JSONField(default=dict)

    class Meta:
        """Read by process and day."""

        verbose_name = _("day of the statistics")
        verbose_name_plural = _("days of the statistics")
        constraints = (
            models.UniqueConstraint(fields=("zone", "process", "day", "version"), name="daily_summary_once"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.version_id}"

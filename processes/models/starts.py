"""How the current version of each process begins by itself: by a moment, a message or a signal."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from processes.models.definitions import ProcessVersion
from processes.models.steps import ProcessStep


class ProcessStart(models.Model):
    """One event definition of a start event; only the current version of a process has any."""

    version = models.ForeignKey(ProcessVersion, models.CASCADE, related_name="starts", db_index=False)
    element_id = models.CharField(_("element"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)  # of the definition in its event
    waits_on = models.CharField(_("waits on"), max_length=16, choices=ProcessStep.WaitsOn)
    topic = models.CharField(max_length=200, blank=True)  # the message or signal
    due_at = models.DateTimeField(_("due"), null=True, blank=True)  # when the timer fires next
    fired = models.PositiveIntegerField(default=0)  # how often the timer has fired
    claimed_until = models.DateTimeField(null=True, blank=True)  # the worker's lease on a due timer

    class Meta:
        """Found by what comes: a name or a moment."""

        verbose_name = _("process start")
        verbose_name_plural = _("process starts")
        constraints = (
            models.UniqueConstraint("version", "element_id", "position", name="start_once_per_definition"),
            models.CheckConstraint(
                name="start_timer_is_due", condition=~Q(waits_on="timer") | Q(due_at__isnull=False)
            ),
        )
        indexes = (
            models.Index(fields=("waits_on", "topic"), name="start_by_topic", condition=~Q(waits_on="timer")),
            models.Index(fields=("due_at",), name="start_due_timer", condition=Q(waits_on="timer")),
        )

    def __str__(self) -> str:
        return f"{self.version}: {self.element_id}"

"""Messages and signals on their way to who waits for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from processes.models.definitions import Process
from processes.models.events import ProcessEvent
from processes.models.instances import ProcessInstance
from processes.models.steps import ProcessStep
from records.models import Record


class ProcessDelivery(models.Model):
    """Something was thrown by an instance, or happened to a record; the worker hands it over exactly once.

    What may reach several receivers is first split into a row for each: a step, or a process to start. A row
    that is done is deleted.
    """

    class Kind(models.TextChoices):
        """What is on its way."""

        MESSAGE = "message", _("message")  # to one receiver
        SIGNAL = "signal", _("signal")  # to all who wait for its name
        RECORD = "record", _("change of a record")  # to all who wait for its name, by message or by signal

    kind = models.CharField(max_length=16, choices=Kind)
    name = models.CharField(max_length=200)
    correlation = models.CharField(max_length=250, blank=True)
    variables = models.JSONField(default=dict)  # encoded
    record = models.ForeignKey(Record, models.SET_NULL, null=True, related_name="+", db_index=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(_("time"))
    # The event that threw it, and its instance, which has heard its own signal already.
    event = models.ForeignKey(ProcessEvent, models.CASCADE, null=True, related_name="+", db_index=False)
    thrower = models.ForeignKey(ProcessInstance, models.CASCADE, null=True, related_name="+", db_index=False)
    # One receiver, once it is split.
    step = models.ForeignKey(ProcessStep, models.CASCADE, null=True, related_name="+", db_index=False)
    process = models.ForeignKey(Process, models.CASCADE, null=True, related_name="+", db_index=False)
    element_id = models.CharField(max_length=200, blank=True)
    claimed_until = models.DateTimeField(null=True)  # the worker's lease

    class Meta:
        """An event makes one delivery."""

        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = (
            models.UniqueConstraint(
                "event",
                name="delivery_once_per_event",
                condition=Q(event__isnull=False, step__isnull=True, process__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

"""What befalls processes themselves: people deploy, enable, disable them and say who may start them."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from processes.models.definitions import Process


class ProcessChangeQuerySet(models.QuerySet[Any]):
    """The changes of processes; nothing else filters them."""

    def of_person(self, user: Any) -> Self:
        """What this person did."""
        return self.filter(by=user)

    def of_process(self, process: Any) -> Self:
        """What was done to one process."""
        return self.filter(process=process)

    def between(self, since: datetime | None, until: datetime | None) -> Self:
        """At `since` or later and before `until`."""
        found = self.filter(at__gte=since) if since else self
        return found.filter(at__lt=until) if until else found


class ProcessChange(models.Model):
    """One of them, as a fact; written with what it tells of, in one transaction."""

    class Kind(models.TextChoices):
        """What was done."""

        DEPLOYED = "deployed", _("Version deployed")
        ENABLED = "enabled", _("Process enabled")
        DISABLED = "disabled", _("Process disabled")
        ROLES = "roles", _("Who may start it changed")
        START_FAILED = "start-failed", _("Start condition failed")

    process = models.ForeignKey(
        Process, models.CASCADE, related_name="changes", verbose_name=_("process"), db_index=False
    )
    kind = models.CharField(_("change"), max_length=16, choices=Kind)
    # deployed: number; disabled: running, reason; roles: before, after (names);
    # start-failed: number, element, name, reason
    data = models.JSONField(_("details"), default=dict)
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by whom"),
        db_index=False,
    )

    objects = ProcessChangeQuerySet.as_manager()

    class Meta:
        """Read per process and over all, the latest first."""

        verbose_name = _("change of a process")
        verbose_name_plural = _("changes of processes")
        indexes = (
            models.Index(fields=("process", "at", "id"), name="change_by_process"),
            models.Index(fields=("at", "id"), name="change_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.process_id}: {self.kind}"

"""Notifications of one person, and how that person likes to be told."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.querysets import NotificationQuerySet
from processes.models import Process, ProcessEvent, ProcessInstance, ProcessStep
from records.models import Record


class Notification(models.Model):
    """One entry of a person's notification centre; its words are made at display, from `kind` and `data`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=40)
    # The event it follows from: together with the user it makes the handler idempotent. Empty for reminders.
    event = models.ForeignKey(
        ProcessEvent,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("process event"),
        db_index=False,
    )
    instance = models.ForeignKey(
        ProcessInstance,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("process instance"),
        db_index=False,
    )
    step = models.ForeignKey(
        ProcessStep,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("process element"),
        db_index=False,
    )
    data = models.JSONField(_("data"), default=dict)
    url = models.CharField(_("address"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"))
    read_at = models.DateTimeField(_("read"), null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        """Read per person, newest first."""

        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = (
            models.UniqueConstraint(
                "user", "event", name="notification_once_per_event", condition=Q(event__isnull=False)
            ),
        )
        indexes = (
            models.Index(fields=("user", "-id"), name="notification_by_user"),
            models.Index(fields=("user",), name="notification_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=("step",), name="notification_step", condition=Q(step__isnull=False)),
        )

    def __str__(self) -> str:
        return self.kind


class Preference(models.Model):
    """What a person has chosen about the panel."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user")
    )
    show_future = models.BooleanField(_("show future tasks"), default=False)
    # The filters of the work: what is gone filters no longer.
    process = models.ForeignKey(
        Process,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("process"),
        db_index=False,
    )
    record = models.ForeignKey(
        Record,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("record"),
        db_index=False,
    )
    role = models.ForeignKey(
        Group,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("role"),
        db_index=False,
    )

    class Meta:
        """One row per person, made on the first choice."""

        verbose_name = _("panel preference")
        verbose_name_plural = _("panel preferences")

    def __str__(self) -> str:
        return str(self.user_id)

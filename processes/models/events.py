"""The journal of every turn, which is also the outbox of everything that follows from it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from processes.models.instances import ProcessInstance
from processes.models.steps import ProcessStep


class ProcessEvent(models.Model):
    """A fact written in a turn; the worker publishes it at least once to idempotent handlers."""

    instance = models.ForeignKey(
        ProcessInstance,
        models.CASCADE,
        related_name="events",
        verbose_name=_("process instance"),
        db_index=False,
    )
    step = models.ForeignKey(
        ProcessStep,
        models.CASCADE,
        null=True,
        related_name="events",
        verbose_name=_("process element"),
        db_index=False,
    )
    kind = models.CharField(_("event"), max_length=40)
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
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("on behalf of"),
        db_index=False,
    )
    published_at = models.DateTimeField(_("published"), null=True)

    class Meta:
        """Read per instance as the audit trail; the unpublished ones have their own index."""

        ordering = ("id",)
        verbose_name = _("process event")
        verbose_name_plural = _("process events")
        indexes = (
            models.Index(fields=("instance", "id"), name="event_by_instance"),
            models.Index(
                fields=("id",), name="event_unpublished", condition=models.Q(published_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.kind

"""The journal of every turn, which is also the outbox of everything that follows from it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from processes.models.instances import ProcessInstance
from processes.models.steps import ProcessStep


class EventQuerySet(models.QuerySet[Any]):
    """The journal; nothing else filters it."""

    def of_person(self, user: Any) -> Self:
        """What this person did, or somebody else in that person's name."""
        return self.filter(Q(by=user) | Q(on_behalf_of=user))

    def branches_of_person(self, user: Any) -> list[Self]:
        """The same, each by an index of its own."""
        return [self.filter(by=user), self.filter(on_behalf_of=user)]

    def in_a_name(self) -> Self:
        """What somebody did in the name of somebody else."""
        return self.filter(on_behalf_of__isnull=False)

    def of_process(self, process: Any) -> Self:
        """Events of the instances of one process."""
        return self.filter(instance__process=process)

    def of_kinds(self, kinds: Iterable[str]) -> Self:
        """Events of these kinds."""
        return self.filter(kind__in=kinds)

    def of_element(self, element_id: str) -> Self:
        """What happened at one element of the diagram."""
        return self.filter(step__element_id=element_id)

    def between(self, since: datetime | None, until: datetime | None) -> Self:
        """At `since` or later and before `until`."""
        found = self.filter(at__gte=since) if since else self
        return found.filter(at__lt=until) if until else found

    def for_words(self) -> Self:
        """With the step and the people that a sentence names, in one query."""
        return self.select_related("step", "by", "on_behalf_of").defer(
            "command", "step__variables", "step__draft"
        )

    def to_publish(self, now: datetime) -> Self:
        """Not published, and not waiting after a failure."""
        return self.filter(Q(retry_at=None) | Q(retry_at__lte=now), published_at=None)

    def for_search(self) -> Self:
        """The same with the instances that they are about."""
        return self.for_words().select_related("instance__process").defer("instance__variables")

    def commands(self) -> Self:
        """Those that carry what the engine was asked, in that order."""
        return self.filter(command__isnull=False).order_by("id")

    def people(self) -> set[int]:
        """Ids of all who did anything, or in whose name it was done."""
        pairs = self.order_by().values_list("by", "on_behalf_of").distinct()
        return {key for pair in pairs for key in pair if key is not None}


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
    # With the first event of each command: what the engine was asked, and what it knew (`engine.replay` packs it).
    command = models.JSONField(_("command"), null=True, editable=False)
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
    # After a handler has failed: not before that moment again, so that it does not hold up the others.
    retry_at = models.DateTimeField(_("not before"), null=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        """Read per instance, and over all by time and person; the unpublished ones have their own index."""

        ordering = ("id",)
        verbose_name = _("process event")
        verbose_name_plural = _("process events")
        indexes = (
            models.Index(fields=("instance", "id"), name="event_by_instance"),
            models.Index(fields=("at", "id"), name="event_by_time"),
            models.Index(
                fields=("by", "at", "id"), name="event_by_person", condition=models.Q(by__isnull=False)
            ),
            models.Index(
                fields=("on_behalf_of", "at", "id"),
                name="event_on_behalf",
                condition=models.Q(on_behalf_of__isnull=False),
            ),
            models.Index(
                fields=("id",), name="event_unpublished", condition=models.Q(published_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.kind

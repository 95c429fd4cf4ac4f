"""What follows from published events: entries of the notification centre, and pings of open pages.

Events come at least once: an entry is unique per user and event, a ping twice is harmless.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cached_property, partial

from django.db import transaction
from django.db.models import Q

from bpm_portal.accounts.models import User
from notifications import bus
from notifications.audience import active, audience, process_administrators, substitutes_by_person
from notifications.models import Notification
from notifications.sorts import listeners_of_roles
from notifications.telling import tell
from processes.models import ProcessInstance, ProcessStep
from processes.outbox import PublishedEvent
from processes.services.steps import step_url

CLOSING = ("step-completed", "step-cancelled", "step-skipped")
#: Notifications that open the page of their step; all others open their instance.
ABOUT_A_TASK = ("step-assigned", "step-reassigned", "step-unassigned", "step-for-role")


def handle_events(events: Sequence[PublishedEvent], now: datetime) -> None:
    """Write the entries, mark as read what has been dealt with, and ping once when all that is committed."""
    batch = Batch(events, now)
    entries = [entry for event in events if (rule := RULES.get(event.kind)) for entry in rule(event, batch)]
    tell(entries, now=now)
    closed = {event.step_id for event in events if event.kind in CLOSING and event.step_id is not None}
    if closed:
        Notification.objects.filter(step__in=closed).mark_read(now)
    taken = {event.step_id for event in events if event.kind == "step-taken"}
    if taken:
        Notification.objects.filter(step__in=taken, kind="step-for-role").mark_read(now)
    given = {event.step_id for event in events if event.kind == "step-reassigned"}
    if given:
        Notification.objects.of_nobodys_steps().filter(step__in=given).settle(now)
    transaction.on_commit(partial(bus.publish, audience(events, now)))


class Batch:
    """What the rules look up, once for all events."""

    def __init__(self, events: Sequence[PublishedEvent], now: datetime) -> None:
        told = [event for event in events if event.kind in RULES]
        columns = ("id", "caption", "starter_id", "root_id")
        self.instances = ProcessInstance.objects.only(*columns).in_bulk({event.instance_id for event in told})
        steps = ProcessStep.objects.only("id", "name", "element_id")
        self.steps = steps.in_bulk({event.step_id for event in told if event.step_id})
        named = {event.data.get("assignee") for event in told} - {None}
        self.staying = active(Q(pk__in=named))
        self.substitutes = substitutes_by_person(named, now=now)
        self.listeners = listeners_of_roles({role for event in told if (role := event.data.get("role"))})
        acting = {key for event in told for key in (event.by_id, event.on_behalf_of_id) if key}
        self.people = User.objects.in_bulk(acting)

    @cached_property
    def administrators(self) -> set[int]:
        """Who looks after what nobody else can."""
        return process_administrators()

    def performers(self, event: PublishedEvent) -> set[int]:
        """The person whom the event names as performer, and who stands in for him; but not who has just acted."""
        assignee = event.data.get("assignee")
        people = {assignee} if assignee is not None else set()
        return people.union(*(self.substitutes.get(user, set()) for user in people)) - {event.by_id}

    def for_performers(self, kind: str, event: PublishedEvent) -> list[Notification]:
        """News of a task: for the person it is given to, or for those of the role who want to hear of each."""
        role = event.data.get("role")
        if event.data.get("assignee") is None and role is not None:
            return self.entries("step-for-role", self.listeners[role] - {event.by_id}, event)
        return self.entries(kind, self.performers(event), event)

    def entries(self, kind: str, users: Iterable[int | None], event: PublishedEvent) -> list[Notification]:
        """One entry per user."""
        instance = self.instances.get(event.instance_id)
        if instance is None:
            return []
        data = {
            "process": instance.caption,
            "by": str(self.people.get(event.by_id or 0, "")),
            "on_behalf_of": str(self.people.get(event.on_behalf_of_id or 0, "")),
            "name": str(self.steps.get(event.step_id or 0, "")),
            "reason": event.data.get("reason", ""),
            "error": event.data.get("error", ""),
        }
        url = step_url(event.step_id) if event.step_id is not None and kind in ABOUT_A_TASK else ""
        return [
            Notification(
                user_id=user,
                kind=kind,
                event_id=event.id,
                instance_id=event.instance_id,
                step_id=event.step_id,
                data={name: value for name, value in data.items() if value},
                url=url,
                created_at=event.at,
            )
            for user in set(users)
            if user is not None
        ]


def _opened(event: PublishedEvent, batch: Batch) -> list[Notification]:
    """A human step: its performer is told, or the administrators where it has none, or one who has left."""
    if "assignee" not in event.data:
        return []
    assignee = event.data["assignee"]
    has_nobody = event.data["role"] is None if assignee is None else assignee not in batch.staying
    if has_nobody:
        return batch.entries("step-unassigned", batch.administrators, event)
    return batch.for_performers("step-assigned", event)


def _handed(event: PublishedEvent, batch: Batch) -> list[Notification]:
    return batch.for_performers("step-reassigned", event)


def _failed(event: PublishedEvent, batch: Batch) -> list[Notification]:
    """The starter waits for it, the administrators can repair it."""
    instance = batch.instances.get(event.instance_id)
    starter = {instance.starter_id} if instance else set()
    return batch.entries("step-failed", starter | batch.administrators, event)


def _ended(event: PublishedEvent, batch: Batch) -> list[Notification]:
    """The starter of a root instance; what a called process does is no news of its own."""
    instance = batch.instances.get(event.instance_id)
    if instance is None or instance.root_id is not None:
        return []
    return batch.entries(event.kind, {instance.starter_id} - {event.by_id}, event)


Rule = Callable[[PublishedEvent, Batch], list[Notification]]
RULES: dict[str, Rule] = {
    "step-opened": _opened,
    "step-reassigned": _handed,
    "step-failed": _failed,
    "instance-completed": _ended,
    "instance-cancelled": _ended,
}

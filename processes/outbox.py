"""The outbox: events of committed turns, published by the worker at least once to idempotent handlers."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from processes.models import ProcessEvent

logger = logging.getLogger(__name__)

PUBLISH = "processes.publish_events"
#: After a failed attempt to wake the worker nobody waits for the broker again for that long (seconds).
QUIET_AFTER_FAILURE = 10.0
BATCH = 500
#: An event whose handler fails waits as long again as it has waited already, within these bounds.
SOONEST, LATEST = timedelta(seconds=5), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """An event as handlers get it; `data` of a human step has `assignee` and `role` (ids or None)."""

    id: int
    kind: str
    instance_id: int
    step_id: int | None
    by_id: int | None
    at: datetime
    data: dict[str, Any]
    on_behalf_of_id: int | None = None


Handler = Callable[[Sequence[PublishedEvent], datetime], None]
_handlers: list[Handler] = []
_quiet_until = 0.0


def register(handler: Handler) -> None:
    """Call `handler` with every event, in order, at least once; it must be idempotent."""
    _handlers.append(handler)


def wake() -> None:
    """Tell the worker that there are events, once the transaction is through; lost calls are swept up later."""
    transaction.on_commit(_send)


def _send() -> None:
    global _quiet_until  # noqa: PLW0603 - one per process: the health of the broker as this process sees it
    if time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task(PUBLISH, ignore_result=True, retry=False, expires=60)
    except (OperationalError, OSError) as error:
        _quiet_until = time.monotonic() + QUIET_AFTER_FAILURE
        logger.warning("The broker does not answer; the sweep will publish the events: %s", error)


def publish(*, now: datetime) -> int:
    """Publish a batch of unpublished events, put off those that fail; returns how many it has looked at.

    Two workers never hold the same event (`skip_locked`). If one is killed between the handlers and the commit,
    the events are published again: that is what "at least once" means.
    """
    with transaction.atomic():
        waiting = ProcessEvent.objects.to_publish(now).select_for_update(skip_locked=True)
        events = [
            PublishedEvent(e.pk, e.kind, e.instance_id, e.step_id, e.by_id, e.at, e.data, e.on_behalf_of_id)
            for e in waiting.defer("command").order_by("id")[:BATCH]
        ]
        done = {event.id for event in _handle(events, now)} if events else set()
        ProcessEvent.objects.filter(pk__in=done).update(published_at=now)
        for event in events:
            if event.id not in done:
                wait = min(max(now - event.at, SOONEST), LATEST)
                ProcessEvent.objects.filter(pk=event.id).update(retry_at=now + wait)
    return len(events)


def _handle(events: Sequence[PublishedEvent], now: datetime) -> Sequence[PublishedEvent]:
    """Hand over the whole batch; if that fails, one by one, so that one bad event does not stop the others."""
    try:
        _call_handlers(events, now)
        return events
    except Exception:
        logger.exception("A batch of %d events could not be published; trying them one by one", len(events))
    done = []
    for event in events:
        try:
            _call_handlers([event], now)
            done.append(event)
        except Exception:
            logger.exception(
                "Event %d (%s) could not be published; it will be tried again", event.id, event.kind
            )
    return done


def _call_handlers(events: Sequence[PublishedEvent], now: datetime) -> None:
    with transaction.atomic():
        for handler in _handlers:
            handler(events, now)

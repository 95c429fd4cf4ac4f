"""The only writer of notifications: each comes to its reader by the ways that he has chosen."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bpm_portal.accounts.models import User
from notifications.models import DeliveryTimes, Letter, Mail, Notification
from notifications.quiet import quiet_end
from notifications.sorts import OF_STEP, sort_of, ways_of
from processes.models import ProcessStep
from processes.services.steps import step_url


def tell(entries: Iterable[Notification], *, now: datetime) -> list[Notification]:
    """Write these entries, with what a browser and an e-mail need; returns those written.

    Call it in the transaction of what they tell. Entries of an event that were written before are left out, and so
    is what its reader wants to hear by no way; who has left hears nothing.
    """
    wanted = _not_yet_told(list(entries))
    if not wanted:
        return []
    staying = User.objects.filter(is_active=True).select_related("delivery_times")
    readers = staying.in_bulk({entry.user_id for entry in wanted})
    ways = ways_of(readers)
    _sort(wanted)
    told, letters = [], []
    for entry in wanted:
        reader = readers.get(entry.user_id)
        chosen = ways[entry.user_id][entry.sort] if reader else None
        if reader is None or chosen is None or not chosen.any:
            continue
        at = _not_before(reader, now)
        entry.is_hidden = not chosen.bell
        entry.pop_at = at if chosen.browser else None
        told.append(entry)
        if chosen.mail == Mail.AT_ONCE and reader.email:
            letters.append(Letter(user=reader, notification=entry, made_at=now, send_at=at))
    Notification.objects.bulk_create(told)
    Letter.objects.bulk_create(letters)
    return told


def about_step(step: ProcessStep, kind: str, *, user_id: int, now: datetime) -> Notification:
    """An entry about a step (with its instance at hand) that no event has brought."""
    return Notification(
        user_id=user_id,
        kind=kind,
        instance_id=step.instance_id,
        step=step,
        data={"name": str(step), "process": step.instance_caption},
        url=step_url(step.pk),
        created_at=now,
    )


def _not_yet_told(entries: Sequence[Notification]) -> list[Notification]:
    """Without those of events that came before: whoever publishes an event holds it, so nobody else writes them."""
    events = {entry.event_id for entry in entries if entry.event_id is not None}
    known: set[tuple[int, int | None]] = set()
    if events:
        known |= set(Notification.objects.filter(event__in=events).values_list("user_id", "event_id"))
    fresh = []
    for entry in entries:
        key = (entry.user_id, entry.event_id)
        if entry.event_id is None or key not in known:
            fresh.append(entry)
            known.add(key)
    return fresh


def _sort(entries: Sequence[Notification]) -> None:
    steps = {entry.step_id for entry in entries if entry.kind in OF_STEP and entry.step_id is not None}
    kinds: Mapping[int, str] = {}
    if steps:
        kinds = dict(ProcessStep.objects.filter(pk__in=steps).values_list("pk", "kind"))
    for entry in entries:
        entry.sort = sort_of(entry.kind, kinds.get(entry.step_id or 0, ""))


def _not_before(reader: User, now: datetime) -> datetime:
    """Now, or the end of the reader's quiet hours."""
    times: DeliveryTimes | None = getattr(reader, "delivery_times", None)
    return quiet_end(times, now, ZoneInfo(reader.time_zone))

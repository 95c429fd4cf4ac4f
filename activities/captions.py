"""Copies of a record's caption follow when it changes: noted with the change, carried by the worker.

Nothing but the note is written inside the transaction of the record, whose row is locked then: who holds a copy
may be locked by a turn that waits for the record.
"""

import logging
from collections.abc import Callable

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from activities.models import Activity, CaptionChange
from records.lifecycle import Change
from records.models import Record

logger = logging.getLogger(__name__)

CARRY = "activities.carry_captions"
BATCH = 200
Carrier = Callable[[int], bool]
_carriers: list[Carrier] = []


def register(carrier: Carrier) -> None:
    """Call `carrier` with the id of a renamed record, outside any transaction; it may be called again.

    It returns whether every copy is up to date; where it is not, the next sweep calls it again.
    """
    _carriers.append(carrier)


def hear_of_record(change: Change) -> None:
    """Note a new caption and wake the worker once it is committed; a lost call is swept up."""
    if change.kind == "changed" and "caption" in change.changed:
        CaptionChange.objects.create(record_id=change.record.pk, at=change.now)
        transaction.on_commit(_wake)


def carry_captions() -> int:
    """Bring all copies up to date; returns how many changes are dealt with.

    Idempotent: the caption is read anew, so that neither the order of two renames matters nor whether two
    workers carry the same one. A rename in the meantime has a note of its own.
    """
    done = 0
    for change in CaptionChange.objects.order_by("id")[:BATCH]:
        carried = [carrier(change.record_id) for carrier in _carriers]  # one that is late stops no other
        if all(carried):
            change.delete()
            done += 1
    return done


def carry_to_activities(record_id: int) -> bool:
    """A carrier. Locked activities are passed by, as whoever locks them may wait for one that is locked here."""
    while True:
        with transaction.atomic():
            caption = Record.objects.filter(pk=record_id).values_list("caption", flat=True).first()
            if caption is None:
                return True
            stale = Activity.objects.filter(record=record_id).exclude(record_caption=caption)
            free = stale.select_for_update(skip_locked=True, of=("self",)).order_by("id")
            ids = list(free.values_list("pk", flat=True)[:BATCH])
            Activity.objects.filter(pk__in=ids).update(record_caption=caption)
        if not ids:
            return not stale.exists()


def _wake() -> None:
    try:
        current_app.send_task(CARRY, ignore_result=True, retry=False, expires=60)
    except (OperationalError, OSError) as error:
        logger.warning("The broker does not answer; captions are carried by the next sweep: %s", error)

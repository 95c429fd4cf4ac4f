"""E-mails on their way: claimed by one worker, sent outside any transaction, settled by whoever holds the claim.

A worker that is killed between the server's yes and its settling makes the letter go out again once the claim has run
out: more than that SMTP cannot promise, but every attempt carries the same Message-ID, by which mail systems drop
repetitions.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from notifications.models import Letter
from notifications.writing import write

logger = logging.getLogger(__name__)

#: Longer than the worker's time limit for a task, so that a claim never ends under a letter that is still being sent.
LEASE = timedelta(seconds=settings.SERVICE_LEASE)
#: How long each failed attempt is waited after; then it is given up.
PATIENCE = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]


def send_next_letter(*, now: datetime) -> bool:
    """Send the letter that has waited longest; False when there is none, or the mail server does not want it."""
    letter = _claim(now)
    if letter is None:
        return False
    try:
        message = write(letter, now=now)
        if message is not None:
            message.send()
    except Exception as error:  # of the server, of the network, of a template: all are tried again
        logger.warning("Letter %d could not be sent: %s", letter.pk, error)
        _put_off(letter, f"{type(error).__name__}: {error}", now)
        return False
    _settle(letter, Letter.Status.DROPPED if message is None else Letter.Status.SENT, now)
    return True


def send_again(*, letters: Collection[int], now: datetime) -> int:
    """Let given up letters wait once more; returns how many."""
    failed = Letter.objects.failed().filter(pk__in=letters)
    return int(failed.update(status=Letter.Status.WAITING, send_at=now, attempts=0, settled_at=None))


def _claim(now: datetime) -> Letter | None:
    with transaction.atomic():
        due = Letter.objects.to_send(now).order_by("send_at", "id")
        letter: Letter | None = due.select_for_update(skip_locked=True).first()
        if letter is not None:
            letter.claimed_until = now + LEASE
            letter.attempts += 1
            letter.save(update_fields=["claimed_until", "attempts"])
    return letter


def _settle(letter: Letter, status: Letter.Status, now: datetime, error: str = "") -> None:
    """A lost claim settles nothing: another worker has the letter."""
    held = Letter.objects.filter(
        pk=letter.pk, claimed_until=letter.claimed_until, status=Letter.Status.WAITING
    )
    held.update(status=status, settled_at=now, claimed_until=None, error=error[:500])


def _put_off(letter: Letter, error: str, now: datetime) -> None:
    if letter.attempts > len(PATIENCE):
        _settle(letter, Letter.Status.FAILED, now, error)
        return
    held = Letter.objects.filter(
        pk=letter.pk, claimed_until=letter.claimed_until, status=Letter.Status.WAITING
    )
    held.update(send_at=now + PATIENCE[letter.attempts - 1], claimed_until=None, error=error[:500])

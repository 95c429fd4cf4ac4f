"""E-mails on their way: claimed by one worker, sent outside any transaction, settled by whoever holds the claim.

A worker that is killed between the server's yes and its settling makes the letter go out again once the claim has run
out: more than that SMTP cannot promise, but every attempt carries the same Message-ID, by which mail systems drop
repetitions.
"""

import logging
import secrets
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from bpm_portal.common.typed import readable
from notifications.models import Letter
from notifications.writing import write

logger = logging.getLogger(__name__)

#: Longer than the worker's time limit for a task, so that a claim never ends under a letter that is still being sent.
LEASE = timedelta(seconds=settings.SERVICE_LEASE)
#: How long each failed attempt is waited after; then it is given up.
PATIENCE = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
#: In the cache: whose turn it is to send, or that the mail server is left alone for a while.
TURN, RESTS = "notifications.letters", "the mail server"
#: How long it is left alone after it has not answered.
REST = timedelta(minutes=1)
#: The server answers, and does not want this one letter.
OF_THE_LETTER = (SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused)


def send_letters(*, patience: float) -> None:
    """Send what waits as long as the mail server takes it, for so many seconds.

    One worker at a time, and none for a while after the server has not answered: each look at a dead one lasts until
    it times out, and one worker after the other would stand there instead of at its other work.
    """
    mine = secrets.token_hex()
    if not cache.add(TURN, mine, LEASE.total_seconds()):
        return
    until = time.monotonic() + patience
    try:
        while time.monotonic() < until and send_next_letter(now=timezone.now()):
            pass
    finally:
        if cache.get(TURN) == mine:
            cache.delete(TURN)


def send_next_letter(*, now: datetime) -> bool:
    """Send the letter that has waited longest; False when there is none, or the mail server does not answer."""
    letter = _claim(now)
    if letter is None:
        return False
    if letter.attempts > len(PATIENCE) + 1:  # no attempt has ever come to an end
        _settle(letter, Letter.Status.FAILED, now, letter.error or "The worker was killed at every attempt.")
        return True
    try:
        message = write(letter, now=now)
        if message is not None:
            message.send()
    except Exception as error:  # of the server, of the network, of a template: all are tried again
        logger.warning("Letter %d could not be sent: %s", letter.pk, error)
        _put_off(letter, readable(f"{type(error).__name__}: {error}"), now)
        is_away = isinstance(error, OSError) and not isinstance(error, OF_THE_LETTER)
        if is_away:
            cache.set(TURN, RESTS, REST.total_seconds())
        return not is_away
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

"""Addresses for outside the portal: with its name before them, and signed where they are as good as a password."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from notifications.models import Notification

_UNSUBSCRIBE = "notifications.unsubscribe"
_ANSWER = signing.Signer(salt="notifications.answer")


def absolute(path: str) -> str:
    """The address of a page as people reach it from an e-mail or a calendar."""
    return f"{settings.PORTAL_URL}{path}"


def path_of(notification: Notification) -> str:
    """The page of what a notification is about."""
    if notification.url or notification.instance_id is None:
        return notification.url or "/"
    return reverse("processes:instance", args=[notification.instance_id])


def unsubscribe_url(*, user_id: int, sort: str) -> str:
    """Where this person can stop e-mails about this sort of news; the daily e-mail has an empty sort."""
    token = signing.dumps([user_id, sort], salt=_UNSUBSCRIBE)
    return absolute(reverse("mail:unsubscribe", args=[token]))


def read_unsubscribe(token: str) -> tuple[int, str] | None:
    """Person and sort of such an address; None for one that the portal has not made."""
    try:
        user_id, sort = signing.loads(token, salt=_UNSUBSCRIBE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(user_id), str(sort)


def answer_url(key: str, **query: Any) -> str:
    """Where the holder of the link with this key answers; `result` chooses an answer beforehand."""
    address: str = reverse("mail:answer", args=[_ANSWER.sign(key)], query=query or None)
    return absolute(address)


def read_answer(token: str) -> str | None:
    """The key of such an address; None for one that the portal has not made."""
    try:
        return _ANSWER.unsign(token)
    except signing.BadSignature:
        return None

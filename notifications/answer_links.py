"""Links in e-mails by which one person answers one step, once."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bpm_portal.common.errors import Conflict, NotFound
from notifications.links import read_answer
from notifications.models import AnswerLink
from processes import kinds
from processes.models import ProcessStep
from processes.services import steps
from processes.services.steps import Completion

LIVES = timedelta(days=14)


class LinkUsed(Conflict):
    """You have answered by this link already."""

    code: ClassVar[str] = "link_used"
    sentence = _("You have already answered by this link; it works once.")


class LinkExpired(Conflict):
    """The link is too old."""

    code: ClassVar[str] = "link_expired"
    sentence = _("This link is too old to answer by it. The task itself still waits: open it in the portal.")


def offer_link(*, step: ProcessStep, user: Any, now: datetime) -> AnswerLink | None:
    """The link by which this person may answer the step from an e-mail; None where that needs the portal.

    An e-mail that is sent again, or a reminder, carries the same link, for another two weeks.
    """
    kind = kinds.all_kinds().get(step.kind)
    if kind is None or not kind.template or not kind.inline(step.settings):
        return None
    link, _is_new = AnswerLink.objects.get_or_create(
        step=step, user=user, defaults={"key": secrets.token_urlsafe(18), "expires_at": now + LIVES}
    )
    if link.used_at is not None:
        return None
    AnswerLink.objects.filter(pk=link.pk).update(expires_at=now + LIVES)
    return link


def find_link(*, token: str, by: Any) -> AnswerLink:
    """The link of an address. Raises NotFound for a wrong one and for everybody but the person it was sent to."""
    key = read_answer(token)
    related = (
        "step__instance__process",
        "step__instance__starter",
        "step__assignee",
        "step__role",
        "step__record",
    )
    found = AnswerLink.objects.select_related(*related, "step__closed_by", "step__closed_for")
    link: AnswerLink | None = found.filter(key=key, user=by).first() if key else None
    if link is None:
        raise NotFound
    return link


def answer_by_link(*, link: AnswerLink, data: Mapping[str, Any], by: Any, now: datetime) -> Completion:
    """Use the link up and finish its step with what its page has posted; both or neither.

    Of two that come at once the second waits for the row of the first and finds it used. The link is locked before
    the instance, here and nowhere the other way round. Raises LinkUsed, LinkExpired, and as `steps.submit_page`.
    """
    with transaction.atomic():
        check_usable(link, now)
        if not AnswerLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now).update(used_at=now):
            raise LinkUsed
        return steps.submit_page(step_id=link.step_id, data=data, by=by, now=now)


def check_usable(link: AnswerLink, now: datetime) -> None:
    """Raises LinkUsed, LinkExpired."""
    if link.used_at is not None:
        raise LinkUsed
    if link.expires_at <= now:
        raise LinkExpired

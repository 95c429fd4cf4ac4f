"""What stands in an e-mail: made when it is sent, in the reader's language and time zone, from what is true then."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from activities.models import Activity
from bpm_portal.accounts.models import User
from bpm_portal.common.moments import fully
from notifications.answer_links import offer_link
from notifications.digest import digest_of
from notifications.links import absolute, answer_url, path_of, unsubscribe_url
from notifications.models import Letter, Notification
from notifications.sorts import OF_STEP, SORTS
from notifications.wording import wording
from processes import kinds
from processes.models import ProcessStep

#: Kinds of notification that are void once their step is no longer the reader's to do.
ASKS_FOR_A_STEP = OF_STEP | {"reminder", "step-for-role"}
MOST_CHOICES = 5  # as buttons in an e-mail; more are on the page


def write(letter: Letter, *, now: datetime) -> EmailMultiAlternatives | None:
    """The e-mail as it goes out now; None when it is no longer needed."""
    user = User.objects.get(pk=letter.user_id)
    if not user.is_active or not user.email:
        return None
    with translation.override(user.language), timezone.override(ZoneInfo(user.time_zone)):
        if letter.notification_id is None:
            return _daily(letter, user, now)
        notification = Notification.objects.select_related("step__instance", "instance").get(
            pk=letter.notification_id
        )
        return _of_news(letter, notification, user, now) if _is_needed(notification, user) else None


def _is_needed(notification: Notification, user: User) -> bool:
    """It was not read meanwhile, and what it asks for is still asked for."""
    if notification.read_at is not None:
        return False
    if notification.step_id is not None and notification.kind in ASKS_FOR_A_STEP:
        return bool(ProcessStep.objects.for_performer(user).filter(pk=notification.step_id).exists())
    activity = notification.data.get("activity")
    return activity is None or Activity.objects.open().filter(pk=activity).exists()


def _of_news(letter: Letter, notification: Notification, user: User, now: datetime) -> EmailMultiAlternatives:
    step = notification.step if notification.kind in ASKS_FOR_A_STEP else None
    sentence = wording(notification.kind).text(notification.data)
    context = {
        "sentence": sentence,
        "facts": _facts(notification, step),
        "hint": (step.settings.get("hint") or "") if step else "",
        "link": absolute(path_of(notification)),
        "choices": _choices(step, user, now) if step else [],
        "sort": SORTS[notification.sort].label if notification.sort in SORTS else "",
    }
    return _message(letter, user, sentence, "news", context, sort=notification.sort)


def _daily(letter: Letter, user: User, now: datetime) -> EmailMultiAlternatives | None:
    assert letter.since is not None
    digest = digest_of(user, since=letter.since, now=now)
    if digest.is_empty:
        return None
    subject = _("Your day: %(overdue)d overdue, %(today)d due today, %(new)d new") % {
        "overdue": len(digest.overdue),
        "today": len(digest.today),
        "new": len(digest.new) + len(digest.news),
    }
    context = {"digest": digest, "link": absolute("/"), "sentence": subject}
    return _message(letter, user, subject, "digest", context, sort="")


def _facts(notification: Notification, step: ProcessStep | None) -> list[tuple[str, str]]:
    process = notification.data.get("process") or (step.instance_caption if step else "")
    record = step.record_caption if step else ""
    facts = [
        (_("Process"), process),
        (_("Record"), record if record not in process else ""),
        (_("Due"), fully(step.due_at) if step and step.due_at else ""),
    ]
    return [(label, text) for label, text in facts if text]


def _choices(step: ProcessStep, user: User, now: datetime) -> list[tuple[str, str, str]]:
    """Label, address and outcome of each answer that the e-mail offers; one to all of them where there are many."""
    link = offer_link(step=step, user=user, now=now)
    if link is None:
        return []
    offered = kinds.get(step.kind).choices(step.settings)
    if len(offered) > MOST_CHOICES:
        return [(_("Answer"), answer_url(link.key), "neutral")]
    return [(choice.label, answer_url(link.key, result=choice.code), choice.outcome) for choice in offered]


def _message(
    letter: Letter, user: User, subject: str, name: str, context: Mapping[str, Any], *, sort: str
) -> EmailMultiAlternatives:
    """Text and HTML of the same; mail programs offer to stop this sort, and no machine answers it."""
    stop = unsubscribe_url(user_id=user.pk, sort=sort)
    said = {
        **context,
        "portal": absolute("/"),
        "stop": stop,
        "preferences": absolute(reverse("mail:preferences")),
    }
    host = urlsplit(settings.PORTAL_URL).hostname
    message = EmailMultiAlternatives(
        " ".join(subject.split())[:200],
        render_to_string(f"notifications/mail/{name}.txt", said),
        to=[user.email],
        headers={
            # The same at every attempt; the moment makes it another one in a database that begins anew.
            "Message-ID": f"<news-{letter.pk}-{int(letter.made_at.timestamp())}@{host}>",
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    message.attach_alternative(render_to_string(f"notifications/mail/{name}.html", said), "text/html")
    return message

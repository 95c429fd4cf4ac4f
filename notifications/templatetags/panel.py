"""The bell for every page, and how kinds of steps and notifications look."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone

from bpm_portal.accounts.directory import knows_colleagues
from bpm_portal.accounts.substitution import absent_behind
from bpm_portal.common.errors import Invalid
from notifications.models import Notification
from notifications.reading import Bell, read_bell
from notifications.wording import wording
from processes import kinds
from processes.feed import COUNT_CAP, LATER, Card, FeedItem
from processes.kinds import Choice

register = template.Library()


@register.simple_tag(takes_context=True)
def bell_of_reader(context: dict[str, Any]) -> Bell:
    """The bell of the page's reader."""
    return read_bell(context["request"].user, timezone.now())


@register.filter
def capped(number: int) -> str:
    """A number of steps as people read it: nobody counts further than the bell."""
    return f"{COUNT_CAP - 1}+" if number >= COUNT_CAP else str(number)


@register.simple_tag(takes_context=True)
def performer_away(context: dict[str, Any], item: FeedItem) -> Any:
    """For whom the reader stands in with this step; None where it is his own."""
    return absent_behind(context["request"].user, item.assignee_id, item.role_id)


@register.filter
def card_id(card: Card, group: str) -> str:
    """The id of a card that stands for several steps; the same whichever of them is the most urgent."""
    performer = f"{card.assignee_id or ''}-{card.role_id or ''}"
    return f"card-{card.instance_id}-{card.element_id}-{performer}{'-later' if group == LATER else ''}"


@register.filter
def card_query(card: Card, group: str) -> str:
    """The query that asks for the steps of a card."""
    facts = {
        "instance": card.instance_id,
        "element": card.element_id,
        "assignee": card.assignee_id,
        "role": card.role_id,
        "later": "1" if group == LATER else None,
    }
    return urlencode({name: value for name, value in facts.items() if value is not None})


@register.filter
def kind_icon(item: FeedItem) -> str:
    """The icon of the step's kind; a plain one for a kind that this installation no longer has."""
    kind = kinds.all_kinds().get(item.kind)
    return kind.icon if kind else "checkbox"


@register.filter
def kind_label(item: FeedItem) -> str:
    """The name of the step's kind, as its icon says it."""
    kind = kinds.all_kinds().get(item.kind)
    return str(kind.label) if kind else item.kind


@register.filter
def inline_template(item: FeedItem) -> str:
    """The fragment that answers on the card; empty where the page is needed."""
    kind = kinds.all_kinds().get(item.kind)
    return kind.inline(item.settings) if kind else ""


@register.filter
def inline_choices(item: FeedItem) -> Sequence[Choice]:
    """The answers that the card offers."""
    try:
        return kinds.get(item.kind).choices(item.settings)
    except Invalid:
        return ()


@register.filter
def may_reassign(item: FeedItem, user: Any) -> bool:
    """Whether the performer may give the step to somebody whom he knows; the service has the last word."""
    kind = kinds.all_kinds().get(item.kind)
    return knows_colleagues(user) and (kind is None or kind.may_reassign(item.settings))


@register.filter
def reassign_label(item: FeedItem) -> str:
    """What the kind calls giving the step to somebody else."""
    kind = kinds.all_kinds().get(item.kind)
    return str(kind.reassign_label if kind else kinds.StepKind.reassign_label)


@register.filter
def words(notification: Notification) -> str:
    """The sentence of a notification, in the reader's language."""
    return wording(notification.kind).text(notification.data)


@register.filter
def target(notification: Notification) -> str:
    """The page that a notification is about."""
    if notification.url or notification.instance_id is None:
        return notification.url or reverse("home")
    return reverse("processes:instance", args=[notification.instance_id])


@register.filter
def news_icon(notification: Notification) -> str:
    """The icon of a notification."""
    return wording(notification.kind).icon

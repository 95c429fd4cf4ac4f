"""How categories, performers and results look."""

from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from activities.own_words import in_words
from activities.services.talking import MENTION

register = template.Library()

CATEGORY_ICONS = {"task": "checkbox", "call": "phone", "meeting": "users-group", "email": "mail"}
# Outcome -> (class of the button, tone of the label, icon); colour never stands alone.
OUTCOMES = {
    "success": ("btn-success", "state-good", "circle-check"),
    "neutral": ("", "", "circle-dot"),
    "failure": ("btn-danger", "state-bad", "circle-x"),
}


@register.simple_tag
def category_icon(activity: Any) -> SafeString:
    """Its icon, with the word for those who do not see it."""
    return format_html(
        '<i class="ti ti-{}" title="{}" aria-hidden="true"></i><span class="visually-hidden">{}</span>',
        CATEGORY_ICONS.get(activity.category, "checkbox"),
        activity.get_category_display(),
        activity.get_category_display(),
    )


@register.filter
def outcome_button(outcome: str) -> str:
    """The class of a button that gives a result of this outcome."""
    return OUTCOMES.get(outcome, OUTCOMES["neutral"])[0]


@register.filter
def outcome_icon(outcome: str) -> str:
    """The icon of this outcome."""
    return OUTCOMES.get(outcome, OUTCOMES["neutral"])[2]


@register.filter
def result_words(label: str) -> str:
    """The label of a result for the reader."""
    return in_words(label)


@register.simple_tag
def result_badge(activity: Any) -> SafeString:
    """The result in the colour and with the icon of its outcome; a dash where none was given."""
    if not activity.result:
        return SafeString("—")
    outcome = {offer["code"]: offer.get("outcome", "neutral") for offer in activity.allowed_results}
    _button, tone, icon = OUTCOMES.get(outcome.get(activity.result, "neutral"), OUTCOMES["neutral"])
    return format_html(
        '<span class="state {}"><i class="ti ti-{}" aria-hidden="true"></i>{}</span>',
        tone,
        icon,
        activity.result_label,
    )


@register.filter
def with_mentions(text: str) -> SafeString:
    """A comment with the @names in it marked; everything in it is escaped."""
    pieces, at = [], 0
    for found in MENTION.finditer(text):
        pieces += [escape(text[at : found.start()]), format_html('<span class="mention">{}</span>', found[0])]
        at = found.end()
    return SafeString("".join([*pieces, escape(text[at:])]))


@register.inclusion_tag("activities/_performer.html")
def performer(activity: Any) -> dict[str, Any]:
    """The owner, else the role of which anybody may take it, else the word that nobody is named."""
    return {"owner": activity.owner, "role": activity.role, "nobody": _("Nobody assigned")}

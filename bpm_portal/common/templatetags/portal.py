"""Filters and tags that every page may use: durations, dates, icons, statuses, people."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from bpm_portal.common import moments, statuses, walks

register = template.Library()


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A duration in the reader's words: its two largest units, as in `2 h 5 min`."""
    if value is None:
        return "—"
    seconds = round(value.total_seconds() if isinstance(value, timedelta) else float(value))
    days, rest = divmod(max(seconds, 0), 86400)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    parts = [
        (days, ngettext("%(n)d d", "%(n)d d", days)),
        (hours, ngettext("%(n)d h", "%(n)d h", hours)),
        (minutes, ngettext("%(n)d min", "%(n)d min", minutes)),
        (secs, ngettext("%(n)d s", "%(n)d s", secs)),
    ]
    first = next((i for i, (n, _text) in enumerate(parts) if n), len(parts) - 1)
    shown = [text % {"n": n} for n, text in parts[first : first + 2] if n or first == len(parts) - 1]
    return " ".join(shown)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon that only decorates: screen readers skip it."""
    return format_html('<i class="ti ti-{} {}" aria-hidden="true"></i>', name, css)


@register.filter
def lookup(mapping: dict[Any, Any], key: Any) -> Any:
    """`mapping[key]`, or nothing; Django's templates cannot say it."""
    return mapping.get(key) if mapping else None


@register.simple_tag(takes_context=True)
def chosen_theme(context: dict[str, Any]) -> str:
    """`light`, `dark` or `auto`: the user's choice, a guest's cookie, and on error pages (no request) `auto`."""
    request = context.get("request")
    choice = getattr(getattr(request, "user", None), "theme", "") or getattr(request, "COOKIES", {}).get(
        "theme"
    )
    return choice if choice in ("light", "dark") else "auto"


@register.simple_tag
def when(value: Any) -> SafeString:
    """A moment as people say it (`Today, 14:05`); the full date and zone stand in the tooltip."""
    return moments.time_element(value)


@register.simple_tag
def when_within(value: Any) -> SafeString:
    """The same within a line that has begun: `Boris Petrov, today, 14:05`."""
    return moments.time_element(value, words=moments.said_within)


@register.simple_tag
def due(value: Any) -> SafeString:
    """The due date of something that is still open: marked by icon, colour and word once it has passed."""
    return moments.due_element(value)


@register.simple_tag
def due_within(value: Any) -> SafeString:
    """The same within a line that has begun."""
    return moments.due_element(value, words=moments.said_within)


@register.simple_tag
def status_badge(status: Any, label: str = "") -> SafeString:
    """A status as label, colour and icon.

    Give an object with a `status` (its own words are shown), or a code and its label.
    """
    return statuses.badge(status, label)


@register.simple_tag
def person(user: Any, show: str = "name") -> SafeString:
    """A person: `name` shows the initials and the name, `avatar` the initials alone (the name is read out).

    A role gets its icon, nobody a dash. Without a template of its own: long lists show hundreds of people.
    """
    if not user:
        return moments.NOTHING
    if not getattr(user, "username", ""):
        return format_html('<span class="state role">{}{}</span>', icon("users"), user)
    name, is_avatar = str(user), show == "avatar"
    return format_html(
        '<span class="person"><span class="person-avatar person-tone-{}" aria-hidden="true"{}>{}</span>'
        '<span class="{}">{}</span></span>',
        tone(user),
        format_html(' title="{}"', name) if is_avatar else "",
        initials(name),
        "visually-hidden" if is_avatar else "person-name",
        name,
    )


@register.inclusion_tag("common/_walk.html", takes_context=True)
def walk(context: dict[str, Any]) -> dict[str, Any]:
    """Where one is on the walk through a list, if one is on one."""
    request = context.get("request")
    return {"place": walks.place_of(request) if request is not None else None}


@register.filter
def initials(user: Any) -> str:
    """Up to two letters that stand for a person."""
    words = str(user).replace(".", " ").replace("_", " ").split()
    letters = words[0][0] + words[-1][0] if len(words) > 1 else str(user)[:2]
    return letters.upper()


@register.filter
def tone(user: Any) -> int:
    """One of eight colours, always the same for a person."""
    return (getattr(user, "pk", None) or 0) % 8 + 1

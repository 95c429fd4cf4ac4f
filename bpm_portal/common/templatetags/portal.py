"""Filters and tags that every page may use: durations, due dates, icons."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

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

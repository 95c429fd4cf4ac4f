"""How statuses look: one tone and one icon each, so that no page invents its own."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# Code -> (tone, icon). The tones are in static/css/pieces.css; colour never stands alone.
LOOKS = {
    "pending": ("wait", "hourglass"),
    "not_started": ("calm", "circle-dashed"),
    "in_progress": ("active", "progress"),
    "running": ("active", "player-play"),
    "completed": ("good", "circle-check"),
    "cancelled": ("calm", "ban"),
    "failed": ("bad", "alert-triangle"),
    "skipped": ("calm", "player-skip-forward"),
    "overdue": ("bad", "alarm"),
    "enabled": ("good", "power"),
    "disabled": ("calm", "circle-off"),
    "approved": ("good", "thumb-up"),
    "rejected": ("bad", "thumb-down"),
    "unassigned": ("warn", "user-question"),
}
UNKNOWN = ("calm", "point")


def badge(status: Any, label: str = "") -> SafeString:
    """The badge of an object with `status` and `get_status_display()`, or of a code with its label."""
    if hasattr(status, "get_status_display"):
        code, label = status.status, label or status.get_status_display()
    else:
        code = str(status)
    if not label:
        label = {
            "overdue": _("Overdue"),
            "enabled": _("Enabled"),
            "disabled": _("Disabled"),
            "approved": _("Approved"),
            "rejected": _("Rejected"),
            "unassigned": _("Nobody assigned"),
        }.get(code, code.replace("_", " ").capitalize())
    tone, icon = LOOKS.get(code, UNKNOWN)
    return format_html(
        '<span class="state state-{}"><i class="ti ti-{}" aria-hidden="true"></i>{}</span>', tone, icon, label
    )

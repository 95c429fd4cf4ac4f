"""The sections in the main menu."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bpm_portal.common.navigation import Entry
from records.access import visible_types

ORDER = 20  # after the activities, before the processes


def section_entries(user: Any) -> list[Entry]:
    """One entry per section that this person may open and that is shown in the menu."""
    return [
        Entry(
            label=section.name_plural,
            url=reverse("records:list", args=[section.code]),
            icon=section.icon,
            order=ORDER,
            group=_("Sections"),
        )
        for section in visible_types(user)
        if section.in_menu
    ]

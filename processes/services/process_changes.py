"""What was done to processes themselves, in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from processes.engine_words import in_words
from processes.models import ProcessChange

Kind = ProcessChange.Kind


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """One line of the journal of a process."""

    change: ProcessChange
    icon: str
    text: str

    @property
    def who(self) -> str:
        """Whoever did it; empty for a command of the server."""
        return str(self.change.by or "")


def changes_in_words(changes: Sequence[ProcessChange]) -> list[ChangeEntry]:
    """Each as a sentence in the reader's language; they need `by` selected."""
    return [ChangeEntry(each, *WORDS[Kind(each.kind)](each.data)) for each in changes]


def _deployed(data: Mapping[str, Any]) -> tuple[str, str]:
    return "upload", _("Version %(number)s was deployed.") % data


def _enabled(data: Mapping[str, Any]) -> tuple[str, str]:
    return "circle-check", _("The process was enabled.")


def _disabled(data: Mapping[str, Any]) -> tuple[str, str]:
    if data["running"] == "finish":
        return "circle-off", _("The process was disabled; what was running goes on.")
    return "circle-off", _("The process was disabled and what was running cancelled: %(reason)s") % data


def _roles(data: Mapping[str, Any]) -> tuple[str, str]:
    names = {when: ", ".join(data[when]) or _("administrators only") for when in ("before", "after")}
    return "users", _("Who may start it: until then %(before)s, from then on %(after)s.") % names


def _start_failed(data: Mapping[str, Any]) -> tuple[str, str]:
    return "alert-triangle", _(
        "Version %(number)s: the condition of the start “%(name)s” cannot be evaluated, so it starts nothing:"
        " %(reason)s"
    ) % {**data, "reason": in_words(data["reason"])}


WORDS: Mapping[Kind, Callable[[Mapping[str, Any]], tuple[str, str]]] = {
    Kind.DEPLOYED: _deployed,
    Kind.ENABLED: _enabled,
    Kind.DISABLED: _disabled,
    Kind.ROLES: _roles,
    Kind.START_FAILED: _start_failed,
}

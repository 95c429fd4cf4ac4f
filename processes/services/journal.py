"""The journal in words: who did what, when, for the audit trail of an instance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpm_portal.accounts.models import User
from bpm_portal.accounts.substitution import in_the_name_of
from bpm_portal.common.moments import said
from processes import engine_words
from processes.models import ProcessEvent
from processes.store import WRITES

# Event kind -> (icon, sentence). A kind that is not here is shown by its name.
WORDS: Mapping[str, tuple[str, str | Promise]] = {
    "instance-started": ("player-play", gettext_lazy("The process has started.")),
    "instance-ended": ("flag", gettext_lazy("The last branch has reached its end.")),
    "instance-completed": ("circle-check", gettext_lazy("The process is completed.")),
    "instance-cancelled": ("ban", gettext_lazy("The process is cancelled: %(reason)s")),
    "step-opened": ("circle-dashed", gettext_lazy("“%(step)s” has begun.")),
    "step-completed": ("check", gettext_lazy("“%(step)s” is done.")),
    "step-kept": ("device-floppy", gettext_lazy("“%(step)s” was saved and is not done yet.")),
    "step-queued": ("send", gettext_lazy("“%(step)s” was answered; a worker carries it out.")),
    "step-cancelled": ("ban", gettext_lazy("“%(step)s” is cancelled.")),
    "step-failed": ("alert-triangle", gettext_lazy("“%(step)s” has failed: %(error)s")),
    "step-skipped": ("player-skip-forward", gettext_lazy("“%(step)s” is skipped.")),
    "step-retried": ("refresh", gettext_lazy("“%(step)s” is run again.")),
    "step-rerun": ("refresh", gettext_lazy("The failed “%(step)s” was asked to run again.")),
    "skip-reason": ("message", gettext_lazy("Why “%(step)s” was skipped: %(reason)s")),
    "timer-fired": ("clock", gettext_lazy("The time of “%(step)s” has come.")),
    "message-thrown": ("mail-forward", gettext_lazy("“%(step)s” has sent the message “%(topic)s”.")),
    "signal-thrown": ("broadcast", gettext_lazy("“%(step)s” has thrown the signal “%(topic)s”.")),
    "message-received": ("mail-opened", gettext_lazy("“%(step)s” has received the message “%(topic)s”.")),
    "signal-received": ("antenna", gettext_lazy("“%(step)s” has heard the signal “%(topic)s”.")),
    "error-uncaught": ("bug", gettext_lazy("Nothing catches the error “%(code)s” of “%(step)s”.")),
    "variables-written": ("variable", gettext_lazy("“%(step)s” has set: %(names)s.")),
    "variables-given": ("variable", gettext_lazy("Variables were set: %(names)s.")),
    "variables-set": ("variable", gettext_lazy("Variables were set by hand: %(names)s.")),
    "moved": ("point", gettext_lazy("The process has moved on.")),
    "step-taken": ("hand-grab", gettext_lazy("“%(step)s” was taken by %(performer)s.")),
    "step-given-back": ("arrow-back-up", gettext_lazy("“%(step)s” was given back to %(performer)s.")),
    "step-reassigned": ("user-share", gettext_lazy("“%(step)s” went from %(before)s to %(performer)s.")),
    "step-rescheduled": ("calendar-time", gettext_lazy("“%(step)s” was moved to %(until)s.")),
    "step-postponed": ("clock-pause", gettext_lazy("“%(step)s” was postponed to %(until)s.")),
}
#: What the journal can be narrowed to: code -> (label, kinds of events).
ACTIONS: Mapping[str, tuple[str | Promise, tuple[str, ...]]] = {
    "did": (gettext_lazy("Done by people"), ("step-completed", "step-kept", "step-queued")),
    "handed": (
        gettext_lazy("Taken, handed on, postponed"),
        ("step-taken", "step-given-back", "step-reassigned", "step-postponed", "step-rescheduled"),
    ),
    "intervened": (
        gettext_lazy("Interventions of administrators"),
        (
            "step-skipped",
            "skip-reason",
            "step-rerun",
            "step-reassigned",
            "variables-set",
            "instance-cancelled",
        ),
    ),
    "failed": (gettext_lazy("Failures"), ("step-failed", "error-uncaught", "step-retried")),
    "opened": (gettext_lazy("Beginnings"), ("instance-started", "step-opened")),
    "ended": (
        gettext_lazy("Endings"),
        ("instance-ended", "instance-completed", "instance-cancelled", "step-cancelled"),
    ),
    "variables": (gettext_lazy("Changes of variables"), (WRITES, "variables-set")),
    "heard": (
        gettext_lazy("Messages, signals and timers"),
        ("message-thrown", "signal-thrown", "message-received", "signal-received", "timer-fired"),
    ),
}
UNKNOWN_ICON = "point"
WITH_DETAILS = gettext_lazy("%(sentence)s “%(details)s”")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal."""

    event: ProcessEvent
    icon: str
    text: str

    @property
    def who(self) -> str:
        """Whoever did it, and in whose name; empty for the process itself."""
        return in_the_name_of(self.event.by, self.event.on_behalf_of)


def in_words(events: Iterable[ProcessEvent], *, now: datetime | None = None) -> list[Entry]:
    """Each event as a sentence in the reader's language; two queries for the names, whatever their number.

    The events need their step and users selected: step, by, on_behalf_of.
    """
    events = list(events)
    names = _Names.of(events)
    now = now or timezone.now()
    return [_entry(event, names, now) for event in events]


@dataclass(frozen=True, slots=True)
class _Names:
    """People and roles by id."""

    people: Mapping[int, str]
    roles: Mapping[int, str]

    @classmethod
    def of(cls, events: Iterable[ProcessEvent]) -> "_Names":
        people = {event.data.get(key) for event in events for key in ("assignee", "old_assignee")} - {None}
        roles = {event.data.get(key) for event in events for key in ("role", "old_role")} - {None}
        return cls(
            {user.pk: str(user) for user in User.objects.filter(pk__in=people)} if people else {},
            dict(Group.objects.filter(pk__in=roles).values_list("pk", "name")) if roles else {},
        )

    def performer(self, assignee: int | None, role: int | None) -> str:
        if assignee is not None:
            return self.people.get(assignee, _("somebody who has left"))
        if role is not None:
            return self.roles.get(role, _("a role that is gone"))
        return _("nobody")


def _entry(event: ProcessEvent, names: _Names, now: datetime) -> Entry:
    data: Mapping[str, Any] = event.data
    is_given = event.kind == WRITES and event.step is None
    icon, sentence = WORDS.get("variables-given" if is_given else event.kind, (UNKNOWN_ICON, ""))
    if not sentence:
        name = event.kind.replace("-", " ").capitalize()
        return Entry(event, icon, f"{name}: “{event.step}”" if event.step else name)
    until = parse_datetime(str(data.get("until", "")))
    words = {
        "step": event.step or data.get("name", ""),
        "error": engine_words.in_words(data.get("error") or (event.step.error if event.step else "")),
        "reason": data.get("reason", ""),
        "topic": data.get("name", ""),
        "code": data.get("code", ""),
        "names": data.get("names") or ", ".join(sorted([*data.get("values", ()), *data.get("cut", ())])),
        "performer": names.performer(data.get("assignee"), data.get("role")),
        "before": names.performer(data.get("old_assignee"), data.get("old_role")),
        "until": said(until, now=now) if until else "",
    }
    text = str(sentence) % words
    if data.get("details"):
        text = str(WITH_DETAILS) % {"sentence": text, "details": data["details"]}
    return Entry(event, icon, text)

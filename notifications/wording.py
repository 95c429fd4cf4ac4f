"""The words of notifications, made at display in the reader's language from their kind and data."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bpm_portal.accounts.substitution import in_the_name_of
from processes.engine_words import in_words


@dataclass(frozen=True, slots=True)
class Wording:
    """How one kind of notification looks: its icon and its sentence over the notification's data."""

    icon: str
    sentence: str | Promise

    def text(self, data: Mapping[str, Any]) -> str:
        """The sentence; what an old notification does not know stays empty."""
        said = defaultdict(str, data)
        said["by"] = in_the_name_of(said["by"], said["on_behalf_of"])
        said["error"] = in_words(said["error"])
        return str(self.sentence) % said


WORDINGS = {
    "step-assigned": Wording("user-check", _("A task for you: “%(name)s”.")),
    "step-reassigned": Wording("user-share", _("%(by)s has given you the task “%(name)s”.")),
    "step-for-role": Wording("users", _("A task for one of your roles: “%(name)s”.")),
    "step-unassigned": Wording("user-question", _("Nobody can do “%(name)s”. Give it to somebody.")),
    "step-failed": Wording("alert-triangle", _("“%(name)s” has failed: %(error)s")),
    "instance-completed": Wording("circle-check", _("The process you started is completed.")),
    "instance-cancelled": Wording("ban", _("%(by)s has cancelled the process you started: %(reason)s")),
    "activity-commented": Wording("message", _("%(by)s about “%(name)s”: %(text)s")),
    "activity-mentioned": Wording("at", _("%(by)s calls you in “%(name)s”: %(text)s")),
    "activity-invited": Wording("user-plus", _("You take part in “%(name)s” now, says %(by)s.")),
    "substitute-made": Wording("user-share", _("You stand in for %(name)s.")),
    "substitute-ended": Wording("user-check", _("You stand in for %(name)s no longer.")),
    "absent-made": Wording("user-share", _("%(name)s stands in for you, says %(by)s.")),
    "absent-ended": Wording("user-check", _("%(name)s stands in for you no longer.")),
    "reminder": Wording("alarm", _("Reminder: “%(name)s”.")),
}
UNKNOWN = Wording("bell", _("Something has changed."))


def wording(kind: str) -> Wording:
    """The wording of a kind; a plain one for kinds that a newer or older version has written."""
    return WORDINGS.get(kind, UNKNOWN)

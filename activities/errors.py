"""What can go wrong with an activity, each as a sentence with a way out."""

from datetime import datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpm_portal.common.errors import Conflict


class ActivityAlreadyClosed(Conflict):
    """Somebody has closed the activity; `detail` says who (`by`), when (`at`) and how (`status`)."""

    code = "activity_already_closed"

    def __init__(self, *, by: Any, at: datetime, status: str) -> None:
        super().__init__(by=str(by) if by else "", at=at.isoformat(), status=status)
        self.at = at

    @property
    def message(self) -> str:
        """The sentence, with the time in the reader's time zone."""
        who = self.detail["by"] or _("The process")
        when = formats.date_format(timezone.localtime(self.at), "DATETIME_FORMAT")
        if self.detail["status"] == "cancelled":
            text = _("%(who)s cancelled this activity on %(when)s. Nothing is left to do.")
        else:
            text = _("%(who)s completed this activity on %(when)s. Nothing is left to do.")
        return text % {"who": who, "when": when}


class CancelledByProcessOnly(Conflict):
    """An activity of a process is not cancelled by itself."""

    code = "managed_activity"
    sentence = gettext_lazy(
        "This activity belongs to a running process. Complete it, or have the process cancelled or this step "
        "skipped by a process administrator."
    )


class ChangedByProcessOnly(Conflict):
    """The fields of an activity of a process are set by the process."""

    code = "managed_activity"
    sentence = gettext_lazy(
        "This activity belongs to a process, which sets its fields. You can postpone or reassign it instead."
    )


class AlreadyTaken(Conflict):
    """Another member of the role was faster."""

    code = "already_taken"
    sentence = gettext_lazy("%(by)s has already taken this activity.")


class NobodyToGiveBackTo(Conflict):
    """There is no role behind the activity."""

    code = "no_role"
    sentence = gettext_lazy(
        "This activity came from no role, so it can't be given back. Reassign it instead."
    )

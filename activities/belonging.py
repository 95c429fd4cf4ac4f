"""What the page of an activity shows besides its work."""

from typing import Any

from django.conf import settings

from activities.access import may_act
from activities.forms_talk import ConnectionForm, FileForm, ParticipantForm, ReminderForm
from activities.models import Activity
from activities.services.sharing import reminder_field

MOST = 200  # comments


def belonging_to(activity: Activity, user: Any) -> dict[str, Any]:
    """Comments, participants and files, with the forms that this user may use; three statements."""
    act = not activity.is_final and may_act(activity, user)
    field = "" if activity.is_final else reminder_field(activity, user)
    latest = list(activity.comments.select_related("author").order_by("-id")[:MOST])
    return {
        "comments": latest[::-1],
        "participants": list(
            activity.participants.select_related("user").order_by("user__first_name", "user__username")
        ),
        "may_share": act,
        "participant_form": ParticipantForm(user=user, auto_id="participant_%s") if act else None,
        "connection_form": ConnectionForm(user=user, auto_id="connection_%s") if act else None,
        "reminder_form": ReminderForm(initial={"at": getattr(activity, field)}, auto_id="reminder_%s")
        if field
        else None,
        **files_of(activity),
    }


def files_of(activity: Activity) -> dict[str, Any]:
    """Its files, and the form that adds one while the activity is open; one statement."""
    return {
        "files": list(activity.attachments.select_related("added_by").order_by("id")),
        "file_form": FileForm(auto_id="attachment_%s") if not activity.is_final else None,
        "file_types": ",".join(f".{ending}" for ending in sorted(settings.ATTACHMENT_TYPES)),
    }

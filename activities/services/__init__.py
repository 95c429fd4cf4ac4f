"""The only writers of activities, behind one door."""

from activities.services.editing import change_activity, create_activity, delete_activity
from activities.services.files import attach_file, delete_attachment
from activities.services.handing import (
    give_back_activity,
    postpone_activity,
    reassign_activity,
    reschedule_activity,
    take_activity,
)
from activities.services.sharing import (
    add_participant,
    connect_record,
    disconnect_record,
    remove_participant,
    set_reminder,
)
from activities.services.talking import comment_activity, delete_comment
from activities.services.working import cancel_activity, complete_activity, start_activity

__all__ = [
    "add_participant",
    "attach_file",
    "cancel_activity",
    "change_activity",
    "comment_activity",
    "complete_activity",
    "connect_record",
    "create_activity",
    "delete_activity",
    "delete_attachment",
    "delete_comment",
    "disconnect_record",
    "give_back_activity",
    "postpone_activity",
    "reassign_activity",
    "remove_participant",
    "reschedule_activity",
    "set_reminder",
    "start_activity",
    "take_activity",
]

"""The only writers of activities, behind one door."""

from activities.services.editing import change_activity, create_activity
from activities.services.filters import choose_default, delete_filter, save_filter
from activities.services.handing import (
    give_back_activity,
    postpone_activity,
    reassign_activity,
    reschedule_activity,
    take_activity,
)
from activities.services.working import cancel_activity, complete_activity, start_activity

__all__ = [
    "cancel_activity",
    "change_activity",
    "choose_default",
    "complete_activity",
    "create_activity",
    "delete_filter",
    "give_back_activity",
    "postpone_activity",
    "reassign_activity",
    "reschedule_activity",
    "save_filter",
    "start_activity",
    "take_activity",
]

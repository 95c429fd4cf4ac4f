"""Activities, what belongs to them, and the filters that people keep."""

from activities.models.activity import Activity, ActivityConnection
from activities.models.captions import CaptionChange
from activities.models.filters import DefaultFilter, SavedFilter
from activities.models.talk import Attachment, Comment, Participant

__all__ = [
    "Activity",
    "ActivityConnection",
    "Attachment",
    "CaptionChange",
    "Comment",
    "DefaultFilter",
    "Participant",
    "SavedFilter",
]

"""Activities and what belongs to them."""

from activities.models.activity import Activity, ActivityConnection
from activities.models.captions import CaptionChange
from activities.models.talk import Attachment, Comment, Participant

__all__ = [
    "Activity",
    "ActivityConnection",
    "Attachment",
    "CaptionChange",
    "Comment",
    "Participant",
]

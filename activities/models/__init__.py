"""Activities, what they are connected to, and the filters that people keep."""

from activities.models.activity import Activity, ActivityConnection
from activities.models.filters import DefaultFilter, SavedFilter

__all__ = ["Activity", "ActivityConnection", "DefaultFilter", "SavedFilter"]

"""The only writers of records, of their imports and of kept filters."""

from records.services.filters import choose_default, delete_filter, save_filter
from records.services.saving import KEEP, change_record, create_record, delete_record
from records.values import record_values

__all__ = [
    "KEEP",
    "change_record",
    "choose_default",
    "create_record",
    "delete_filter",
    "delete_record",
    "record_values",
    "save_filter",
]

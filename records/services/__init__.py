"""The only writers of records, of their imports and of kept filters."""

from records.services.fields import bring_back_field, remove_field
from records.services.filters import choose_default, delete_filter, save_filter
from records.services.saving import KEEP, change_record, create_record, delete_record, refusals
from records.services.staying import stay_record
from records.values import record_values, values_before

__all__ = [
    "KEEP",
    "bring_back_field",
    "change_record",
    "choose_default",
    "create_record",
    "delete_filter",
    "delete_record",
    "record_values",
    "refusals",
    "remove_field",
    "save_filter",
    "stay_record",
    "values_before",
]

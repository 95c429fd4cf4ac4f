"""Sections with their typed fields, records with the history of their fields, imports, and kept filters."""

from records.models.filters import DefaultFilter, SavedFilter
from records.models.imports import RecordImport
from records.models.records import FieldChange, Record
from records.models.sections import RESERVED_CODES, RecordField, RecordType

__all__ = [
    "RESERVED_CODES",
    "DefaultFilter",
    "FieldChange",
    "Record",
    "RecordField",
    "RecordImport",
    "RecordType",
    "SavedFilter",
]

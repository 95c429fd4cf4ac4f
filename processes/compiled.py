"""Versions compiled once: immutable, so that every process may keep them by their id."""

from functools import lru_cache

from processes.engine import bpmn
from processes.engine.model import Definition
from processes.models import ProcessVersion


@lru_cache(maxsize=512)
def definition_of(version_id: int) -> Definition:
    """The compiled diagram of a stored version."""
    source, key = ProcessVersion.objects.values_list("source", "process__key").get(pk=version_id)
    reading = bpmn.read(bytes(source))
    return next(definition for definition in reading.definitions if definition.id == key)

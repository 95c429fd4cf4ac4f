"""Versions compiled once: immutable, so that every process may keep them by their id."""

from functools import lru_cache

from processes.engine import bpmn
from processes.engine.model import Definition
from processes.engine.reading.dmn import read_decisions
from processes.models import ProcessVersion, ProcessVersionFile


@lru_cache(maxsize=512)
def definition_of(version_id: int) -> Definition:
    """The compiled diagram of a stored version."""
    source, key = ProcessVersion.objects.values_list("source", "process__key").get(pk=version_id)
    files = ProcessVersionFile.objects.filter(version=version_id).values_list("name", "source")
    decisions = read_decisions({name: bytes(data) for name, data in files})
    reading = bpmn.read(bytes(source), decisions=decisions)
    return next(definition for definition in reading.definitions if definition.id == key)

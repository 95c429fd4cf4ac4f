"""Messages and signals from outside: they start processes whose diagrams begin with them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bpm_portal.common.errors import NotFound
from processes.compiled import definition_of
from processes.errors import ProcessDisabled
from processes.models import Process, ProcessInstance, ProcessVersion
from processes.services.instances import begin_instance

MESSAGE, SIGNAL = "message", "signal"
NOBODY_WAITS: Mapping[str, Promise] = {
    MESSAGE: _("No process waits for the message “%(name)s”."),
    SIGNAL: _("No process waits for the signal “%(name)s”."),
}


def send_message(
    *, name: str, variables: Mapping[str, Any], by: Any, now: datetime, record: Any = None
) -> list[ProcessInstance]:
    """Start every enabled process that begins with this message and that `by` may start.

    Raises NotFound when none begins with it, ProcessDisabled when all that do are disabled.
    """
    return _begin_all(MESSAGE, name, variables, by, now, record)


def throw_signal(
    *, name: str, variables: Mapping[str, Any], by: Any, now: datetime, record: Any = None
) -> list[ProcessInstance]:
    """The same for a signal."""
    return _begin_all(SIGNAL, name, variables, by, now, record)


def _begin_all(
    kind: str, name: str, variables: Mapping[str, Any], by: Any, now: datetime, record: Any
) -> list[ProcessInstance]:
    starts = starts_by(kind, name, by)
    if not starts:
        raise NotFound(NOBODY_WAITS[kind], name=name)
    enabled = [(process, element_id) for process, element_id in starts if process.enabled]
    if not enabled:
        raise ProcessDisabled(process=starts[0][0].name)
    return [
        begin_instance(
            process_id=process.pk, by=by, now=now, record=record, variables=variables, start_event=element_id
        )
        for process, element_id in enabled
    ]


def starts_by(kind: str, name: str, by: Any) -> list[tuple[Process, str]]:
    """Pairs of process and start event that begin with the message or signal of that name."""
    processes = Process.objects.startable_by(by)
    versions = ProcessVersion.objects.filter(is_current=True, process__in=processes.values("pk"))
    found = []
    for version in versions.select_related("process").defer("source"):
        for start in definition_of(version.pk).starts.get(None, ()):
            if start.event is not None and start.event.type == kind and start.event.name == name:
                found.append((version.process, start.id))
    return found

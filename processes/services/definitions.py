"""Deploy diagrams, enable and disable processes."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bpm_portal.common.errors import Forbidden, Invalid
from processes import kinds, service_calls
from processes.engine import bpmn, standard
from processes.engine.model import Definition
from processes.engine.problems import Problem
from processes.engine.validate import validate
from processes.errors import DeployRefused
from processes.models import Process, ProcessInstance, ProcessVersion
from processes.services.instances import cancel_instances, check_may_cancel
from processes.services.starts import arm_starts, postpone_missed
from records.models import RecordType


def check_file(source: bytes) -> tuple[list[Definition], list[Problem]]:
    """The processes of a file and all its problems, those of step kinds included."""
    reading = bpmn.read(source)
    problems = [*reading.problems, *standard.check(source)]
    known = kinds.all_kinds()
    for definition in reading.definitions:
        problems += validate(definition, kinds=known.keys(), services=service_calls.all_services().keys())
        for element in definition.elements.values():
            if element.type == "userTask" and element.kind in known:
                problems += known[element.kind].check_element(element)
    return reading.definitions, problems


def errors_of(problems: Sequence[Problem]) -> list[Problem]:
    """Those that refuse the file."""
    return [problem for problem in problems if problem.severity == "error"]


@transaction.atomic
def deploy_file(*, source: bytes, by: Any, now: datetime) -> list[ProcessVersion]:
    """Store every executable process of the file as a new current version; the same file again changes nothing.

    Raises DeployRefused with all problems at once, Forbidden.
    """
    if by is not None and not by.has_perm("processes.add_processversion"):
        raise Forbidden
    definitions, problems = check_file(source)
    if errors_of(problems):
        raise DeployRefused(problems)
    digest = hashlib.sha256(source).hexdigest()
    executable = [d for d in definitions if d.executable] or definitions
    return [_deploy(definition, source, digest, by, now) for definition in executable]


def _deploy(definition: Definition, source: bytes, digest: str, by: Any, now: datetime) -> ProcessVersion:
    process, is_new = Process.objects.select_for_update().get_or_create(
        key=definition.id, defaults={"name": (definition.name or definition.id)[:250], "created_at": now}
    )
    current: ProcessVersion | None = process.versions.filter(is_current=True).first()
    if current is not None and current.digest == digest:
        return current
    process.versions.filter(is_current=True).update(is_current=False)
    number = (process.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = ProcessVersion.objects.create(
        process=process, number=number, source=source, digest=digest, deployed_at=now, deployed_by=by
    )
    _take_over_header(process, definition, is_new)
    arm_starts(version=version, definition=definition, now=now)
    return version


def _take_over_header(process: Process, definition: Definition, is_new: bool) -> None:
    """Caption and section follow the diagram; roles only at first, since administrators change them later."""
    process.name = (definition.name or definition.id)[:250]
    section = definition.portal.get("section")
    if isinstance(section, str) and section:
        process.record_type = RecordType.objects.filter(code=section).first()
    process.save(update_fields=["name", "record_type"])
    roles = definition.portal.get("roles")
    if is_new and isinstance(roles, str):
        names = [name.strip() for name in roles.split(",") if name.strip()]
        process.roles.set(Group.objects.filter(name__in=names))


def check_may_disable(by: Any) -> None:
    """Raises Forbidden."""
    if not by.has_perm("processes.disable_process"):
        raise Forbidden


def enable_process(*, process: Process, by: Any, now: datetime) -> None:
    """Let it be started again; what its timers missed meanwhile is not made up for. Raises Forbidden."""
    check_may_disable(by)
    postpone_missed(process=process, now=now)
    Process.objects.filter(pk=process.pk).update(enabled=True)
    process.enabled = True


def disable_process(
    *, process: Process, running: str, by: Any, now: datetime, reason: str = ""
) -> list[tuple[int, str]]:
    """Refuse every start from now on; `running` says what becomes of running instances: "finish" or "cancel".

    Returns the result of each cancellation as `cancel_instances` does. Starts that are under way are waited for
    (they hold the row), so none slips through. Raises Invalid, Forbidden.
    """
    check_may_disable(by)
    policies = {"finish": _let_finish, "cancel": _cancel_all}
    if running not in policies:
        raise Invalid(running=_("Choose one of: %(known)s.") % {"known": ", ".join(policies)})
    if policies[running] is _cancel_all:
        check_may_cancel(by)  # before anything is changed
    Process.objects.filter(pk=process.pk).update(enabled=False)
    process.enabled = False
    return policies[running](process, by, now, reason)


def set_roles(*, process: Process, roles: Iterable[Group], by: Any, now: datetime) -> None:
    """Say which roles may start the process. Raises Forbidden."""
    if not by.has_perm("processes.change_process"):
        raise Forbidden
    process.roles.set(roles)


def live_root_ids(process: Process) -> list[int]:
    """Ids of the instances that a disable with "cancel" would cancel."""
    live = ProcessInstance.objects.live().filter(process=process, root=None)
    return list(live.order_by("id").values_list("pk", flat=True))


def _let_finish(process: Process, by: Any, now: datetime, reason: str) -> list[tuple[int, str]]:
    return []


def _cancel_all(process: Process, by: Any, now: datetime, reason: str) -> list[tuple[int, str]]:
    reason = reason.strip() or _("The process was disabled.")
    return cancel_instances(instance_ids=live_root_ids(process), reason=reason, by=by, now=now)

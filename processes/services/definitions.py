"""Deploy diagrams, enable and disable processes."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import PurePath
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from activities.models import Activity
from bpm_portal.common.errors import Forbidden, Invalid
from processes import kinds, service_calls
from processes.engine import bpmn, standard
from processes.engine.model import Definition, Element
from processes.engine.problems import Problem, problem
from processes.engine.reading.dmn import Decisions, is_dmn, read_decisions
from processes.engine.reading.xml import MAX_BYTES
from processes.engine.validate import validate
from processes.errors import DeployRefused
from processes.models import CancelJob, Process, ProcessChange, ProcessVersion, ProcessVersionFile
from processes.services.cancel_jobs import carry_out_first, start_cancel_job
from processes.services.instances import check_may_cancel
from processes.services.starts import arm_starts, postpone_missed
from records.models import RecordType

Kind = ProcessChange.Kind
#: Given at a time.
MAX_FILES = 50


@dataclass(frozen=True)
class File:
    """A BPMN or DMN file as it was given."""

    name: str
    source: bytes

    @cached_property
    def is_dmn(self) -> bool:
        """It holds decisions, no processes; the file is parsed for it."""
        return is_dmn(self.source)

    @property
    def short_name(self) -> str:
        """Without its folder."""
        return PurePath(self.name).name[:200]


def files_of(uploads: Sequence[Any]) -> list[File]:
    """Uploaded files; a single one needs no name, since all is about it. Reads no more than is accepted anyway."""
    is_alone = len(uploads) == 1
    return [File("" if is_alone else each.name, each.read(MAX_BYTES + 1)) for each in uploads]


@dataclass(frozen=True, slots=True)
class Checked:
    """A file with its processes (a file of decisions has none) and all its problems."""

    file: File
    definitions: Sequence[Definition]
    problems: Sequence[Problem]

    @property
    def errors(self) -> list[Problem]:
        """Those that refuse the file."""
        return [found for found in self.problems if found.severity == "error"]


def check_files(files: Sequence[File]) -> list[Checked]:
    """Each file as a deployment would see it beside the others, with the problems of step kinds. Raises Invalid."""
    decisions = _decisions_of(files)
    checked = []
    for file in files:
        if file.is_dmn:
            own = [found for found in decisions.problems if found.file in (file.name, "")]
            checked.append(Checked(file, [], own))
        else:
            definitions, problems = _check_diagram(file.source, decisions)
            checked.append(Checked(file, definitions, [replace(each, file=file.name) for each in problems]))
    return checked


def _decisions_of(files: Sequence[File]) -> Decisions:
    names = Counter(file.short_name for file in files)
    twice = next((name for name, number in names.items() if number > 1), None)
    if twice is not None:
        raise Invalid("%(file)s", file=_("Two files are called “%(name)s”.") % {"name": twice})
    return read_decisions({file.name: file.source for file in files if file.is_dmn})


def _check_diagram(source: bytes, decisions: Decisions) -> tuple[list[Definition], list[Problem]]:
    reading = bpmn.read(source, decisions=decisions)
    problems = [*reading.problems, *standard.check(source)]
    known = kinds.all_kinds()
    for definition in reading.definitions:
        problems += validate(definition, kinds=known.keys(), services=service_calls.all_services().keys())
        for element in definition.elements.values():
            if element.type == "userTask" and element.kind in known:
                problems += (*_check_category(element), *known[element.kind].check_element(element))
    return reading.definitions, problems


def _check_category(element: Element) -> Iterator[Problem]:
    category = element.portal.get("category")
    known = Activity.Category.values
    if isinstance(category, str) and category and category not in known:
        yield problem(
            "category_value", element=element.id, line=element.line, value=category, known=", ".join(known)
        )


def deploy_file(*, source: bytes, by: Any, now: datetime, name: str = "") -> list[ProcessVersion]:
    """Deploy one diagram that needs no file of decisions; raises as `deploy_files` does."""
    return deploy_files(files=[File(name, source)], by=by, now=now)


@transaction.atomic
def deploy_files(*, files: Sequence[File], by: Any, now: datetime) -> list[ProcessVersion]:
    """Store every executable process of the files as a new current version, with the DMN files that it decides by.

    The same files again change nothing. Raises DeployRefused with all problems at once, Invalid, Forbidden.
    """
    if by is not None and not by.has_perm("processes.add_processversion"):
        raise Forbidden
    checked = check_files(files)
    problems = [found for each in checked for found in each.problems]
    if all(file.is_dmn for file in files):
        problems.append(problem("decisions_alone"))
    if any(each.severity == "error" for each in problems):
        raise DeployRefused(problems)
    beside = {file.name: file for file in files}
    versions = []
    for each in checked:
        for definition in [d for d in each.definitions if d.executable] or each.definitions:
            needed = [beside[name] for name in sorted(definition.decision_files)]
            versions.append(_deploy(definition, each.file.source, needed, by, now))
    return versions


def _deploy(
    definition: Definition, source: bytes, decisions: Sequence[File], by: Any, now: datetime
) -> ProcessVersion:
    process, is_new = Process.objects.select_for_update().get_or_create(
        key=definition.id, defaults={"name": (definition.name or definition.id)[:250], "created_at": now}
    )
    digest = _digest(source, decisions)
    current: ProcessVersion | None = process.versions.filter(is_current=True).first()
    if current is not None and current.digest == digest:
        return current
    process.versions.filter(is_current=True).update(is_current=False)
    number = (process.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = ProcessVersion.objects.create(
        process=process, number=number, source=source, digest=digest, deployed_at=now, deployed_by=by
    )
    ProcessVersionFile.objects.bulk_create(
        ProcessVersionFile(version=version, name=file.short_name, source=file.source) for file in decisions
    )
    _take_over_header(process, definition, is_new)
    arm_starts(version=version, definition=definition, now=now)
    note_change(process, Kind.DEPLOYED, by, now, number=number)
    return version


def _digest(source: bytes, decisions: Sequence[File]) -> str:
    """Of the diagram, and of the files it decides by under their names."""
    digest = hashlib.sha256(source)
    for file in decisions:
        digest.update(b"\0" + file.short_name.encode() + b"\0" + file.source)
    return digest.hexdigest()


def _take_over_header(process: Process, definition: Definition, is_new: bool) -> None:
    """Caption and section follow the diagram; roles only at first, since administrators change them later."""
    process.name = (definition.name or definition.id)[:250]
    if definition.section:
        process.record_type = RecordType.objects.filter(code=definition.section).first()
    process.save(update_fields=["name", "record_type"])
    roles = definition.portal.get("roles")
    if is_new and isinstance(roles, str):
        names = [name.strip() for name in roles.split(",") if name.strip()]
        process.roles.set(Group.objects.filter(name__in=names))


def check_may_disable(by: Any) -> None:
    """Raises Forbidden."""
    if not by.has_perm("processes.disable_process"):
        raise Forbidden


@transaction.atomic
def enable_process(*, process: Process, by: Any, now: datetime) -> None:
    """Let it be started again; what its timers missed meanwhile is not made up for. Raises Forbidden."""
    check_may_disable(by)
    postpone_missed(process=process, now=now)
    if Process.objects.filter(pk=process.pk, enabled=False).update(enabled=True):
        note_change(process, Kind.ENABLED, by, now)
    process.enabled = True


def disable_process(
    *, process: Process, running: str, by: Any, now: datetime, reason: str = ""
) -> CancelJob | None:
    """Refuse every start from now on; `running` says what becomes of running instances: "finish" or "cancel".

    Returns the cancellation that a worker carries out, if there is anything to cancel. Starts that are under way are
    waited for (they hold the row), so none slips through. Raises Invalid, Forbidden.
    """
    check_may_disable(by)
    policies = {"finish": _let_finish, "cancel": _cancel_all}
    if running not in policies:
        raise Invalid(running=_("Choose one of: %(known)s.") % {"known": ", ".join(policies)})
    if policies[running] is _cancel_all:
        check_may_cancel(by)  # before anything is changed
        reason = reason.strip() or _("The process was disabled.")
    with transaction.atomic():
        Process.objects.filter(pk=process.pk).update(enabled=False)
        note_change(process, Kind.DISABLED, by, now, running=running, reason=reason)
        job = policies[running](process, by, now, reason)
    process.enabled = False
    if job is not None:
        carry_out_first(job)
    return job


def set_roles(*, process: Process, roles: Iterable[Group], by: Any, now: datetime) -> None:
    """Say which roles may start the process. Raises Forbidden."""
    if not by.has_perm("processes.change_process"):
        raise Forbidden
    roles = list(roles)
    before, after = (sorted(role.name for role in each) for each in (process.roles.all(), roles))
    with transaction.atomic():
        process.roles.set(roles)
        if before != after:
            note_change(process, Kind.ROLES, by, now, before=before, after=after)


def note_change(process: Process, kind: Kind, by: Any, now: datetime, **data: Any) -> None:
    """Write down what is done to the process, in the transaction that does it."""
    ProcessChange.objects.create(process=process, kind=kind, by=by, at=now, data=data)


def _let_finish(process: Process, by: Any, now: datetime, reason: str) -> None:
    return None


def _cancel_all(process: Process, by: Any, now: datetime, reason: str) -> CancelJob | None:
    running = process.instances.live().roots()
    if not running.exists():
        return None
    return start_cancel_job(instances=running, reason=reason, by=by, now=now)

"""A database as after years of work: fills it by COPY, for the benchmark and for the tests of volume."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection, models, transaction

from activities.models import Activity, ActivityConnection, Participant
from bpm_portal.accounts.models import User
from notifications.models import Notification
from processes.models import Process, ProcessEvent, ProcessInstance, ProcessStep
from processes.services.definitions import deploy_file
from records.models import Record, RecordField, RecordType

DIAGRAM = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:portal="urn:bpm-portal:bpmn:1" targetNamespace="urn:bpm-portal:volume">
 <process id="volume_{n}" name="{name}" isExecutable="true">
  <startEvent id="s"/><parallelGateway id="g"/><endEvent id="e"/>
  <userTask id="check" name="Check" portal:role="{role}"><extensionElements>
   <portal:result code="done" label="Done" outcome="success"/></extensionElements></userTask>
  <userTask id="sign" name="Sign" portal:kind="approval" portal:role="{role}"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="g"/><sequenceFlow id="f2" sourceRef="g" targetRef="check"/>
  <sequenceFlow id="f3" sourceRef="g" targetRef="sign"/><sequenceFlow id="f4" sourceRef="check" targetRef="e"/>
  <sequenceFlow id="f5" sourceRef="sign" targetRef="e"/>
 </process></definitions>"""
WORDS = ("Check", "Sign", "Order", "Invoice", "Delivery", "Claim", "Visit", "Offer", "Review", "Payment")
STATES = ("new", "offered", "signed", "lost")
TASK, APPROVAL = ("check", "perform-task", "activity"), ("sign", "approval", "record")
NEVER_TAKEN = 499  # of so many steps one has no performer: nobody is left in its role

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How much; an instance has two human steps, and a running one waits at both of them."""

    users: int = 200
    roles: int = 20
    records: int = 20_000  # half of them in the first section
    instances: int = 50_000  # every other one is running
    ad_hoc: int = 150_000  # activities without a process, final but for every fiftieth

    @property
    def pending(self) -> int:
        """Steps that wait for people."""
        return self.instances // 2 * 2

    @property
    def activities(self) -> int:
        """Those of people and those of processes."""
        return self.ad_hoc + self.instances


@dataclass(slots=True)
class Company:
    """Who and what there is; ids are counted from the first of each table, so that nothing is read back.

    The first of the activities is that of the first instance; those of people stand before it.
    """

    now: datetime
    size: Size
    people: list[User] = field(default_factory=list)
    roles: list[Group] = field(default_factory=list)
    empty_role: Group | None = None
    sections: list[RecordType] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)
    versions: dict[int, int] = field(default_factory=dict)  # of processes
    first: dict[type[models.Model], int] = field(default_factory=dict)

    def person(self, n: int, part: int) -> int:
        """Somebody, for a part in the thing with this number."""
        return int(self.people[pick(n, part, len(self.people))].pk)

    def record(self, n: int) -> tuple[int, str]:
        """Id and caption of the record of the thing with this number."""
        number = pick(n, 1, self.size.records)
        return self.first[Record] + number, record_caption(number)

    def process(self, n: int) -> Process:
        """What an instance runs."""
        return self.processes[pick(n, 2, len(self.processes))]

    def performer(self, n: int, *, is_done: bool) -> tuple[int | None, int]:
        """Person and role of a step: every other pending one is nobody's, and some are without hope."""
        if not is_done and n % NEVER_TAKEN == 0 and self.empty_role is not None:
            return None, self.empty_role.pk
        role = pick(n, 3, len(self.roles))
        members = range(role, len(self.people), len(self.roles))
        person = self.people[members[pick(n, 4, len(members))]].pk
        return (person if is_done or pick(n, 5, 2) else None), self.roles[role].pk


def pick(n: int, salt: int, among: int) -> int:
    """A number below `among` that looks like chance, the same each time (the last steps of MurmurHash3)."""
    mixed = (n * 0x9E3779B1 + salt * 0x85EBCA6B) & 0xFFFFFFFF
    mixed = (mixed ^ mixed >> 15) * 0xC2B2AE35 & 0xFFFFFFFF
    return (mixed ^ mixed >> 16) % among


def record_caption(n: int) -> str:
    """Of the record with this number."""
    return f"{WORDS[n % 10]} {n}"


@transaction.atomic
def fill(size: Size, *, now: datetime) -> Company:
    """The same rows for the same size; what was there stays."""
    company = Company(now, size)
    make_people(company)
    make_processes(company)
    for model, rows in TABLES:
        copy(company, model, rows)
    with connection.cursor() as cursor:
        for model in (User, Group, User.groups.through, *(model for model, _rows in TABLES)):
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
    return company


def make_people(company: Company) -> None:
    """People with two roles each, and sections for the roles; few rows, by the usual ways."""
    size = company.size
    company.roles = Group.objects.bulk_create([Group(name=f"Team {n:02}") for n in range(size.roles)])
    company.empty_role = Group.objects.create(name="Team that has left")
    company.people = User.objects.bulk_create(
        [User(username=f"person{n:03}", last_name=f"Person {n:03}") for n in range(size.users)]
    )
    User.groups.through.objects.bulk_create(
        User.groups.through(user=person, group=company.roles[(n + shift) % size.roles])
        for n, person in enumerate(company.people)
        for shift in (0, 1)
    )
    company.sections = RecordType.objects.bulk_create(
        [RecordType(code=f"volume_{n}", name_en=f"Kind {n}", name_plural_en=f"Kinds {n}") for n in range(5)]
    )
    for section in company.sections:
        RecordField.objects.bulk_create(
            [
                RecordField(record_type=section, code="subject", label_en="Subject", in_list=True),
                RecordField(record_type=section, code="amount", label_en="Amount", kind="number", in_list=True),
                RecordField(
                    record_type=section, code="state", label_en="State", kind="choice", in_list=True,
                    choices=[[state, state.capitalize()] for state in STATES],
                ),
            ]
        )  # fmt: skip
    for n, role in enumerate(company.roles):
        company.sections[n % len(company.sections)].roles.add(role)


def make_processes(company: Company) -> None:
    """One for each role, which may start it and does its steps."""
    for n, role in enumerate(company.roles):
        source = DIAGRAM.format(n=n, name=f"Volume {n}", role=role.name).encode()
        version = deploy_file(source=source, by=None, now=company.now)[0]
        version.process.roles.add(role)
        company.processes.append(version.process)
        company.versions[version.process.pk] = version.pk


def records(company: Company) -> Iterator[Row]:
    """Every other one in the first section."""
    sections = company.sections
    for n in range(company.size.records):
        yield {
            "record_type_id": sections[0 if n % 2 else n // 2 % len(sections)].pk,
            "caption": record_caption(n),
            "owner_id": company.person(n, 6),
            "data": {
                "subject": f"{WORDS[pick(n, 7, 10)]} of {n % 997}",
                "amount": str(pick(n, 8, 1_000_003) / 4),
                "state": STATES[pick(n, 9, len(STATES))],
            },
            "created_at": company.now - timedelta(days=400),
            "updated_at": company.now - timedelta(minutes=n),
        }


def span_of(company: Company, n: int) -> tuple[datetime, datetime | None]:
    """Start and end of an instance; every other one is running."""
    started = company.now - timedelta(minutes=10 * (company.size.instances - n))
    return started, None if n % 2 else min(started + timedelta(hours=1 + n % 90), company.now)


def caption_of(company: Company, n: int) -> str:
    """Of an instance."""
    return f"{company.process(n).name}: {company.record(n)[1]}"


def instances(company: Company) -> Iterator[Row]:
    """The oldest first."""
    for n in range(company.size.instances):
        process = company.process(n)
        record_id, caption = company.record(n)
        started, ended = span_of(company, n)
        yield {
            "process_id": process.pk,
            "version_id": company.versions[process.pk],
            "status": "completed" if ended else "running",
            "caption": caption_of(company, n),
            "record_id": record_id,
            "record_caption": caption,
            "starter_id": company.person(n, 10),
            "started_at": started,
            "ended_at": ended,
            "duration": ended - started if ended else None,
        }


def managed(company: Company) -> Iterator[Row]:
    """The activity of the task of each instance."""
    for n in range(company.size.instances):
        started, ended = span_of(company, n)
        owner, role = company.performer(2 * n, is_done=bool(ended))
        record_id, caption = company.record(n)
        yield {
            "title": f"Check {n}",
            "owner_id": owner,
            "role_id": role,
            "record_id": record_id,
            "record_caption": caption,
            "process_caption": caption_of(company, n),
            "managed_by": "processes",
            "starts_at": started,
            "due_at": started + timedelta(days=2),
            "created_at": started,
            "status": "completed" if ended else "not_started",
            "closed_at": ended,
            "closed_by_id": owner if ended else None,
            "result": "done" if ended else "",
        }


def ad_hoc(company: Company) -> Iterator[Row]:
    """Of people alone."""
    for n in range(company.size.ad_hoc):
        record_id, caption = company.record(-n)
        start = company.now - timedelta(minutes=company.size.ad_hoc - n)
        is_open = n % 50 == 0
        owner = company.person(n, 11)
        yield {
            "title": f"{WORDS[pick(n, 14, 10)]} {n}",
            "owner_id": owner,
            "author_id": company.person(n, 11 + n % 2),
            "record_id": record_id,
            "record_caption": caption,
            "starts_at": start,
            "due_at": start + timedelta(hours=1),
            "created_at": start,
            "status": "not_started" if is_open else "completed",
            "closed_at": None if is_open else start,
            "closed_by_id": None if is_open else owner,
        }


def connections(company: Company) -> Iterator[Row]:
    """A further record for every fourth activity."""
    for n in range(-company.size.ad_hoc, company.size.instances, 4):
        record_id, _caption = company.record(n + 1)
        yield {"activity_id": company.first[Activity] + n, "record_id": record_id}


def participants(company: Company) -> Iterator[Row]:
    """Somebody else takes part in every twentieth activity."""
    for n in range(-company.size.ad_hoc, company.size.instances, 20):
        yield {"activity_id": company.first[Activity] + n, "user_id": company.person(n, 13)}


def steps(company: Company) -> Iterator[Row]:
    """A task on an activity and an approval on the record, in every instance."""
    for n in range(company.size.instances):
        started, ended = span_of(company, n)
        record_id, caption = company.record(n)
        instance_caption = caption_of(company, n)
        for place, (element, kind, waits_on) in enumerate((TASK, APPROVAL)):
            assignee, role = company.performer(2 * n + place, is_done=bool(ended))
            yield {
                "instance_id": company.first[ProcessInstance] + n,
                "root_id": company.first[ProcessInstance] + n,
                "element_id": element,
                "element_type": "userTask",
                "name": element.capitalize(),
                "kind": kind,
                "waits_on": waits_on,
                "status": "completed" if ended else "pending",
                "activity_id": company.first[Activity] + n if waits_on == "activity" else None,
                "record_id": record_id if waits_on == "record" else None,
                "assignee_id": assignee,
                "role_id": role,
                "instance_caption": instance_caption,
                "record_caption": caption,
                "opened_at": started,
                "starts_at": started,
                "due_at": started + timedelta(days=2),
                "closed_at": ended,
                "closed_by_id": assignee if ended else None,
                "result": "done" if ended else None,
            }


def events(company: Company) -> Iterator[Row]:
    """The start of every instance, and each step that was done."""
    for n in range(company.size.instances):
        instance_id = company.first[ProcessInstance] + n
        started, ended = span_of(company, n)
        yield event(instance_id, "instance-started", started, by_id=company.person(n, 10))
        if ended:
            for place in (0, 1):
                step_id = company.first[ProcessStep] + 2 * n + place
                assignee, _role = company.performer(2 * n + place, is_done=True)
                yield event(instance_id, "step-completed", ended, step_id, by_id=assignee)


def event(instance_id: int, kind: str, at: datetime, step_id: int | None = None, **more: Any) -> Row:
    """A published one."""
    row = {"instance_id": instance_id, "step_id": step_id, "kind": kind, "at": at, "published_at": at}
    return row | more


def notifications(company: Company) -> Iterator[Row]:
    """The starter of each finished instance was told."""
    for n in range(0, company.size.instances, 2):
        yield {
            "user_id": company.person(n, 10),
            "kind": "instance-completed",
            "instance_id": company.first[ProcessInstance] + n,
            "data": {"process": caption_of(company, n)},
            "created_at": company.now,
            "read_at": company.now if n % 100 else None,
        }


TABLES: tuple[tuple[type[models.Model], Callable[[Company], Iterator[Row]]], ...] = (
    (Record, records),
    (ProcessInstance, instances),
    (Activity, ad_hoc),
    (Activity, managed),
    (ActivityConnection, connections),
    (Participant, participants),
    (ProcessStep, steps),
    (ProcessEvent, events),
    (Notification, notifications),
)


def copy(company: Company, model: type[models.Model], make: Callable[[Company], Iterator[Row]]) -> None:
    """Write rows by COPY, numbered from the next free id on; what no row names gets the default of the model."""
    table = model._meta.db_table
    sequence = f"pg_get_serial_sequence('\"{table}\"', 'id')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT nextval({sequence})")
        first = int(cursor.fetchone()[0])
        company.first[model] = first
        rows = enumerate(make(company), first)
        head = next(rows)
        others = [f for f in model._meta.concrete_fields if not f.primary_key and f.column not in head[1]]
        defaults = {f.column: f.get_default() for f in others if f.get_default() is not None}
        columns = [*head[1], *defaults]
        are_json = [isinstance(model._meta.get_field(column), models.JSONField) for column in columns]
        names = ", ".join(f'"{column}"' for column in ("id", *columns))
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as writer:
            for number, row in chain([head], rows):
                values = zip((*row.values(), *defaults.values()), are_json, strict=True)
                writer.write_row((number, *(_json(v) if is_json else v for v, is_json in values)))
        cursor.execute(f"SELECT setval({sequence}, %s)", [number])


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value)

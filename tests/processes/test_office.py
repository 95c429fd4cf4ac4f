"""After every move of an office at random work all surfaces say the same, and no work is lost from sight."""

from datetime import datetime
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings

from bpm_portal.accounts.models import Substitution, User
from bpm_portal.accounts.substitution import standing_of
from bpm_portal.common.actions import pending_counts, record_actions
from processes import feed
from processes.hooks import CONTINUE
from processes.models import ProcessStep
from records.models import Record
from tests.factories import RecordFactory, RecordTypeFactory, RoleFactory
from tests.processes.office import Move, Office, moves

ZONES = ("UTC", "Asia/Tokyo", "America/New_York", "Asia/Kolkata")
SETTINGS = {
    "deadline": None,
    "database": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


@pytest.fixture
def people(alice, bob, carol, mallory, role):
    """In four time zones; mallory belongs to no role and may still be asked to do something."""
    people = [alice, bob, mallory, carol]
    for person, zone in zip(people, ZONES, strict=True):
        person.time_zone = zone
        person.save()
    return people


@pytest.mark.django_db
@settings(max_examples=6, **SETTINGS)
@given(days=moves(max_size=14))
@example(
    days=[
        Move("start", 1, 0),
        Move("start", 0, 0),
        Move("complete"),
        Move("wait", hours=30),
        Move("postpone", 1),
    ]
)
@example(
    days=[
        Move("start", 1, 0),
        Move("start", 4, 0),
        Move("go_away", 1, 2, 30),
        Move("stand_in"),
        Move("leave_or_return"),
        Move("stand_in", 0, 1),
        Move("wait", hours=30),
    ]
)
@example(
    days=[Move("start", 3, 0, 14), Move("leave_or_return"), Move("disable", 1), Move("start"), Move("finish")]
)
def test_all_surfaces_agree_after_every_move(people, role, admin, deploy, days) -> None:
    with transaction.atomic():
        section = RecordTypeFactory()
        section.roles.add(role)
        records = [RecordFactory(record_type=section) for _ in range(3)]
        office = Office(deploy("everyday"), people, [role, RoleFactory(name="Nobody's")], records, admin)
        for move in days:
            office.make(move)
            rows = list(ProcessStep.objects.select_related("activity").order_by("id"))
            for person in (*people, admin):
                forget_roles(person)
                assert_feed_agrees(person, rows, office.now)
                assert_records_agree(person, rows, office.now)
            assert_nobody_is_forgotten(rows)
        for person in (*people, admin):
            assert_pages_agree(person, rows, office.now)
        transaction.set_rollback(True)


def forget_roles(person: User) -> None:
    """Roles are remembered for the length of a request."""
    person.__dict__.pop("_standing", None)


def stood_in_for(person: User, now: datetime) -> list[User]:
    """The person himself, and those for whom he stands in."""
    found = Substitution.objects.filter(substitute=person).select_related("absent")
    return [person, *(each.absent for each in found if each.since <= now < each.until)]


def mine(person: User, rows: list[ProcessStep], now: datetime) -> list[ProcessStep]:
    """Whose work it is, by the words of the product and not by a query."""
    people = stood_in_for(person, now)
    ids = {each.pk for each in people}
    roles = {group.pk for each in people for group in each.groups.all()}
    return [
        row
        for row in rows
        if row.status == "pending"
        and row.waits_on in ("activity", "record")
        and (row.assignee_id in ids or (row.assignee_id is None and row.role_id in roles))
    ]


def groups_of(person: User, rows: list[ProcessStep], now: datetime) -> dict[str, set[int]]:
    """Overdue, today and later, by the calendar of the person."""
    zone = ZoneInfo(person.time_zone)
    today = now.astimezone(zone).date()
    groups: dict[str, set[int]] = {"overdue": set(), "today": set(), "later": set()}
    for row in mine(person, rows, now):
        if row.starts_at.astimezone(zone).date() > today:
            name = "later"
        else:
            name = "overdue" if row.due_at is not None and row.due_at < now else "today"
        groups[name].add(row.pk)
    return groups


def assert_feed_agrees(person: User, rows: list[ProcessStep], now: datetime) -> None:
    """The number on the bell, the groups of the panel, and what the rows say."""
    who = {"standing": standing_of(person, now)}
    zone = ZoneInfo(person.time_zone)
    expected = groups_of(person, rows, now)
    shown = feed.read_feed(**who, now=now, tz=zone, future=True, limit=100)
    assert {name: {item.step_id for item in items} for name, items in shown.groups.items()} == expected
    count = len(expected["overdue"] | expected["today"])
    assert feed.count_work(**who, now=now, tz=zone) == count == shown.count


def connected(person: User, rows: list[ProcessStep], record: Record, now: datetime) -> set[int]:
    """Pending steps of this record that the person may see: performer, role, substitute, starter, administrator."""
    people = stood_in_for(person, now)
    ids = {each.pk for each in people}
    roles = {group.pk for each in people for group in each.groups.all()}
    found = set()
    for row in rows:
        if row.status != "pending" or row.waits_on not in ("activity", "record"):
            continue
        about = {row.record_id}
        if row.activity is not None:
            about |= {row.activity.record_id, *(c.record_id for c in row.activity.connections.all())}
        sees = (
            person.is_superuser
            or row.assignee_id in ids
            or row.role_id in roles
            or row.instance.starter_id == person.pk
        )
        if record.pk in about and sees:
            found.add(row.pk)
    return found


def assert_records_agree(person: User, rows: list[ProcessStep], now: datetime) -> None:
    """The number in the section's list and the entries of the Process menu."""
    records = list(Record.objects.all())
    counts = pending_counts(person, [record.pk for record in records], now)
    for record in records:
        expected = connected(person, rows, record, now)
        entries = [a for a in record_actions(person, record, now) if str(a.group) == str(CONTINUE)]
        assert {entry.url for entry in entries} == {reverse("processes:step", args=[key]) for key in expected}
        assert counts.get(record.pk, 0) == len(expected) == len(entries)


def assert_nobody_is_forgotten(rows: list[ProcessStep]) -> None:
    """Pending work has somebody who can do it, or the administrators have it in their queue."""
    can = {person.pk for person in User.objects.filter(is_active=True)}
    of_roles = {
        key
        for person in User.objects.filter(is_active=True)
        for key in person.groups.values_list("pk", flat=True)
    }
    lost = set()
    for row in rows:
        if row.status == "pending" and row.waits_on in ("activity", "record"):
            able = row.assignee_id in can if row.assignee_id is not None else row.role_id in of_roles
            if not able:
                lost.add(row.pk)
    assert set(ProcessStep.objects.unassigned().values_list("pk", flat=True)) == lost


def assert_pages_agree(person: User, rows: list[ProcessStep], now: datetime) -> None:
    """The same through the doors that people and programs use."""
    if not person.is_active:
        return
    door = Client()
    with mock.patch("django.utils.timezone.now", return_value=now):
        door.force_login(person)
        answer = door.get("/api/v1/feed/", {"future": "true", "limit": 200}).json()
        expected = groups_of(person, rows, now)
        assert {name: {item["step"] for item in answer["groups"][name]} for name in expected} == expected
        assert answer["count"] == len(expected["overdue"] | expected["today"])
        visible = list(Record.objects.visible_to(person))
        ids = ",".join(str(record.pk) for record in visible)
        counts = door.get("/api/v1/records/pending-counts/", {"ids": ids}).json()
        for record in visible:
            steps = connected(person, rows, record, now)
            assert counts[str(record.pk)] == len(steps)
            chooser = door.get(f"/continue/{record.pk}/")
            if len(steps) == 1:
                assert chooser.headers["Location"].startswith(f"/steps/{min(steps)}/")
            else:
                assert {entry["step"].pk for entry in chooser.context["entries"]} == steps
        for record in Record.objects.exclude(pk__in=[record.pk for record in visible]):
            assert door.get(f"/continue/{record.pk}/").status_code == 404

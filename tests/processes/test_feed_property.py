"""The number on the bell is the number of items, is the query: after any sequence of moves, for everybody."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import F, Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpm_portal.accounts.substitution import Standing
from processes import feed
from processes.models import ProcessStep
from tests.factories import NOW, ProcessInstanceFactory, RoleFactory
from tests.processes.service_moves import ServiceMoves
from tests.processes.work_moves import RowMoves, moves, play

ZONES = ["UTC", "Asia/Tokyo", "America/New_York", "Europe/Berlin", "Asia/Kolkata"]


DRAWN = {
    "moves": moves(),
    "zone": st.sampled_from(ZONES),
    "hours": st.integers(-30, 30),
    "limit": st.integers(1, 8),
}
LOOSE = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)


@pytest.mark.django_db
@settings(LOOSE, max_examples=30)
@given(**DRAWN)
def test_bell_panel_and_query_agree_after_any_moves(
    alice, bob, carol, role, moves, zone, hours, limit
) -> None:
    with transaction.atomic():
        people, roles = [alice, bob, carol], [role, RoleFactory(name="Nobody's")]
        driver = RowMoves(ProcessInstanceFactory())
        for move in moves:
            play(move, driver, people=people, roles=roles)
        for person in people:
            assert_surfaces_agree(person, NOW + timedelta(hours=hours), ZoneInfo(zone), limit)
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(LOOSE, max_examples=20)
@given(**DRAWN)
def test_they_agree_when_people_work_through_the_services(
    alice, bob, carol, admin, role, deploy, moves, zone, hours, limit
) -> None:
    with transaction.atomic():
        people, roles = [alice, bob, carol], [role, RoleFactory(name="Nobody's")]
        driver = ServiceMoves(deploy("one_task"), admin)
        for move in moves:
            play(move, driver, people=people, roles=roles)
        for person in people:
            assert_surfaces_agree(person, NOW + timedelta(hours=hours), ZoneInfo(zone), limit)
        transaction.set_rollback(True)


def assert_surfaces_agree(person, now, tz, limit) -> None:
    """Compare the count, the pages of the feed put together, and the query as the ORM says it."""
    roles = list(person.groups.values_list("id", flat=True))
    who = {"standing": Standing(person.pk, {person.pk: tuple(roles)})}
    midnight = (now.astimezone(tz) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = ProcessStep.objects.filter(
        Q(assignee=person) | Q(assignee=None, role__in=roles),
        status="pending",
        waits_on__in=["activity", "record"],
    )
    asked = set(mine.filter(starts_at__lt=midnight).values_list("pk", flat=True))
    later = set(mine.filter(starts_at__gte=midnight).values_list("pk", flat=True))
    overdue = set(mine.filter(starts_at__lt=midnight, due_at__lt=now).values_list("pk", flat=True))
    found: list[int] = []
    for name, items in feed.read_feed(**who, now=now, tz=tz, future=True).groups.items():
        for item in items:
            steps = list(siblings(mine, item, midnight, later=name == feed.LATER))
            opened = feed.read_card(
                **who, card=item.card, now=now, tz=tz, later=name == feed.LATER, limit=len(steps) + 1
            )
            assert [step.step_id for step in opened] == [step.pk for step in steps]
            assert (item.step_id, item.members) == (steps[0].pk, len(steps))
            assert (name == feed.OVERDUE) == bool(overdue & {step.pk for step in steps})
            assert (name == feed.LATER) == (steps[0].pk in later)
            found += [step.pk for step in steps]
    assert sorted(found) == sorted(asked | later)
    after, pages, in_pages, is_past = None, 0, 0, False
    while pages == 0 or after is not None:
        page = feed.read_feed(**who, now=now, tz=tz, future=True, limit=limit, after=after)
        assert page.count == len(asked)
        assert not (is_past and page.groups[feed.OVERDUE]), "all that is overdue comes before the rest"
        is_past = is_past or bool(page.groups[feed.TODAY] or page.groups[feed.LATER])
        in_pages += sum(item.members for item in page)
        after, pages = page.next, pages + 1
    assert in_pages == len(found)
    assert feed.count_work(**who, now=now, tz=tz) == len(asked)


def siblings(mine, item, midnight, *, later):
    """The steps that a card stands for, the most urgent first."""
    same = mine.filter(instance=item.instance_id, element_id=item.element_id, assignee=item.assignee_id)
    if item.assignee_id is None:
        same = same.filter(role=item.role_id)
    there = same.filter(starts_at__gte=midnight) if later else same.filter(starts_at__lt=midnight)
    return there.order_by(F("due_at").asc(nulls_last=True), "starts_at", "id")


@pytest.mark.django_db
def test_the_services_really_move_the_work(alice, bob, carol, admin, role, deploy) -> None:
    """Were every move refused, the property above would hold for nothing."""
    driver = ServiceMoves(deploy("one_task"), admin)
    driver.open(assignee=None, role=role, starts_at=NOW, due_at=NOW + timedelta(hours=1))
    step = ProcessStep.objects.pending().human().get()

    def performer() -> tuple:
        step.refresh_from_db()
        return step.assignee, step.role, step.starts_at, step.due_at, step.status

    due, later = NOW + timedelta(hours=1), NOW + timedelta(hours=5)
    assert performer() == (None, role, NOW, due, "pending")
    driver.take(step=step, by=alice)
    assert performer() == (None, role, NOW, due, "pending"), "she is not of the role"
    driver.take(step=step, by=bob)
    assert performer() == (bob, role, NOW, due, "pending")
    driver.give_back(step=step)
    assert performer() == (None, role, NOW, due, "pending")
    driver.reassign(step=step, assignee=carol, role=None)
    assert performer() == (carol, None, NOW, due, "pending")
    driver.postpone(step=step, until=later)
    assert performer()[:3] == (carol, None, later)
    driver.close(step=step, status="completed")
    assert performer()[-1] == "completed"
    driver.open(assignee=bob, role=None, starts_at=NOW, due_at=None)
    other = ProcessStep.objects.pending().human().get()
    driver.close(step=other, status="cancelled")
    other.refresh_from_db()
    assert other.status == "cancelled"

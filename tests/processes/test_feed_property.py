"""The number on the bell is the number of items, is the query: after any sequence of moves, for everybody."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processes import feed
from processes.models import ProcessStep
from tests.factories import NOW, ProcessInstanceFactory, RoleFactory
from tests.processes.work_moves import RowMoves, moves, play

ZONES = ["UTC", "Asia/Tokyo", "America/New_York", "Europe/Berlin", "Asia/Kolkata"]


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(moves=moves(), zone=st.sampled_from(ZONES), hours=st.integers(-30, 30), limit=st.integers(1, 8))
def test_bell_panel_and_query_agree_after_any_moves(
    alice, bob, carol, role, moves, zone, hours, limit
) -> None:
    with transaction.atomic():
        people, roles = [alice, bob, carol], [role, RoleFactory(name="Nobody's")]
        driver = RowMoves(ProcessInstanceFactory())
        for move in moves:
            play(move, driver, people=people, roles=roles)
        now, tz = NOW + timedelta(hours=hours), ZoneInfo(zone)
        for person in people:
            assert_surfaces_agree(person, now, tz, limit)
        transaction.set_rollback(True)


def assert_surfaces_agree(person, now, tz, limit) -> None:
    """Compare the count, the pages of the feed put together, and the query as the ORM says it."""
    who = {"user_id": person.pk, "role_ids": list(person.groups.values_list("id", flat=True))}
    midnight = (now.astimezone(tz) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = ProcessStep.objects.filter(
        Q(assignee=person) | Q(assignee=None, role__in=who["role_ids"]),
        status="pending",
        waits_on__in=["activity", "record"],
    )
    asked = set(mine.filter(starts_at__lt=midnight).values_list("pk", flat=True))
    overdue = set(mine.filter(starts_at__lt=midnight, due_at__lt=now).values_list("pk", flat=True))
    shown: dict[str, set[int]] = {name: set() for name in feed.GROUPS}
    after, pages = None, 0
    while pages == 0 or after is not None:
        page = feed.read_feed(**who, now=now, tz=tz, future=True, limit=limit, after=after)
        assert page.count == len(asked)
        for name, items in page.groups.items():
            new = {item.step_id for item in items}
            assert not new & shown[name]
            shown[name] |= new
        after, pages = page.next, pages + 1
    assert feed.count_work(**who, now=now, tz=tz) == len(asked)
    assert shown["overdue"] == overdue
    assert shown["overdue"] | shown["today"] == asked
    assert shown["later"] == set(mine.filter(starts_at__gte=midnight).values_list("pk", flat=True))

"""The feed: whose work it is, in which group it stands, what it costs."""

import itertools
import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bpm_portal.accounts.models import User
from bpm_portal.accounts.roles import role_ids
from bpm_portal.accounts.substitution import Standing, standing_of
from processes import feed, feed_sql
from processes.models import ProcessStep
from tests.factories import (
    NOW,
    ActivityFactory,
    HumanStepFactory,
    ProcessInstanceFactory,
    RecordFactory,
    RoleFactory,
)

UTC = ZoneInfo("UTC")
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def alone(user, role) -> Standing:
    return Standing(user.pk, {user.pk: (role.pk,)})


def read(user, now=NOW, tz=UTC, future=False, limit=50, after=None) -> feed.Feed:
    fresh = User.objects.get(pk=user.pk)
    return feed.read_feed(
        standing=standing_of(fresh), now=now, tz=tz, future=future, limit=limit, after=after
    )


def count(user, now=NOW, tz=UTC) -> int:
    fresh = User.objects.get(pk=user.pk)
    return feed.count_work(standing=standing_of(fresh), now=now, tz=tz)


def ids(items) -> list[int]:
    return [item.step_id for item in items]


def test_the_work_of_many_is_counted_in_one_statement(bob, carol, mallory, role, django_assert_num_queries):
    HumanStepFactory(assignee=bob)
    HumanStepFactory(role=role)
    people = {user.pk: (standing_of(user), UTC) for user in (bob, carol, mallory)}
    with django_assert_num_queries(1):
        assert feed.count_work_of(people, NOW) == {bob.pk: 2, carol.pk: 1, mallory.pk: 0}
    assert feed.count_work_of({}, NOW) == {}


def test_mine_and_my_roles_unclaimed_steps_are_there_and_nobody_elses(bob, carol, mallory, role) -> None:
    mine = HumanStepFactory(assignee=bob)
    open_to_role = HumanStepFactory(role=role)
    taken_by_carol = HumanStepFactory(role=role, assignee=carol)
    HumanStepFactory(role=RoleFactory())
    HumanStepFactory()
    assert set(ids(read(bob))) == {mine.pk, open_to_role.pk}
    assert set(ids(read(carol))) == {open_to_role.pk, taken_by_carol.pk}
    assert (count(bob), count(carol), count(mallory)) == (2, 2, 0)
    empty = read(mallory)
    assert (empty.count, list(empty), empty.next) == (0, [], None)


@pytest.mark.parametrize("status", ["completed", "cancelled", "failed", "skipped"])
def test_closed_steps_are_no_work(bob, status) -> None:
    HumanStepFactory(assignee=bob, status=status, closed_at=NOW)
    assert list(read(bob, future=True)) == []
    assert count(bob) == 0


def test_steps_that_wait_for_machines_are_no_work_of_people(bob) -> None:
    HumanStepFactory(assignee=bob, waits_on="timer", activity=None, due_at=NOW)
    HumanStepFactory(assignee=bob, waits_on="worker", activity=None)
    assert (list(read(bob)), count(bob)) == ([], 0)


def test_step_on_a_record_counts_like_one_on_an_activity(bob) -> None:
    record = RecordFactory()
    step = HumanStepFactory(
        assignee=bob, waits_on="record", activity=None, record=record, record_caption=record.caption
    )
    (item,) = read(bob)
    assert (item.step_id, item.record_id, item.record_caption) == (step.pk, record.pk, record.caption)
    assert item.activity_id is None


def test_item_names_all_that_a_card_shows(bob, role) -> None:
    record = RecordFactory(caption="Contract 7")
    step = HumanStepFactory(
        role=role,
        kind="user-question",
        name="Ask",
        activity=ActivityFactory(record=record),
        record_caption=record.caption,
        settings={"recommendation": "Ask the customer"},
        due_at=NOW + HOUR,
    )
    (item,) = read(bob)
    assert item == feed.FeedItem(
        step_id=step.pk,
        kind="user-question",
        element_id="check",
        name="Ask",
        text="Ask the customer",
        instance_id=step.instance_id,
        instance_caption=step.instance.caption,
        record_id=record.pk,
        record_caption="Contract 7",
        activity_id=step.activity_id,
        assignee_id=None,
        role_id=role.pk,
        role_name="Sales managers",
        starts_at=NOW,
        due_at=NOW + HOUR,
        settings={"recommendation": "Ask the customer"},
    )


def test_groups_are_overdue_today_and_only_when_asked_later(bob) -> None:
    overdue = HumanStepFactory(assignee=bob, starts_at=NOW - 3 * HOUR, due_at=NOW - HOUR)
    longer_overdue = HumanStepFactory(assignee=bob, starts_at=NOW - HOUR, due_at=NOW - 2 * HOUR)
    due_now = HumanStepFactory(assignee=bob, due_at=NOW)
    today = HumanStepFactory(assignee=bob, starts_at=NOW + HOUR)
    later = HumanStepFactory(assignee=bob, starts_at=NOW + 24 * HOUR)
    shown = read(bob)
    assert ids(shown.groups["overdue"]) == [longer_overdue.pk, overdue.pk]
    assert ids(shown.groups["today"]) == [due_now.pk, today.pk]
    assert shown.groups["later"] == []
    assert shown.count == count(bob) == 4
    everything = read(bob, future=True)
    assert ids(everything.groups["later"]) == [later.pk]
    assert everything.count == 4


def test_what_was_postponed_past_its_deadline_waits_until_its_new_day(bob) -> None:
    HumanStepFactory(assignee=bob, starts_at=NOW + 48 * HOUR, due_at=NOW - HOUR)
    assert (count(bob), list(read(bob))) == (0, [])
    assert len(read(bob, future=True).groups["later"]) == 1


@pytest.mark.parametrize(
    ("zone", "moment", "counted"),
    [
        ("Europe/Berlin", "2026-03-02T22:59:59+00:00", True),
        ("Europe/Berlin", "2026-03-02T23:00:00+00:00", False),
        ("America/New_York", "2026-03-03T04:59:59+00:00", True),
        ("America/New_York", "2026-03-03T05:00:00+00:00", False),
        ("Asia/Tokyo", "2026-03-02T14:59:59+00:00", True),
        ("Asia/Tokyo", "2026-03-02T15:00:00+00:00", False),
    ],
)
def test_today_ends_at_midnight_of_the_reader(bob, zone, moment, counted) -> None:
    HumanStepFactory(assignee=bob, starts_at=datetime.fromisoformat(moment))
    tz = ZoneInfo(zone)
    assert count(bob, tz=tz) == int(counted)
    groups = read(bob, tz=tz, future=True).groups
    assert (len(groups["today"]), len(groups["later"])) == (int(counted), int(not counted))


def test_the_day_of_a_clock_change_has_its_23_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    begin = datetime(2026, 3, 29, 0, 0, tzinfo=berlin)
    assert feed.end_of_today(begin, berlin).astimezone(UTC) - begin.astimezone(UTC) == 23 * HOUR


def test_one_second_after_midnight_the_future_has_become_today(bob) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    HumanStepFactory(assignee=bob, starts_at=datetime(2026, 3, 3, 9, 0, tzinfo=berlin))
    assert count(bob, now=datetime(2026, 3, 2, 23, 59, 59, tzinfo=berlin), tz=berlin) == 0
    assert count(bob, now=datetime(2026, 3, 3, 0, 0, 1, tzinfo=berlin), tz=berlin) == 1


def test_pages_follow_each_other_without_gap_or_double(bob, role) -> None:
    instance = ProcessInstanceFactory()
    starts = [NOW - n * HOUR for n in (3, 1, 1, 2, 1, 5, 0)]
    steps = [
        HumanStepFactory(
            instance=instance,
            element_id=f"check{n}",
            starts_at=at,
            **({"assignee": bob} if n % 2 else {"role": role}),
        )
        for n, at in enumerate(starts)
    ]
    found, after = [], None
    while True:
        page = read(bob, limit=2, after=after)
        assert page.count == len(steps)
        found += ids(page.groups["today"])
        after = page.next
        if after is None:
            break
    assert found == [step.pk for step in sorted(steps, key=lambda step: (step.starts_at, step.pk))]


def test_what_is_overdue_comes_first_however_much_has_begun_before_it(bob, role) -> None:
    for hours in range(5, 12):
        HumanStepFactory(assignee=bob, starts_at=NOW - hours * HOUR)
    least = HumanStepFactory(role=role, starts_at=NOW - 2 * HOUR, due_at=NOW - HOUR)
    most = HumanStepFactory(assignee=bob, starts_at=NOW - HOUR, due_at=NOW - 3 * HOUR)
    HumanStepFactory(assignee=bob, starts_at=NOW + 48 * HOUR, due_at=NOW - HOUR)  # postponed
    first = read(bob, future=True, limit=3)
    assert ids(first.groups["overdue"]) == [most.pk, least.pk]
    assert len(first.groups["today"]) == 1
    found, after = ids(first), first.next
    while after is not None:
        page = read(bob, future=True, limit=3, after=after)
        assert page.groups["overdue"] == []
        found, after = found + ids(page), page.next
    assert len(found) == len(set(found)) == 10


def test_the_count_stops_at_its_cap(bob, role) -> None:
    instance = ProcessInstanceFactory()
    activities = [ActivityFactory() for _ in range(feed.COUNT_CAP + 5)]
    ProcessStep.objects.bulk_create(
        HumanStepFactory.build(
            instance=instance, activity=activity, element_id=f"check{activity.pk}", **owner
        )
        for activity, owner in zip(
            activities, itertools.cycle([{"assignee": bob}, {"role": role}]), strict=False
        )
    )
    assert count(bob) == feed.COUNT_CAP
    shown = read(bob, limit=200)
    assert (shown.count, len(list(shown))) == (feed.COUNT_CAP, feed.COUNT_CAP + 5)


def test_feed_with_six_roles_takes_at_most_three_statements(bob) -> None:
    for _ in range(5):
        role = RoleFactory()
        bob.groups.add(role)
        HumanStepFactory(role=role)
    fresh = User.objects.get(pk=bob.pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        shown = feed.read_feed(standing=standing_of(fresh), now=NOW, tz=UTC, future=True)
    assert len(role_ids(fresh)) == 6
    assert len(list(shown)) == 5
    assert len(queries) == 2


def _feed_of(user, role) -> tuple[str, list]:
    tomorrow = feed.end_of_today(NOW, UTC)
    return feed._feed(
        alone(user, role), NOW, tomorrow, future=True, limit=50, after=None, filters=feed.Filters()
    )


def explain(sql: str, parameters: list, options: str = "FORMAT JSON") -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({options}) {sql}", parameters)
        (plan,) = cursor.fetchone()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    found, todo = [], [plan[0]["Plan"]]
    while todo:
        node = todo.pop()
        found.append(node)
        todo += node.get("Plans", [])
    return found


FILL = """
    INSERT INTO processes_processstep (
        status, assignee_id, role_id, closed_at,
        instance_id, element_id, element_type, name, flow_id, kind, waits_on, topic, instance_caption,
        record_caption, is_background, opened_at, starts_at, variables, settings, error, attempts, activity_id)
    SELECT %(status)s, %(user)s, %(role)s, %(closed)s,
        instance_id, element_id, element_type, name, flow_id, kind, waits_on, topic, instance_caption,
        record_caption, is_background, opened_at, starts_at, variables, settings, error, attempts, activity_id
      FROM processes_processstep, generate_series(1, %(times)s) WHERE id = %(like)s"""


def test_history_does_not_slow_the_feed_down(bob, role, carol) -> None:
    """20,000 finished rows of mine, pending ones of others and of another role: only my pending ones may be walked."""
    HumanStepFactory.create_batch(5, assignee=bob)
    like = HumanStepFactory.create_batch(5, role=role)[0].pk
    buyers = Group.objects.create(name="Purchasing")
    with connection.cursor() as cursor:
        mine = {"like": like, "user": bob.pk, "role": role.pk, "status": "completed", "closed": NOW}
        others = {"like": like, "user": carol.pk, "role": role.pk, "status": "pending", "closed": None}
        cursor.execute(FILL, {**mine, "times": 20_000})
        cursor.execute(FILL, {**others, "times": 5_000})
        cursor.execute(FILL, {**others, "user": None, "role": buyers.pk, "times": 5_000})
        cursor.execute("ANALYZE processes_processstep")
    tomorrow = feed.end_of_today(NOW, UTC)
    reading = _feed_of(bob, role)
    counting = feed_sql.counting(feed_sql.branches_of(alone(bob, role)), tomorrow, feed.Filters())
    for sql, parameters in (counting, reading):
        nodes = [
            node for node in explain(sql, parameters) if node.get("Relation Name") == "processes_processstep"
        ]
        used = {node["Index Name"] for node in nodes if "Index Name" in node}
        assert {"step_pending_assignee", "step_pending_role"} <= used
        if sql == reading[0]:
            assert {"step_overdue_assignee", "step_overdue_role"} <= used
        assert {node["Node Type"] for node in nodes} <= {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}
    assert count(bob) == 10


def test_ten_thousand_siblings_are_one_card_and_are_not_read(bob, role) -> None:
    """Rows that the plan really touches: a few probes and two capped counts, whatever the number of siblings."""
    like = HumanStepFactory(role=role, element_id="line", name="Check line")
    other = HumanStepFactory(role=role, starts_at=NOW + HOUR)
    with connection.cursor() as cursor:
        siblings = {"like": like.pk, "user": None, "role": role.pk, "status": "pending", "closed": None}
        cursor.execute(FILL, {**siblings, "times": 9_999})
        cursor.execute("ANALYZE processes_processstep")
    shown = read(bob)
    assert [(item.name, item.number) for item in shown] == [("Check line", "99+"), (other.name, "1")]
    assert (shown.count, shown.next) == (feed.COUNT_CAP, None)
    nodes = explain(*_feed_of(bob, role), options="ANALYZE, TIMING OFF, FORMAT JSON")
    touched = sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in nodes
        if node.get("Relation Name") == "processes_processstep"
    )
    assert 0 < touched < 3 * feed.COUNT_CAP


def test_siblings_are_one_card_per_performer_and_as_urgent_as_the_most_urgent(bob, role) -> None:
    instance = ProcessInstanceFactory()
    lines = {"instance": instance, "element_id": "line"}
    HumanStepFactory(role=role, **lines)
    urgent = HumanStepFactory(role=role, due_at=NOW - HOUR, **lines)
    HumanStepFactory(role=role, starts_at=NOW - HOUR, due_at=NOW - HOUR / 2, **lines)
    mine = HumanStepFactory(assignee=bob, role=role, **lines)
    later = HumanStepFactory(role=role, starts_at=NOW + 48 * HOUR, **lines)
    shown = read(bob, future=True)
    (overdue,), (own,), (future,) = (shown.groups[name] for name in feed.GROUPS)
    assert (overdue.members, own.members, future.members) == (3, 1, 1)
    assert (own.step_id, future.step_id) == (mine.pk, later.pk)
    assert urgent.pk == overdue.step_id, "what is due first, although another one has begun before"
    assert shown.count == 4


def test_cards_of_equal_start_are_neither_lost_nor_doubled_between_pages(bob, role) -> None:
    """A card of mine and one of my role may stand for the same element of the same instance."""
    lines = {"instance": ProcessInstanceFactory(), "element_id": "line"}
    steps = {HumanStepFactory(assignee=bob, **lines).pk, HumanStepFactory(role=role, **lines).pk}
    first = read(bob, limit=1)
    second = read(bob, limit=1, after=first.next)
    assert second.next is None
    assert sorted(ids(first) + ids(second)) == sorted(steps)


def test_filters_let_one_process_record_or_role_pass_and_say_how_many(bob, role) -> None:
    record = RecordFactory()
    own = HumanStepFactory(assignee=bob)
    about = HumanStepFactory(assignee=bob, activity=ActivityFactory(record=record))
    HumanStepFactory(assignee=bob)
    of_role = HumanStepFactory(role=role)
    HumanStepFactory(role=RoleFactory(), activity=ActivityFactory(record=record))
    fresh = User.objects.get(pk=bob.pk)

    def filtered(**chosen) -> tuple[list[int], int, int]:
        shown = feed.read_feed(
            standing=standing_of(fresh),
            now=NOW,
            tz=UTC,
            future=False,
            filters=feed.Filters(**chosen),
        )
        return ids(shown), shown.matching, shown.count

    assert filtered(process_id=own.instance.process_id) == ([own.pk], 1, 4)
    assert filtered(record_id=record.pk) == ([about.pk], 1, 4)
    assert filtered(role_id=role.pk) == ([of_role.pk], 1, 4)
    assert filtered(role_id=role.pk, record_id=record.pk) == ([], 0, 4)

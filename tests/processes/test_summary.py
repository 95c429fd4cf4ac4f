"""The daily summary: whatever finishes when, and whoever dies meanwhile, it says what the instances say."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processes.models import DailySummary, ProcessInstance, SummaryZone
from processes.services import statistics, statistics_sql, summary
from processes.services.durations import Durations, histogram_of
from processes.services.statistics import Question
from tests.factories import HumanStepFactory, ProcessFactory, ProcessInstanceFactory, ProcessVersionFactory

pytestmark = pytest.mark.django_db
LOOSE = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)
ZONES = ["UTC", "Asia/Tokyo", "America/New_York", "Asia/Kolkata"]
NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the clocks of Europe change the next night
ENDS = st.integers(-72 * 60, 72 * 60)  # minutes around it
ENDED = st.tuples(st.just("end"), ENDS, st.integers(0, 40 * 3600), st.integers(0, 2), st.booleans())
#: Something ends, the builder works, it is killed, somebody moves to another time zone.
MOVES = st.lists(
    st.one_of(
        ENDED,
        ENDED,
        ENDED,
        st.just(("build",)),
        st.just(("kill",)),
        st.sampled_from([("move", z) for z in ZONES]),
    ),
    max_size=30,
)


class Killed(BaseException):
    """The builder is gone."""


@pytest.fixture
def versions(role, monkeypatch):
    """Two of one process, one of another; all visible to bob."""
    one, other = ProcessFactory(key="one"), ProcessFactory(key="other")
    for process in (one, other):
        process.roles.add(role)
    numbers = [(one, 1), (one, 2), (other, 1)]
    monkeypatch.setattr(statistics, "_element_names", lambda *_which: {})  # these have no diagram
    return [
        ProcessVersionFactory(process=process, number=number, is_current=number == 1)
        for process, number in numbers
    ]


def end(version, ended_at, seconds, *, is_cancelled=False):
    """One more instance that ended then."""
    took = timedelta(seconds=seconds)
    return ProcessInstanceFactory(
        version=version,
        status="cancelled" if is_cancelled else "completed",
        started_at=ended_at - took,
        ended_at=ended_at,
        duration=None if is_cancelled else took,
    )


def kill_builder(monkeypatch):
    """It dies when half of its work is written."""
    with monkeypatch.context() as patched:

        def die(*_arguments):
            raise Killed

        patched.setattr(summary, "_with_element", die)
        patched.setattr(summary, "_catch_up", die)
        with suppress(Killed), transaction.atomic():
            summary.build_batch(set())


def play(moves, versions, bob, monkeypatch):
    for name, *what in moves:
        if name == "end":
            minutes, seconds, number, is_cancelled = what
            instance = end(
                versions[number], NOON + timedelta(minutes=minutes), seconds, is_cancelled=is_cancelled
            )
            if not is_cancelled:
                add_step(instance, seconds)
        elif name == "build":
            summary.build_summaries()
        elif name == "kill":
            kill_builder(monkeypatch)
        else:
            bob.time_zone = what[0]
            bob.save()


def add_step(instance, seconds):
    """A step that took half of it; somebody took every second one after a third of that, others answered at once."""
    opened, half = instance.started_at, timedelta(seconds=seconds / 2)
    HumanStepFactory(
        instance=instance,
        status="completed",
        opened_at=opened,
        closed_at=opened + half,
        taken_at=opened + half / 3 if instance.pk % 2 else None,
    )


def as_rows_say(versions, tz, first, last, version=None):
    """The same numbers from the instances, in Python: (process, day) -> completed, cancelled, durations."""
    told = {}
    for instance in ProcessInstance.objects.filter(version__in=[version] if version else versions):
        day = instance.ended_at.astimezone(tz).date()
        if first <= day <= last:
            group = told.setdefault((instance.process_id, day), [0, []])
            if instance.status == "cancelled":
                group[0] += 1
            else:
                group[1].append(instance.duration.total_seconds())
    return told


def percentile(values, share):
    """As PostgreSQL has it."""
    values = sorted(values)
    rank = share * (len(values) - 1)
    low, high = values[int(rank)], values[min(int(rank) + 1, len(values) - 1)]
    return low + (high - low) * (rank - int(rank))


@settings(LOOSE, max_examples=20)
@given(moves=MOVES, zone=st.sampled_from(ZONES), days=st.tuples(ENDS, ENDS), few=st.sampled_from([0, 500]))
def test_it_says_what_the_instances_say(versions, bob, monkeypatch, moves, zone, days, few):
    monkeypatch.setattr(statistics, "FEW", few)  # 0: nothing is read one by one
    monkeypatch.setattr(summary, "BATCH", 7)
    tz = ZoneInfo(zone)
    first, last = sorted((NOON + timedelta(minutes=minutes)).astimezone(tz).date() for minutes in days)
    with transaction.atomic():
        play(moves, versions, bob, monkeypatch)
        for version in (None, versions[1]):
            question = Question(bob, first, last, tz, version.process if version else None, version)
            report = statistics.report(question)
            told = as_rows_say(versions, tz, first, last, version)
            assert {(e.process_id, e.day): (e.completed, e.cancelled) for e in report.per_day} == {
                key: (len(durations), cancelled) for key, (cancelled, durations) in told.items()
            }
            everything = [seconds for _cancelled, durations in told.values() for seconds in durations]
            assert report.overall.completed == len(everything)
            if everything:
                assert report.overall.average == pytest.approx(fmean(everything))
                near = {"abs": 0.002} if few else {"rel": 0.011, "abs": 0.002}
                assert report.overall.median == pytest.approx(percentile(everything, 0.5), **near)
                assert report.overall.p90 == pytest.approx(percentile(everything, 0.9), **near)
            check_elements(question, everything)
        assert_cells_hold_what_is_marked()
        transaction.set_rollback(True)


def check_elements(question, everything):
    found = statistics.element_times(question, number=len(everything))
    assert sum(times.number for times in found) == len(everything)
    assert sum(times.total for times in found) == pytest.approx(sum(everything) / 2, abs=1e-3)
    for times in found:
        assert times.taken == times.number
        assert times.waited + times.worked == pytest.approx(times.average, abs=1e-3)


def assert_cells_hold_what_is_marked():
    marked = ProcessInstance.objects.filter(is_counted=True).count()
    for zone in SummaryZone.objects.filter(is_ready=True):
        cells = DailySummary.objects.filter(zone=zone)
        assert sum(cell.completed + cell.cancelled for cell in cells) == marked


def test_who_finishes_late_is_counted_on_the_day_of_the_end_event(versions, bob):
    end(versions[0], NOON, 3600)
    summary.build_summaries()
    end(versions[0], NOON - timedelta(days=20), 7200)  # a worker was down for weeks
    question = Question(bob, NOON.date() - timedelta(days=30), NOON.date(), UTC)
    before = [(entry.day, entry.completed) for entry in statistics.report(question).days]
    summary.build_summaries()
    assert ProcessInstance.objects.filter(is_counted=True).count() == 2
    assert [(entry.day, entry.completed) for entry in statistics.report(question).days] == before
    assert before == [(date(2026, 3, 8), 1), (date(2026, 3, 28), 1)]


def test_a_zone_that_comes_later_catches_up(versions, bob, monkeypatch):
    monkeypatch.setattr(summary, "BATCH", 3)
    for hour in range(10):
        end(versions[0], NOON + timedelta(hours=hour), 60 * hour)
    summary.build_summaries()
    bob.time_zone = "Asia/Tokyo"
    bob.save()
    summary.build_batch(set())
    assert not SummaryZone.objects.get(name="Asia/Tokyo").is_ready
    tokyo = Question(bob, date(2026, 3, 28), date(2026, 3, 29), ZoneInfo("Asia/Tokyo"))
    numbers = lambda: [(e.day.day, e.completed) for e in statistics.report(tokyo).days]  # noqa: E731
    assert numbers() == [(28, 3), (29, 7)]
    summary.build_summaries()
    assert SummaryZone.objects.get(name="Asia/Tokyo").is_ready
    monkeypatch.setattr(statistics, "FEW", 0)
    assert numbers() == [(28, 3), (29, 7)]


def rows_read(statement, params):
    """Rows that the statement looks at, those that it throws away included."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", params)
        [[plan]] = cursor.fetchall()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    total, todo = 0, [plan[0]["Plan"]]
    while todo:
        node = todo.pop()
        todo += node.get("Plans", [])
        if "Scan" in node["Node Type"] and "Relation Name" in node:
            thrown = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
            total += (node["Actual Rows"] + thrown) * node["Actual Loops"]
    return total


def test_a_year_of_one_process_costs_a_few_hundred_rows_however_much_has_finished(versions, bob, monkeypatch):
    monkeypatch.setattr(summary, "BATCH", 20_000)
    version = versions[2]
    with connection.cursor() as cursor:
        # Marked by an earlier run: a table with as many dead rows as living ones is none that years have made.
        cursor.execute(
            """INSERT INTO processes_processinstance
                      (process_id, version_id, status, caption, record_caption, lane, variables, cancel_reason,
                       started_at, ended_at, duration, is_counted)
               SELECT %s, %s, 'completed', '', '', '', '{}', '', at - took, at, took, true
                 FROM (SELECT %s::timestamptz - n * interval '26 minutes' AS at, n %% 999 * interval '1 minute' AS took
                         FROM generate_series(1, 20000) n) made""",
            [version.process_id, version.pk, NOON],
        )
        summary.build_summaries()
        cursor.execute("ANALYZE processes_processinstance, processes_dailysummary, processes_summaryzone")
    end(version, NOON, 5)
    question = Question(bob, NOON.date() - timedelta(days=364), NOON.date(), UTC, version.process)
    assert statistics.report(question).overall.completed > 19_000
    assert rows_read(statistics_sql.FINISHED, question.params) < 500
    assert rows_read(statistics_sql.WORKED, question.params) < 500


@given(st.lists(st.integers(0, 10**13), min_size=1, max_size=60), st.sampled_from([0.0, 0.5, 0.9, 1.0]))
def test_a_percentile_from_a_histogram_is_off_by_less_than_a_hundredth(values, share):
    exact, rough = Durations(), Durations()
    exact.add_values(values)
    half = len(values) // 2
    for part in (values[:half], values[half:]):
        rough.add_summary(len(part), sum(part), histogram_of(part))
    assert (rough.number, rough.average) == (exact.number, exact.average)
    assert exact.percentile(share) == pytest.approx(percentile(values, share) / 1e6)
    assert rough.percentile(share) == pytest.approx(exact.percentile(share), rel=0.011, abs=0.001)

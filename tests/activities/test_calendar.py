"""Where activities lie in the calendar: periods, bars along days, blocks within a day; without the database."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from activities import calendar

MONDAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Thing:
    """An activity as far as the calendar looks at it."""

    pk: int
    starts_at: datetime
    due_at: datetime | None = None


def thing(start, due="", pk=1):
    moment = lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC)  # noqa: E731
    return Thing(pk, moment(start), moment(due) if due else None)


@pytest.mark.parametrize(
    ("view", "anchor", "first", "last", "previous", "following"),
    [
        ("day", "2026-03-02", "2026-03-02", "2026-03-02", "2026-03-01", "2026-03-03"),
        ("week", "2026-03-08", "2026-03-02", "2026-03-06", "2026-03-01", "2026-03-15"),
        ("nonsense", "2026-03-04", "2026-03-02", "2026-03-06", "2026-02-25", "2026-03-11"),
        ("month", "2026-03-31", "2026-02-23", "2026-04-05", "2026-02-01", "2026-04-01"),
        ("month", "2026-02-10", "2026-01-26", "2026-03-01", "2026-01-01", "2026-03-01"),
    ],
)
def test_a_period_has_these_days_and_neighbours(view, anchor, first, last, previous, following):
    shown = calendar.period(view, date.fromisoformat(anchor))
    assert [d.isoformat() for d in (shown.days[0], shown.days[-1])] == [first, last]
    assert [d.isoformat() for d in (shown.previous, shown.next)] == [previous, following]


def test_a_period_begins_and_ends_at_the_readers_midnight():
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        shown = calendar.period("day", MONDAY)
        assert shown.since == datetime(2026, 3, 1, 15, tzinfo=UTC)
        assert shown.until == datetime(2026, 3, 2, 15, tzinfo=UTC)


def test_what_ends_at_midnight_does_not_reach_into_the_next_day():
    assert not calendar.is_long(thing("2026-03-02T22:00", "2026-03-03T00:00"))
    assert calendar.is_long(thing("2026-03-02T22:00", "2026-03-03T00:01"))
    assert not calendar.is_long(thing("2026-03-02T22:00"))


def test_the_day_of_an_activity_is_that_of_the_reader():
    late = thing("2026-03-02T15:30", "2026-03-02T16:00")
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert calendar.local_days(late) == (date(2026, 3, 3), date(2026, 3, 3))
        assert [(b.start, b.end) for b in calendar.blocks([late], date(2026, 3, 3))] == [(30, 60)]


def test_bars_are_cut_at_the_edges_and_share_rows_where_they_can():
    days = calendar.period("week", MONDAY).days
    before = thing("2026-02-20T09:00", "2026-03-03T09:00", 1)
    after = thing("2026-03-06T09:00", "2026-03-09T09:00", 2)
    middle = thing("2026-03-03T09:00", "2026-03-05T09:00", 3)
    outside = thing("2026-03-07T09:00", "2026-03-08T09:00", 4)
    found = {b.activity.pk: b for b in calendar.bars([before, after, middle, outside], days)}
    assert set(found) == {1, 2, 3}
    assert [(found[k].column, found[k].span, found[k].row) for k in (1, 3, 2)] == [
        (1, 2, 1),
        (2, 3, 2),
        (5, 1, 1),
    ]
    assert (found[1].began_before, found[1].goes_on) == (True, False)
    assert (found[2].began_before, found[2].goes_on) == (False, True)


def test_blocks_that_overlap_lie_side_by_side_and_others_take_the_whole_width():
    found = calendar.blocks(
        [
            thing("2026-03-02T09:00", "2026-03-02T11:00", 1),
            thing("2026-03-02T10:00", "2026-03-02T10:30", 2),
            thing("2026-03-02T10:30", "2026-03-02T12:00", 3),
            thing("2026-03-02T13:00", "", 4),
        ],
        MONDAY,
    )
    assert {b.activity.pk: (b.lane, b.lanes) for b in found} == {1: (0, 2), 2: (1, 2), 3: (1, 2), 4: (0, 1)}
    assert [(b.start, b.end) for b in found][-1] == (780, 810)


def test_a_block_close_to_midnight_can_still_be_read():
    assert [(b.start, b.end) for b in calendar.blocks([thing("2026-03-02T23:55")], MONDAY)] == [(1410, 1440)]


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_a_block_ends_where_its_clock_says_on_the_days_when_clocks_are_changed(day):
    berlin = ZoneInfo("Europe/Berlin")
    at = lambda hour: datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=berlin).astimezone(UTC)  # noqa: E731
    over, night = Thing(1, at("01:00"), at("05:00")), Thing(2, at("20:00"), at("23:00") + timedelta(hours=1))
    with timezone.override(berlin):
        found = calendar.blocks([over, night], date.fromisoformat(day))
    assert [(block.start, block.end) for block in found] == [(60, 300), (1200, 1440)]


def test_a_month_counts_what_does_not_fit():
    many = [thing("2026-03-03T09:00", "2026-03-03T10:00", pk) for pk in range(5)]
    week = calendar.month(many, calendar.period("month", MONDAY))[1]
    assert len(week.bars) == 3
    assert week.more == [0, 2, 0, 0, 0, 0, 0]


times = st.builds(
    lambda pk, start, length: Thing(
        pk,
        datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=start),
        datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=start + length) if length else None,
    ),
    st.integers(1, 10**6),
    st.integers(0, 8 * 1440),
    st.integers(0, 4000),
)


@given(st.lists(times, max_size=25, unique_by=lambda t: t.pk))
def test_nothing_ever_lies_on_top_of_anything_else(things):
    days = calendar.period("week", MONDAY).days
    cells = [
        (b.row, column) for b in calendar.bars(things, days) for column in range(b.column, b.column + b.span)
    ]
    assert len(cells) == len(set(cells))
    for day in days:
        placed = calendar.blocks([t for t in things if not calendar.is_long(t)], day)
        for one in placed:
            assert 0 <= one.start < one.end <= 1440
            assert 0 <= one.lane < one.lanes
            for other in placed:
                if one is not other and one.lane == other.lane:
                    assert one.end <= other.start or other.end <= one.start


@given(st.lists(times, max_size=25, unique_by=lambda t: t.pk))
def test_every_activity_of_the_week_is_shown_exactly_once(things):
    days = calendar.period("week", MONDAY).days
    long = [b.activity.pk for b in calendar.bars([t for t in things if calendar.is_long(t)], days)]
    short = [
        b.activity.pk
        for day in days
        for b in calendar.blocks([t for t in things if not calendar.is_long(t)], day)
    ]
    touching = [
        t.pk for t in things if calendar.local_days(t)[1] >= days[0] and calendar.local_days(t)[0] <= days[-1]
    ]
    assert sorted(long + short) == sorted(touching)

"""Moments in zones, across changes of clocks, and durations of both kinds."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.engine.feel import YearsMonths, compile_expression
from processes.engine.feel.temporal_text import (
    read_datetime,
    read_duration,
    read_time,
    write_datetime,
    write_duration,
    write_time,
)

BERLIN = ZoneInfo("Europe/Berlin")
VALUES = [
    ('@"2026-01-01T10:00:00@Europe/Moscow"', datetime(2026, 1, 1, 10, tzinfo=ZoneInfo("Europe/Moscow"))),
    ('@"2026-01-01T10:00:00.25Z"', datetime(2026, 1, 1, 10, 0, 0, 250_000, UTC)),
    ('@"10:00:00-05:30"', time(10, tzinfo=timezone(-timedelta(hours=5, minutes=30)))),
    ('date and time("2026-01-01T10:00:00@Nowhere/Land")', None),
    ('date and time("2026-01-01T10:00:00@../etc/passwd")', None),
    ('@"2026-01-01T10:00:00@Europe/Moscow" = @"2026-01-01T07:00:00Z"', True),
    ('@"2026-01-01T10:00:00@Europe/Moscow".time offset', timedelta(hours=3)),
    ('@"2026-01-01T10:00:00@Europe/Moscow".timezone', "Europe/Moscow"),
    ('@"2026-01-01T10:00:00+03:00".timezone', "+03:00"),
    ('@"2026-01-01T10:00:00".timezone', None),
    ('string(@"2026-01-01T10:00:00@Europe/Moscow")', "2026-01-01T10:00:00@Europe/Moscow"),
    ('date and time(@"2026-01-01T10:00:00Z", "Europe/Moscow").hour', 13),
    ('@"2026-03-29T01:30:00@Europe/Berlin" + @"PT1H"', datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)),
    ('@"2026-03-28T12:00:00@Europe/Berlin" + @"P1D"', datetime(2026, 3, 29, 13, 0, tzinfo=BERLIN)),
    ('@"2026-03-29T12:00:00@Europe/Berlin" - @"2026-03-28T12:00:00@Europe/Berlin"', timedelta(hours=23)),
    ('@"2026-01-31" + @"P1M"', date(2026, 2, 28)),
    ('@"2024-01-31T08:00:00" + @"P1M"', datetime(2024, 2, 29, 8)),
    ('@"2024-02-29" - @"P1Y"', date(2023, 2, 28)),
    ('@"2026-01-01" - @"PT1H"', date(2025, 12, 31)),
    ('@"2026-01-01" + @"PT23H"', date(2026, 1, 1)),
    ('@"23:30:00" + @"P3DT1H"', time(0, 30)),
    ('@"10:00:00+03:00" - @"10:00:00Z"', timedelta(hours=-3)),
    ('@"2026-01-02T00:00:00" - @"2026-01-01"', timedelta(days=1)),
    ('@"-PT90M".hours', -1),
    ('@"-PT90M".minutes', -30),
    ('@"-P14M".years', -1),
    ('@"-P14M".months', -2),
    ('@"P1Y" * 1.5', YearsMonths(18)),
    ('@"P1D" / 7 * 7 = @"P1D"', False),  # to the microsecond
    ('@"P1D" / 0', None),
    ('@"P1D" + @"P1M"', None),
    ('@"P1D" < @"P1M"', None),
    ('duration("P")', None),
    ('duration("PT")', None),
    ('duration("P1DT")', None),
    ('duration("P1Y1D")', None),
    ('string(duration("PT0S"))', "PT0S"),
    ('string(duration("P0Y"))', "P0M"),
    ('string(duration("-P1DT2H3M4.5S"))', "-P1DT2H3M4.5S"),
    ('time(10, 30, 15.5, @"PT2H")', time(10, 30, 15, 500_000, timezone(timedelta(hours=2)))),
    ("time(10, 30, 60)", None),
    ("time(10, 30.5, 0)", None),
    ("date(2026, 1.5, 1)", None),
    ('date and time(@"2026-01-01", @"10:00:00Z")', datetime(2026, 1, 1, 10, tzinfo=UTC)),
    ('date("2026-01-01T10:00:00")', None),
    ('is(@"10:00:00Z", @"10:00:00+00:00")', True),
    ('is(@"2026-01-01T10:00:00Z", @"2026-01-01T13:00:00+03:00")', False),
    ('for d in @"2026-01-30"..@"2026-02-01" return d.day', [30, 31, 1]),
    ('@"2026-01-15" in [@"2026-01-01"..@"2026-02-01")', True),
    ('years and months duration(@"2011-12-22", @"2013-08-24")', YearsMonths(20)),
    ('years and months duration(@"2013-08-24", @"2011-12-22")', YearsMonths(-20)),
    ('day of week(@"2026-11-24")', "Tuesday"),
]


@pytest.mark.parametrize(("text", "value"), VALUES, ids=[text for text, _ in VALUES])
def test_value_of(text, value):
    result = compile_expression(text).evaluate({})
    assert result == value
    assert type(result) is type(value) or isinstance(value, int)


def test_repeated_hour_is_told_apart():
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    second = first.replace(fold=1)
    context = {"first": first, "second": second}
    assert compile_expression("first < second").evaluate(context) is True
    assert compile_expression("first = second").evaluate(context) is False
    assert compile_expression("second - first").evaluate(context) == timedelta(hours=1)


durations = st.timedeltas(min_value=timedelta(days=-(10**6)), max_value=timedelta(days=10**6))
moments = st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=-7, minutes=-30))]))


@given(durations)
def test_duration_is_read_as_it_is_written(value):
    assert read_duration(write_duration(value)) == value


@given(st.integers(-(10**6), 10**6))
def test_months_are_read_as_they_are_written(months):
    assert read_duration(str(YearsMonths(months))) == YearsMonths(months)


@given(moments)
def test_moment_is_read_as_it_is_written(value):
    assert read_datetime(write_datetime(value)) == value
    assert read_time(write_time(value.timetz())) == value.timetz()


@given(
    st.datetimes(datetime(1980, 1, 1), datetime(2030, 1, 1), timezones=st.just(BERLIN)),
    durations.filter(lambda d: abs(d) < timedelta(days=9000)),
)
def test_going_and_coming_back_ends_where_it_began(moment, length):
    context = {"moment": moment, "length": length}
    result = compile_expression("(moment + length) - moment").evaluate(context)
    assert result == length or _does_not_exist(moment)


def _does_not_exist(moment: datetime) -> bool:
    """Whether the clocks were put forward over this time."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo).replace(fold=0) != moment.replace(fold=0)

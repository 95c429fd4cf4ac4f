"""Moments, durations and cycles of timers."""

from datetime import UTC, datetime, timedelta

import pytest

from processes.engine.iso import Cycle, Duration, read_cycle, read_duration, read_moment

LAST_OF_JANUARY = datetime(2031, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "months", "length"),
    [
        ("P1Y2M", 14, timedelta()),
        ("P2W", 0, timedelta(weeks=2)),
        ("P1DT2H3M4.5S", 0, timedelta(days=1, hours=2, minutes=3, seconds=4, milliseconds=500)),
        ("P1M1D", 1, timedelta(days=1)),
        (" PT0S ", 0, timedelta()),
    ],
)
def test_durations_are_read(text: str, months: int, length: timedelta) -> None:
    assert read_duration(text) == Duration(months, length)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1", "1D", "PT5", "-P1D", "P1DT", "five days", "P1H", "P٣D"]
)
def test_other_texts_are_no_durations(text: str) -> None:
    assert read_duration(text) is None


def test_a_month_later_is_the_same_day_or_the_last() -> None:
    assert Duration(1).after(LAST_OF_JANUARY) == datetime(2031, 2, 28, 12, tzinfo=UTC)
    assert Duration(13).after(LAST_OF_JANUARY) == datetime(2032, 2, 29, 12, tzinfo=UTC)
    assert Duration(1, timedelta(days=1)).after(LAST_OF_JANUARY) == datetime(2031, 3, 1, 12, tzinfo=UTC)


def test_the_end_of_time_is_an_overflow() -> None:
    with pytest.raises(OverflowError):
        Duration(12 * 9000).after(LAST_OF_JANUARY)


def test_moments_are_read_with_and_without_a_zone() -> None:
    assert read_moment("2031-01-31T12:00:00Z") == LAST_OF_JANUARY
    assert read_moment("2031-01-31T15:00:00+03:00") == LAST_OF_JANUARY
    assert read_moment("2031-01-31") == datetime(2031, 1, 31)
    assert read_moment("31.01.2031") is None


def test_cycles_are_read() -> None:
    hour = Duration(0, timedelta(hours=1))
    assert read_cycle("R3/PT1H") == Cycle(3, hour)
    assert read_cycle("R/PT1H") == Cycle(None, hour)
    assert read_cycle("R2/2031-01-31T12:00:00Z/PT1H") == Cycle(2, hour, LAST_OF_JANUARY)
    assert read_cycle("R2/2031-01-31T12:00:00Z/2031-01-31T13:00:00Z") == Cycle(2, hour, LAST_OF_JANUARY)
    assert read_cycle("R/PT1H/2031-01-31T12:00:00Z") == Cycle(None, hour, end=LAST_OF_JANUARY)


@pytest.mark.parametrize(
    "text",
    [
        *("R3", "PT1H", "R0/PT1H", "R/PT0S", "R3/soon/PT1H", "Rx/PT1H", "0 0 9 * * MON-FRI"),
        *("R/2031-01-31", "R3/PT1H/soon", "R3/PT1H/PT1H", "R3/2031-01-31/2031-01-31"),
        "R3/2031-01-31T12:00:00Z/2031-02-01",  # one with an offset and one without
    ],
)
def test_other_texts_are_no_cycles(text: str) -> None:
    assert read_cycle(text) is None

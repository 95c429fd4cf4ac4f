"""Cycles by the calendar, as engines of the Camunda family write them."""

from datetime import UTC, datetime

import pytest

from processes.engine.cron import read_cron
from tests.engine.drawing import boundary_timer, draw, start, user
from tests.engine.scenarios import Scenario, play_both_ways

MONDAY = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pattern", "due"),
    [
        ("0 0/5 * * * ?", datetime(2030, 1, 7, 9, 5, tzinfo=UTC)),
        ("*/10 * * * * *", datetime(2030, 1, 7, 9, 0, 10, tzinfo=UTC)),
        ("0 0 9 ? * mon-fri", datetime(2030, 1, 8, 9, 0, tzinfo=UTC)),
        ("0 30 8,17 * * SAT,SUN", datetime(2030, 1, 12, 8, 30, tzinfo=UTC)),
        ("0 0 12 L * ?", datetime(2030, 1, 31, 12, 0, tzinfo=UTC)),
        ("0 0 0 29 FEB ?", datetime(2032, 2, 29, tzinfo=UTC)),
        ("0 0 0 1 1 ? 2040", datetime(2040, 1, 1, tzinfo=UTC)),
        ("0 0 0 1 1 ? 2029", None),
        ("0 0 0 31 4 ?", None),
    ],
)
def test_the_next_moment_is_the_one_that_fits_the_pattern(pattern: str, due: datetime | None) -> None:
    assert read_cron(pattern).after(MONDAY) == due


@pytest.mark.parametrize(
    "text", ["0 9 * * *", "0 15 10 ? * 6", "0 60 * * * ?", "0 5-1 * * * ?", "0 */0 * * * ?", "0 0 0 LW * ?"]
)
def test_what_would_mean_different_things_or_nothing_is_no_pattern(text: str) -> None:
    assert read_cron(text) is None


def test_a_timer_fires_whenever_the_pattern_says() -> None:
    drawn = draw(
        start(),
        user("a"),
        boundary_timer("t", "a", "0 0 12 ? * MON-FRI 2030", "timeCycle", interrupting=False),
        user("x"),
        flows=["start a", "t x"],
    )
    moves = [
        ("start", "a t"),
        ("later 180", "a t x"),
        ("later 1440", "a t x x"),
        ("complete a", "x x"),
    ]
    play_both_ways(Scenario("a pattern", drawn, moves, ends=False))

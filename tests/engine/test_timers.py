"""When timers are due, from text and from values of expressions."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from processes.engine.state import Status
from tests.engine.drawing import boundary_timer, catch_timer, draw, end, node, start, user
from tests.engine.game import MORNING, Game


def timer_game(text: str, sort: str) -> Game:
    return Game(draw(start(), catch_timer("t", text, sort), end(), flows=["start t", "t end"]))


@pytest.mark.parametrize(
    ("text", "sort", "due"),
    [
        ("P1M", "timeDuration", datetime(2030, 2, 7, 9, tzinfo=UTC)),
        ('= duration("P1M")', "timeDuration", datetime(2030, 2, 7, 9, tzinfo=UTC)),
        ('= duration("PT90S")', "timeDuration", MORNING + timedelta(seconds=90)),
        ('"PT1H"', "timeDuration", MORNING + timedelta(hours=1)),
        ("${length}", "timeDuration", MORNING + timedelta(hours=3)),
        ('= date("2031-05-06")', "timeDate", datetime(2031, 5, 6, tzinfo=UTC)),
        ('= now() + duration("PT2H")', "timeDate", MORNING + timedelta(hours=2)),
        ("2029-01-01", "timeDate", datetime(2029, 1, 1, tzinfo=UTC)),
        ("R5/PT10M", "timeCycle", MORNING + timedelta(minutes=10)),
        ('= duration("PT10M")', "timeCycle", MORNING + timedelta(minutes=10)),
        ('= "R/" + "PT10M"', "timeCycle", MORNING + timedelta(minutes=10)),
        ("R/2030-01-01T00:00:00Z/P1D", "timeCycle", datetime(2030, 1, 8, tzinfo=UTC)),
        ("R/2030-06-01T00:00:00Z/P1D", "timeCycle", datetime(2030, 6, 1, tzinfo=UTC)),
        ("R/2029-12-31T00:00:00Z/P1M", "timeCycle", datetime(2030, 1, 31, tzinfo=UTC)),
        ("R/2029-01-01T10:00:00Z/2029-01-02T10:00:00Z", "timeCycle", datetime(2030, 1, 7, 10, tzinfo=UTC)),
        ("R/PT1H/2030-01-07T12:30:00Z", "timeCycle", datetime(2030, 1, 7, 9, 30, tzinfo=UTC)),
        ("R2/PT1H/2030-01-07T12:30:00Z", "timeCycle", datetime(2030, 1, 7, 11, 30, tzinfo=UTC)),
        ("R/P1M/2030-03-31T00:00:00Z", "timeCycle", datetime(2030, 1, 31, tzinfo=UTC)),
        ("R/PT1H/2029-01-01T00:00:00Z", "timeCycle", datetime(2029, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_timer_is_due(text: str, sort: str, due: datetime) -> None:
    game = timer_game(text, sort)
    game.start(length="PT3H")
    assert game.find("t").due_at == due


def test_a_moment_without_an_offset_is_in_the_zone_of_now() -> None:
    game = timer_game("2031-01-01T12:00:00", "timeDate")
    moscow = timezone(timedelta(hours=3))
    game.now = MORNING.astimezone(moscow)
    game.start()
    assert game.find("t").due_at == datetime(2031, 1, 1, 12, tzinfo=moscow)


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("= missing", "timeDuration"),
        ("= 5", "timeDuration"),
        ('= duration("-PT1H")', "timeDuration"),
        ("= true", "timeDate"),
        ('= "tomorrow"', "timeDate"),
        ('= "PT1H"', "timeCycle"),
        ('= duration("PT0S")', "timeCycle"),
        ('= duration("P9000Y")', "timeDuration"),
        # Moments that are in no calendar somewhere on earth: the database keeps them and nobody can read them.
        ('= "0001-01-01T00:00:00+14:00"', "timeDate"),
        ('= date and time("9999-12-31T23:59:59-12:00")', "timeDate"),
        ('= "R/P1D/9999-12-31T00:00:00Z"', "timeCycle"),
        ('= duration("P7969Y")', "timeDuration"),
    ],
)
def test_a_value_that_is_no_time_is_an_incident(text: str, sort: str) -> None:
    game = timer_game(text, sort)
    game.start()
    assert game.find("t").status is Status.FAILED
    assert game.find("t").error.startswith("The timer of “t” has no usable ")
    assert game.find("t").due_at is None


def test_a_timer_that_failed_runs_when_its_variable_is_there() -> None:
    game = timer_game("= length", "timeDuration")
    game.start()
    game.state.variables["length"] = "PT1H"
    game.retry("t")
    assert (game.find("t").due_at, game.find("t").attempts) == (MORNING + timedelta(hours=1), 0)


def test_a_counted_cycle_makes_up_for_a_standstill_and_an_endless_one_does_not() -> None:
    for cycle, expected in (("R3/PT1H", timedelta(hours=2)), ("R/PT1H", timedelta(hours=11))):
        game = Game(
            draw(
                start(),
                user("a"),
                boundary_timer("t", "a", cycle, "timeCycle", interrupting=False),
                end(),
                flows=["start a", "t end"],
            )
        )
        game.start()
        game.now += timedelta(hours=10, minutes=30)
        game.fire("t")
        assert game.find("t").due_at == MORNING + expected
        assert game.find("t").attempts == 1


@pytest.mark.parametrize(
    ("cycle", "minutes"),
    [
        ("R/PT1H/2030-01-07T11:30:00Z", [30, 90, 150]),
        ("R2/PT1H/2030-01-07T11:30:00Z", [90, 150]),
        ("R2/2030-01-07T09:20:00Z/2030-01-07T09:40:00Z", [20, 40]),
        ("R/PT1H/2029-01-01T00:00:00Z", [0]),
    ],
)
def test_a_cycle_with_an_end_fires_until_then(cycle: str, minutes: list[int]) -> None:
    boundary = boundary_timer("t", "a", cycle, "timeCycle", interrupting=False)
    game = Game(draw(start(), user("a"), boundary, user("r"), end(), flows=["start a", "t r"]))
    game.start()
    game.later(hours=24)
    assert game.waiting() == " ".join(["a"] + ["r"] * len(minutes))
    fired = [step.opened_at for step in game.live() if step.element_id == "r"]
    assert fired == [MORNING + timedelta(minutes=each) for each in minutes]


def test_a_standstill_makes_a_cycle_with_an_end_skip_what_it_missed() -> None:
    boundary = boundary_timer("t", "a", "R/PT1H/2030-01-07T20:00:00Z", "timeCycle", interrupting=False)
    game = Game(draw(start(), user("a"), boundary, end(), flows=["start a", "t end"]))
    game.start()
    game.now += timedelta(hours=5, minutes=30)
    game.fire("t")
    assert game.find("t").due_at == MORNING + timedelta(hours=6)


def test_a_cycle_that_cannot_be_rearmed_is_retried_without_losing_a_firing() -> None:
    game = Game(
        draw(
            start(),
            user("a"),
            boundary_timer("t", "a", "= cycle", "timeCycle", interrupting=False),
            node("scriptTask", "s", "<script>{n: n + 1}</script>"),
            end(),
            flows=["start a", "t s", "s end"],
        )
    )
    game.start(cycle="R3/PT1H", n=0)
    game.state.variables["cycle"] = None
    game.later(hours=1)
    assert (game.waiting(), game.state.variables["n"]) == ("a t!", 1)
    game.state.variables["cycle"] = "R3/PT1H"
    game.retry("t")
    game.later(hours=10)
    assert (game.waiting(), game.state.variables["n"]) == ("a", 3)

"""Quiet hours: until when nothing may disturb."""

from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from notifications.models import whole_week, work_week
from notifications.quiet import quiet_end

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class Hours:
    quiet_from: time | None = time(22)
    quiet_until: time | None = time(7)
    quiet_days: list[int] = field(default_factory=whole_week)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("hours", "moment", "told"),
    [
        (None, "2026-03-02T23:00", "2026-03-02T23:00"),
        (Hours(None, None), "2026-03-02T23:00", "2026-03-02T23:00"),
        (Hours(), "2026-03-02T21:59", "2026-03-02T21:59"),
        (Hours(), "2026-03-02T22:00", "2026-03-03T07:00"),
        (Hours(), "2026-03-03T03:00", "2026-03-03T07:00"),
        (Hours(), "2026-03-03T07:00", "2026-03-03T07:00"),
        # The night that begins on a Friday is Friday's, the next one begins on a Saturday and is none.
        (Hours(quiet_days=work_week()), "2026-03-07T03:00", "2026-03-07T07:00"),
        (Hours(quiet_days=work_week()), "2026-03-07T23:00", "2026-03-07T23:00"),
        (Hours(time(12), time(13)), "2026-03-02T12:30", "2026-03-02T13:00"),
        # Two whole days that touch.
        (Hours(time(0), time(23, 59), [5]), "2026-03-07T10:00", "2026-03-07T23:59"),
        # The clocks go forward in that night: it still ends at seven.
        (Hours(), "2026-03-28T23:00", "2026-03-29T07:00"),
    ],
)
def test_what_happens_in_quiet_hours_is_told_when_they_end(hours, moment, told) -> None:
    assert quiet_end(hours, at(moment), BERLIN) == at(told)

"""Quiet hours: until when nothing may disturb."""

from datetime import datetime, time, timedelta, tzinfo
from typing import Protocol

from django.utils import timezone


class Quiet(Protocol):
    """A period of the day on some days of the week (Monday is 0), by the clocks of a person."""

    quiet_from: time | None
    quiet_until: time | None
    quiet_days: list[int]


def quiet_end(times: Quiet | None, moment: datetime, tz: tzinfo) -> datetime:
    """When somebody with these times may be told of what happens at `moment`: then, or when it is quiet no more.

    A period that ends before it begins runs past midnight and belongs to the day on which it begins. Where periods
    touch, the end of the last one counts.
    """
    if times is None or times.quiet_from is None or times.quiet_until is None:
        return moment
    told = moment
    for _period in range(8):  # a week of periods that touch ends somewhere
        end = _end_of_period(times.quiet_from, times.quiet_until, times.quiet_days, told, tz)
        if end is None:
            break
        told = end
    return told


def _end_of_period(
    begin: time, until: time, days: list[int], moment: datetime, tz: tzinfo
) -> datetime | None:
    today = timezone.localtime(moment, tz).date()
    for day in (today - timedelta(days=1), today):
        if day.weekday() not in days:
            continue
        last = day if begin < until else day + timedelta(days=1)
        begins, ends = (datetime.combine(d, t, tzinfo=tz) for d, t in ((day, begin), (last, until)))
        if begins <= moment < ends:
            return ends
    return None

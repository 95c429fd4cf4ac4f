"""When a timer event is due."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from processes.engine.cron import Cron, read_cron
from processes.engine.errors import Incident
from processes.engine.feel import Expression, FeelError
from processes.engine.iso import Cycle, Duration, read_cycle, read_duration, read_moment, told_everywhere
from processes.engine.state import Step

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element, EventDefinition


def next_due(run: Execution, step: Step, element: Element, event: EventDefinition) -> datetime | None:
    """The next moment at which the timer fires; None when a cycle has fired often enough.

    `step.attempts` counts the firings so far. A moment without an offset is in the zone of `now`.
    Raises Incident if the value is no moment, duration or cycle.
    """
    what = f"The timer of “{run.caption(element)}”"
    value = run.resolve(event.value, step.place, what)
    return _next(event.timer, value, what, fired=step.attempts, last=step.due_at, now=run.now)


def next_start(
    event: EventDefinition, *, fired: int, last: datetime | None, now: datetime
) -> datetime | None:
    """The next moment at which a timer starts a process; there are no variables yet. Raises Incident."""
    value: Any = event.value
    if isinstance(value, Expression):
        try:
            value = value.evaluate({}, now=now)
        except FeelError as error:
            raise Incident(f"The timer of a start event: {error}") from error
    return _next(event.timer, value, "The timer of a start event", fired=fired, last=last, now=now)


def _next(
    sort: str, value: Any, what: str, *, fired: int, last: datetime | None, now: datetime
) -> datetime | None:
    try:
        if sort == "timeCycle":
            cycle = _cycle(value)
            if isinstance(cycle, Cron):
                due = cycle.after(now if last is None else max(now, last.astimezone(now.tzinfo)))
                if due is not None or fired:
                    return due
            elif cycle is not None:
                due = _of_cycle(cycle, fired, last, now)
                return due and told_everywhere(due)
        elif fired:
            return None  # a date or a duration fires once
        elif sort == "timeDate":
            moment = _moment(value)
            if moment is not None:
                return told_everywhere(_aware(moment, now))
        else:
            duration = _duration(value)
            if duration is not None:
                return duration.after(now)
    except OverflowError:
        pass
    raise Incident(f"{what} has no usable {sort}: {value!s:.100}.")


def _of_cycle(cycle: Cycle, fired: int, last: datetime | None, now: datetime) -> datetime | None:
    if cycle.times is not None and fired >= cycle.times:
        return None
    if cycle.end is not None:
        return _until(_aware(cycle.end, now), cycle, last if fired else None, now)
    if fired and last is not None:
        due = cycle.interval.after(last)  # from the last moment due: late firings do not add up
        # After a standstill a counted cycle makes up for what it missed, an endless one goes on from now.
        return due if cycle.times is not None else _not_before(now, due, cycle.interval)
    if cycle.start is not None:
        return _not_before(now, _aware(cycle.start, now), cycle.interval)
    return cycle.interval.after(now)


def _until(end: datetime, cycle: Cycle, last: datetime | None, now: datetime) -> datetime | None:
    """The next of the moments that lead, an interval apart, to the end; once that is over it alone is left."""
    if last is not None and last >= end:
        return None
    back = _fitting(cycle.interval, now, end)
    if cycle.times is not None:
        back = min(back, cycle.times - 1)
    due = cycle.interval.before(end, back)
    return due if last is None or due > last else cycle.interval.before(end, back - 1)


def _fitting(interval: Duration, now: datetime, end: datetime) -> int:
    """How often the interval fits between the moments."""
    if not interval.months:
        return max((end - now) // interval.length, 0)
    number = 0
    while interval.before(end, number + 1) >= now:
        number += 1
    return number


def _not_before(now: datetime, due: datetime, interval: Duration) -> datetime:
    if due < now and interval.length and not interval.months:
        due += (now - due) // interval.length * interval.length
    while due < now:
        due = interval.after(due)
    return due


def _aware(moment: datetime, now: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    return read_moment(value) if isinstance(value, str) else None


def _duration(value: Any) -> Duration | None:
    if isinstance(value, timedelta):
        return Duration(0, value) if value >= timedelta() else None
    # A years and months duration of FEEL writes itself in ISO 8601.
    return None if value is None else read_duration(str(value))


def _cycle(value: Any) -> Cycle | Cron | None:
    if isinstance(value, str):
        return read_cycle(value) or read_cron(value)
    interval = _duration(value)
    return Cycle(None, interval) if interval else None

"""`+ - * / **` and unary minus for numbers, texts, dates, times and durations (DMN 1.5, 10.3.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from .moments import datetime_minus, plus_duration, plus_months, time_minus, time_plus
from .numbers import CONTEXT, ONE, WIDE, ZERO
from .runtime import Run
from .values import YearsMonths, describe_kind

Operation = Callable[[Run, Any, Any], Any]
_MICROSECONDS = 1_000_000


def add(run: Run, left: Any, right: Any) -> Any:
    if type(left) is Decimal and type(right) is Decimal:
        return _finite(run, CONTEXT.add(left, right))
    return _dispatch(run, "+", _ADD, left, right)


def subtract(run: Run, left: Any, right: Any) -> Any:
    if type(left) is Decimal and type(right) is Decimal:
        return _finite(run, CONTEXT.subtract(left, right))
    return _dispatch(run, "-", _SUBTRACT, left, right)


def multiply(run: Run, left: Any, right: Any) -> Any:
    if type(left) is Decimal and type(right) is Decimal:
        return _finite(run, CONTEXT.multiply(left, right))
    return _dispatch(run, "*", _MULTIPLY, left, right)


def divide(run: Run, left: Any, right: Any) -> Any:
    if type(left) is Decimal and type(right) is Decimal:
        return _divide_numbers(run, left, right)
    return _dispatch(run, "/", _DIVIDE, left, right)


def power(run: Run, left: Any, right: Any) -> Any:
    if type(left) is Decimal and type(right) is Decimal:
        return _finite(run, CONTEXT.power(left, right)) if right else ONE  # Decimal knows no 0 ** 0
    return _dispatch(run, "**", {}, left, right)


def negate(run: Run, value: Any) -> Any:
    kind = type(value)
    if kind is Decimal:
        return CONTEXT.minus(value) if value else value
    if kind is timedelta:
        return -value
    if kind is YearsMonths:
        return YearsMonths(-value.months)
    run.note(f"'-' cannot be put before {describe_kind(value)}.")
    return None


OPERATIONS: dict[str, Operation] = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": power}


def _dispatch(run: Run, sign: str, table: dict[tuple[type, type], Operation], left: Any, right: Any) -> Any:
    operation = table.get((type(left), type(right)))
    if operation is None:
        hint = (
            " (string() makes a text of any value)"
            if sign == "+" and str in (type(left), type(right))
            else ""
        )
        run.note(f"'{sign}' cannot combine {describe_kind(left)} and {describe_kind(right)}{hint}.")
        return None
    try:
        return operation(run, left, right)
    except (OverflowError, ValueError):
        run.note(f"The result of '{sign}' lies outside the calendar.")
        return None


def _finite(run: Run, number: Decimal) -> Decimal | None:
    if number.is_finite():
        return number
    run.note("The result is not a number.")
    return None


def _divide_numbers(run: Run, left: Decimal, right: Decimal) -> Decimal | None:
    if right == ZERO:
        run.note("Division by zero.")
        return None
    return _finite(run, CONTEXT.divide(left, right))


def _join(run: Run, left: str, right: str) -> str:
    run.spend_text(len(left) + len(right))
    return left + right


def seconds_of(length: timedelta) -> Decimal:
    """The length in seconds, exact to the microsecond."""
    whole = length.days * 86_400 + length.seconds
    return WIDE.add(Decimal(whole), WIDE.divide(Decimal(length.microseconds), Decimal(_MICROSECONDS)))


def duration_of(seconds: Decimal) -> timedelta:
    """Raises OverflowError outside of what a duration can hold."""
    if seconds.copy_abs() > 10**14:
        raise OverflowError
    return timedelta(
        microseconds=int(
            WIDE.multiply(seconds, Decimal(_MICROSECONDS)).to_integral_value(ROUND_HALF_EVEN, WIDE)
        )
    )


def _scaled(run: Run, length: timedelta, factor: Decimal) -> timedelta:
    return duration_of(WIDE.multiply(seconds_of(length), factor))


def _shortened(run: Run, length: timedelta, divisor: Decimal) -> timedelta | None:
    if divisor == ZERO:
        run.note("Division by zero.")
        return None
    return duration_of(WIDE.divide(seconds_of(length), divisor))


def _scaled_months(run: Run, length: YearsMonths, factor: Decimal) -> YearsMonths:
    return _months(CONTEXT.multiply(Decimal(length.months), factor))


def _shortened_months(run: Run, length: YearsMonths, divisor: Decimal) -> YearsMonths | None:
    if divisor == ZERO:
        run.note("Division by zero.")
        return None
    return _months(CONTEXT.divide(Decimal(length.months), divisor))


def _months(number: Decimal) -> YearsMonths:
    if number.copy_abs() > 10**11:
        raise OverflowError
    return YearsMonths(int(number))


def _swapped(operation: Operation) -> Operation:
    return lambda run, left, right: operation(run, right, left)


def _plus_days(run: Run, day: date, length: timedelta) -> date:
    # A date counts as midnight; adding an hour to it changes nothing, taking one away leads to the day before.
    return day + timedelta(days=length.days)


def _moment(value: date | datetime) -> datetime:
    return value if type(value) is datetime else datetime(value.year, value.month, value.day)


_ADD: dict[tuple[type, type], Operation] = {
    (str, str): _join,
    (timedelta, timedelta): lambda run, a, b: a + b,
    (YearsMonths, YearsMonths): lambda run, a, b: YearsMonths(a.months + b.months),
    (date, timedelta): _plus_days,
    (date, YearsMonths): lambda run, a, b: plus_months(a, b.months),
    (datetime, timedelta): lambda run, a, b: plus_duration(a, b),
    (datetime, YearsMonths): lambda run, a, b: plus_months(a, b.months),
    (time, timedelta): lambda run, a, b: time_plus(a, b),
}
_ADD.update({(b, a): _swapped(operation) for (a, b), operation in list(_ADD.items()) if a is not b})
_SUBTRACT: dict[tuple[type, type], Operation] = {
    (timedelta, timedelta): lambda run, a, b: a - b,
    (YearsMonths, YearsMonths): lambda run, a, b: YearsMonths(a.months - b.months),
    (date, timedelta): lambda run, a, b: _plus_days(run, a, -b),
    (date, YearsMonths): lambda run, a, b: plus_months(a, -b.months),
    (datetime, timedelta): lambda run, a, b: plus_duration(a, -b),
    (datetime, YearsMonths): lambda run, a, b: plus_months(a, -b.months),
    (time, timedelta): lambda run, a, b: time_plus(a, -b),
    (date, date): lambda run, a, b: a - b,
    (datetime, datetime): datetime_minus,
    (datetime, date): lambda run, a, b: datetime_minus(run, a, _moment(b)),
    (date, datetime): lambda run, a, b: datetime_minus(run, _moment(a), b),
    (time, time): time_minus,
}
_MULTIPLY: dict[tuple[type, type], Operation] = {
    (timedelta, Decimal): _scaled,
    (Decimal, timedelta): _swapped(_scaled),
    (YearsMonths, Decimal): _scaled_months,
    (Decimal, YearsMonths): _swapped(_scaled_months),
}
_DIVIDE: dict[tuple[type, type], Operation] = {
    (timedelta, Decimal): _shortened,
    (YearsMonths, Decimal): _shortened_months,
    (timedelta, timedelta): lambda run, a, b: _divide_numbers(run, seconds_of(a), seconds_of(b)),
    (YearsMonths, YearsMonths): lambda run, a, b: _divide_numbers(run, Decimal(a.months), Decimal(b.months)),
}

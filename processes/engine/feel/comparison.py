"""Equality, order and membership in three values (DMN 1.5, 10.3.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from .runtime import Run
from .values import Function, Range, YearsMonths, capital, describe_kind

_ORDERED = frozenset((Decimal, str, date, timedelta, YearsMonths))
_LONG = 1_000  # from here on, comparing texts takes noticeably longer than anything else
_PLAIN = _ORDERED | {bool, type(None)}


def all_of(truths: Iterable[Any]) -> bool | None:
    """Three-valued conjunction: false wins over null; what is not boolean counts as null."""
    result: bool | None = True
    for truth in truths:
        if truth is False:
            return False
        if truth is not True:
            result = None
    return result


def any_of(truths: Iterable[Any]) -> bool | None:
    """Three-valued disjunction: true wins over null; what is not boolean counts as null."""
    result: bool | None = False
    for truth in truths:
        if truth is True:
            return True
        if truth is not False:
            result = None
    return result


def equal(run: Run, left: Any, right: Any) -> bool | None:
    """`left = right`; null for values of different kinds, except that nothing but null equals null."""
    kind = type(left)
    if kind is type(right):
        if kind in _PLAIN:
            if kind is str and len(left) > _LONG:
                run.spend_text(len(left))
            return bool(left == right)
        return _EQUAL[kind](run, left, right)
    if left is None or right is None:
        return False
    run.note(f"{capital(describe_kind(left))} cannot be equal to {describe_kind(right)}.")
    return None


def less(run: Run, left: Any, right: Any) -> bool | None:
    """`left < right`; null where there is no order."""
    kind = type(left)
    if kind is type(right):
        if kind in _ORDERED:
            if kind is str and len(left) > _LONG:
                run.spend_text(len(left))
            return bool(left < right)
        if kind is datetime or kind is time:
            pair = _comparable(run, left, right)
            return None if pair is None else bool(pair[0] < pair[1])
    run.note(f"{capital(describe_kind(left))} and {describe_kind(right)} cannot be compared.")
    return None


def less_or_equal(run: Run, left: Any, right: Any) -> bool | None:
    return negated(less(run, right, left))


def greater(run: Run, left: Any, right: Any) -> bool | None:
    return less(run, right, left)


def greater_or_equal(run: Run, left: Any, right: Any) -> bool | None:
    return negated(less(run, left, right))


def unequal(run: Run, left: Any, right: Any) -> bool | None:
    return negated(equal(run, left, right))


def negated(truth: Any) -> bool | None:
    return not truth if truth is True or truth is False else None


COMPARISONS: dict[str, Callable[[Run, Any, Any], bool | None]] = {
    "=": equal,
    "!=": unequal,
    "<": less,
    "<=": less_or_equal,
    ">": greater,
    ">=": greater_or_equal,
}


def in_range(run: Run, value: Any, interval: Range) -> bool | None:
    """Whether `value` lies in the interval; null where it cannot be compared with the ends."""
    low: bool | None = True
    high: bool | None = True
    if interval.start is not None:
        low = (greater_or_equal if interval.start_included else greater)(run, value, interval.start)
    if interval.end is not None and low is not False:
        high = (less_or_equal if interval.end_included else less)(run, value, interval.end)
    return all_of((low, high))


def is_in(run: Run, value: Any, test: Any) -> bool | None:
    """`value in test`, where the test is an interval, a list of values and intervals, or a value."""
    if type(test) is Range and type(value) is not Range:
        return in_range(run, value, test)
    if type(test) is list:
        run.spend(len(test))
        if type(value) is list and equal(run, value, test) is True:
            return True
        return any_of(_is_member(run, value, item) for item in test)
    return equal(run, value, test)


def _is_member(run: Run, value: Any, item: Any) -> bool | None:
    if type(item) is Range and type(value) is not Range:
        return in_range(run, value, item)
    return equal(run, value, item) if type(item) is type(value) else False


def _equal_lists(run: Run, left: list[Any], right: list[Any]) -> bool | None:
    run.spend(len(left))
    if len(left) != len(right):
        return False
    return all_of(equal(run, a, b) for a, b in zip(left, right, strict=True))


def _equal_contexts(run: Run, left: dict[str, Any], right: dict[str, Any]) -> bool | None:
    run.spend(len(left))
    if left.keys() != right.keys():
        return False
    return all_of(equal(run, item, right[key]) for key, item in left.items())


def _equal_moments(run: Run, left: Any, right: Any) -> bool | None:
    pair = _comparable(run, left, right)
    return None if pair is None else bool(pair[0] == pair[1])


def _equal_ranges(run: Run, left: Range, right: Range) -> bool | None:
    ends = (left.start_included, left.end_included) == (right.start_included, right.end_included)
    return all_of((ends, equal(run, left.start, right.start), equal(run, left.end, right.end)))


def _equal_functions(run: Run, left: Function, right: Function) -> None:
    run.note("Functions cannot be compared.")


_EQUAL: dict[type, Callable[[Run, Any, Any], bool | None]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    datetime: _equal_moments,
    time: _equal_moments,
    Range: _equal_ranges,
    Function: _equal_functions,
}


def _comparable(run: Run, left: Any, right: Any) -> tuple[Any, Any] | None:
    """Both moments in one zone; null when only one of them says in which zone it is."""
    if (left.tzinfo is None) != (right.tzinfo is None):
        run.note("A local time and a time with a zone cannot be compared.")
        return None
    if left.tzinfo is None:
        return left, right
    if type(left) is datetime:
        # Python compares wall clocks when both have the same zone, which errs when clocks are set back.
        return left.astimezone(UTC), right.astimezone(UTC)
    if isinstance(left.tzinfo, ZoneInfo) or isinstance(right.tzinfo, ZoneInfo):
        # Without a date a named zone has no offset; in the same zone the clocks can be compared all the same.
        if left.tzinfo is right.tzinfo:
            return left.replace(tzinfo=None), right.replace(tzinfo=None)
        run.note("Times of day in different named zones cannot be compared without a date.")
        return None
    return left, right

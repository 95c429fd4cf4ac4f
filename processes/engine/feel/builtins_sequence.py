"""Functions that count with, order or summarise a list (DMN 1.5, 10.3.4)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from .arithmetic import add, divide, multiply
from .comparison import less
from .errors import FeelError
from .numbers import CONTEXT, ONE, WIDE, ZERO
from .runtime import Run
from .signatures import Family
from .values import Function, YearsMonths

FAMILY = Family()


class _NoOrderError(FeelError):
    """Two items have no order; sort() gives null."""


@FAMILY.define_for_list("min")
def minimum(run: Run, items: list[Any]) -> Any:
    return _extreme(run, items, -1)


@FAMILY.define_for_list("max")
def maximum(run: Run, items: list[Any]) -> Any:
    return _extreme(run, items, 1)


def _extreme(run: Run, items: list[Any], sign: int) -> Any:
    run.spend(len(items))
    if not items:
        return None
    best = items[0]
    for item in items:
        before = less(run, best, item) if sign > 0 else less(run, item, best)
        if before is None:
            return None
        if before:
            best = item
    return best


def _numbers(run: Run, name: str, items: list[Any]) -> list[Decimal] | None:
    """The items, if there are some and all are numbers."""
    run.spend(len(items))
    if not items:
        return None
    if not all(type(item) is Decimal for item in items):
        return run.note(f"{name}() takes a list of numbers.")
    return items


def _sum_of(run: Run, name: str, items: list[Any]) -> Any:
    run.spend(len(items))
    if not items:
        return None
    if not all(type(item) in (Decimal, timedelta, YearsMonths) for item in items):
        return run.note(f"{name}() takes a list of numbers or of durations.")
    total = items[0]
    for item in items[1:]:
        total = add(run, total, item)
    return total


@FAMILY.define_for_list("sum")
def total(run: Run, items: list[Any]) -> Any:
    return _sum_of(run, "sum", items)


@FAMILY.define_for_list("mean")
def mean(run: Run, items: list[Any]) -> Any:
    summed = _sum_of(run, "mean", items)
    return None if summed is None else divide(run, summed, Decimal(len(items)))


@FAMILY.define_for_list("product")
def product(run: Run, items: list[Any]) -> Any:
    numbers = _numbers(run, "product", items)
    if numbers is None:
        return None
    result: Any = ONE
    for number in numbers:
        result = multiply(run, result, number)
    return result


@FAMILY.define_for_list("median")
def median(run: Run, items: list[Any]) -> Any:
    """The middle item, or the mean of the two in the middle."""
    numbers = _numbers(run, "median", items)
    if numbers is None:
        return None
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return divide(run, add(run, ordered[middle - 1], ordered[middle]), Decimal(2))


@FAMILY.define_for_list("stddev")
def standard_deviation(run: Run, items: list[Any]) -> Any:
    """The deviation of a sample: divided by one less than the count, so null for a single number."""
    numbers = _numbers(run, "stddev", items)
    if numbers is None or len(numbers) < 2:
        return None
    centre = WIDE.divide(_exact_sum(numbers), Decimal(len(numbers)))
    squares = [WIDE.multiply(d, d) for d in (WIDE.subtract(number, centre) for number in numbers)]
    variance = WIDE.divide(_exact_sum(squares), Decimal(len(numbers) - 1))
    return CONTEXT.sqrt(variance) if variance.is_finite() else None


def _exact_sum(numbers: list[Decimal]) -> Decimal:
    result = ZERO
    for number in numbers:
        result = WIDE.add(result, number)
    return result


@FAMILY.define_for_list("mode")
def mode(run: Run, items: list[Any]) -> Any:
    """The numbers that stand most often, in ascending order."""
    if not items:
        return []
    numbers = _numbers(run, "mode", items)
    if numbers is None:
        return None
    often: dict[Decimal, int] = {}
    for number in numbers:
        often[number] = often.get(number, 0) + 1
    most = max(often.values())
    return sorted(number for number, times in often.items() if times == most)


@FAMILY.define("sort", "list: list, precedes: function?")
def sort(run: Run, items: list[Any], precedes: Function | None) -> list[Any] | None:
    """The list in the order of `precedes(a, b)`, or ascending; null where two items have no order."""

    def before(left: Any, right: Any) -> bool:
        run.spend(1)
        verdict = less(run, left, right) if precedes is None else precedes.invoke(run, [left, right])
        if not isinstance(verdict, bool):
            raise _NoOrderError
        return verdict

    def order(left: Any, right: Any) -> int:
        return -1 if before(left, right) else int(before(right, left))

    try:
        return sorted(items, key=cmp_to_key(order))
    except _NoOrderError:
        return run.note("sort() found two items that it cannot put in order.")

"""Numeric functions (DMN 1.5, 10.3.4)."""

from __future__ import annotations

from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Any

from .numbers import CONTEXT, WIDE, ZERO, is_integral
from .runtime import Run
from .signatures import Family
from .values import YearsMonths

FAMILY = Family()
_SCALES = range(-6111, 6177)
"""How many decimals may be asked for, as DMN 1.5 says."""


def _rounded(run: Run, number: Decimal, scale: Decimal | None, rounding: str) -> Decimal | None:
    """`number` with so many decimals; null when the scale is not one or the digits do not fit."""
    decimals = 0 if scale is None else int(scale)
    if decimals not in _SCALES:
        return run.note(f"A number cannot be rounded to {decimals} decimals.")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= decimals:
        return number
    return CONTEXT.plus(number.quantize(Decimal(1).scaleb(-decimals, WIDE), rounding, WIDE))


def _define_rounding(name: str, rounding: str, parameters: str) -> None:
    FAMILY.define(name, parameters)(lambda run, n, scale: _rounded(run, n, scale, rounding))


_define_rounding("decimal", ROUND_HALF_EVEN, "n: number, scale: number")
_define_rounding("floor", ROUND_FLOOR, "n: number, scale: number?")
_define_rounding("ceiling", ROUND_CEILING, "n: number, scale: number?")
_define_rounding("round up", ROUND_UP, "n: number, scale: number?")
_define_rounding("round down", ROUND_DOWN, "n: number, scale: number?")
_define_rounding("round half up", ROUND_HALF_UP, "n: number, scale: number?")
_define_rounding("round half down", ROUND_HALF_DOWN, "n: number, scale: number?")


@FAMILY.define("abs", "n: number|days|months")
def absolute(run: Run, value: Any) -> Any:
    if isinstance(value, YearsMonths):
        return YearsMonths(abs(value.months))
    return abs(value) if isinstance(value, timedelta) else value.copy_abs()


@FAMILY.define("modulo", "dividend: number, divisor: number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """`dividend - divisor * floor(dividend / divisor)`: the sign of the divisor."""
    if divisor == ZERO:
        return run.note("Division by zero.")
    rest = WIDE.remainder(dividend, divisor)
    if not rest.is_finite():
        return run.note("The numbers of modulo() are too far apart.")
    if rest and (rest < ZERO) != (divisor < ZERO):
        rest = WIDE.add(rest, divisor)
    return CONTEXT.plus(rest)


@FAMILY.define("sqrt", "number: number")
def square_root(run: Run, number: Decimal) -> Decimal | None:
    return CONTEXT.sqrt(number) if number >= ZERO else run.note("sqrt() of a negative number.")


@FAMILY.define("log", "number: number")
def logarithm(run: Run, number: Decimal) -> Decimal | None:
    return CONTEXT.ln(number) if number > ZERO else run.note("log() takes numbers above zero.")


@FAMILY.define("exp", "number: number")
def exponential(run: Run, number: Decimal) -> Decimal | None:
    result = CONTEXT.exp(number)
    return result if result.is_finite() else run.note("exp() grows beyond all numbers here.")


@FAMILY.define("odd", "number: number")
def odd(run: Run, number: Decimal) -> bool | None:
    return _parity(number, 1)


@FAMILY.define("even", "number: number")
def even(run: Run, number: Decimal) -> bool | None:
    return _parity(number, 0)


def _parity(number: Decimal, wanted: int) -> bool:
    return is_integral(number) and int(number) % 2 == wanted

"""Numbers: Decimal with 34 digits (IEEE 754 decimal128), in a context of our own."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

DIGITS = 34
CONTEXT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
WIDE = Context(prec=2 * DIGITS, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
"""For steps in between that must not round."""
ZERO, ONE = Decimal(0), Decimal(1)


def finite(number: Decimal) -> Decimal | None:
    """`number`, or None where the calculation left the numbers (overflow, 0/0)."""
    return number if number.is_finite() else None


def read_number(text: str) -> Decimal:
    """The number that a checked literal spells, rounded to 34 digits."""
    return CONTEXT.create_decimal(text)


def to_number(value: int | float | Decimal) -> Decimal | None:
    """A Python number as FEEL sees it: a float by its shortest spelling (0.1 is 0.1), None for NaN and infinity."""
    number = CONTEXT.create_decimal(repr(value) if isinstance(value, float) else value)
    return number if number.is_finite() else None


def write_number(number: Decimal) -> str:
    """Plain digits without exponent or trailing zeros: 0.10 is written 0.1."""
    if number == 0:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_integral(number: Decimal) -> bool:
    return number == number.to_integral_value(context=CONTEXT)

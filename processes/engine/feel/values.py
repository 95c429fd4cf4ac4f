"""The kinds of values of FEEL that Python lacks, and the names of all kinds (DMN 1.5, 10.3.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, order=True, slots=True)
class YearsMonths:
    """A years and months duration, as a whole number of months (negative for the past)."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        parts = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.months < 0 else ''}P{parts}"


@dataclass(frozen=True, slots=True)
class Range:
    """An interval. A side without bound is None: `(> 5)` has a start and no end."""

    start: Any
    end: Any
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function value: `invoke(run, arguments)` gives the result; `parameters` are its names in order."""

    parameters: tuple[str, ...]
    invoke: Callable[[Any, list[Any]], Any]


KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    date: "date",
    datetime: "date and time",
    time: "time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}


def kind_of(value: Any) -> str:
    """The FEEL type of a value."""
    return KINDS[type(value)]


_ARTICLES = {"null": "null", "string": "a text"}


def describe_kind(value: Any) -> str:
    """How a note names the kind of a value: "a number", "a text", "null"."""
    kind = kind_of(value)
    return _ARTICLES.get(kind) or f"a {kind}"


def capital(words: str) -> str:
    """The words as the beginning of a sentence."""
    return words[:1].upper() + words[1:]

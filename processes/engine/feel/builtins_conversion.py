"""string(), number(), boolean logic helpers and other conversions (DMN 1.5, 10.3.4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from .comparison import negated
from .numbers import finite, read_number, write_number
from .runtime import Run
from .signatures import Family
from .temporal_text import write_datetime, write_duration, write_time
from .values import Function, Range, YearsMonths

FAMILY = Family()
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,5})?", re.ASCII)
_KEY = re.compile(r"[^\W\d]\w*")
_SEPARATORS = (" ", ",", ".")


def text_of(run: Run, value: Any) -> str:
    """A value as FEEL text; texts inside lists and contexts are quoted."""
    if isinstance(value, str):
        return value
    pieces: list[str] = []
    _write(run, value, pieces)
    return "".join(pieces)


def _write(run: Run, value: Any, pieces: list[str]) -> None:
    run.spend(1)
    if isinstance(value, list):
        _write_between(run, "[", [(None, item) for item in value], "]", pieces)
    elif isinstance(value, dict):
        _write_between(run, "{", list(value.items()), "}", pieces)
    else:
        text = _atom(run, value)
        run.spend_text(len(text))
        pieces.append(text)


def _write_between(
    run: Run, opening: str, items: list[tuple[str | None, Any]], end: str, pieces: list[str]
) -> None:
    pieces.append(opening)
    for n, (key, item) in enumerate(items):
        pieces.append(", " if n else "")
        if key is not None:
            pieces.append(f"{key if _KEY.fullmatch(key) else quoted(key)}: ")
        _write(run, item, pieces)
    pieces.append(end)


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def _atom(run: Run, value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Range):
        return _range_text(run, value)
    if isinstance(value, Function):
        return f"function({', '.join(value.parameters)})"
    return _TEXTS[type(value)](value)


def _range_text(run: Run, value: Range) -> str:
    opening = "[" if value.start_included else "("
    closing = "]" if value.end_included else ")"
    start, end = ("" if side is None else _inner(run, side) for side in (value.start, value.end))
    return f"{opening}{start}..{end}{closing}"


def _inner(run: Run, value: Any) -> str:
    pieces: list[str] = []
    _write(run, value, pieces)
    return "".join(pieces)


_TEXTS: dict[type, Callable[[Any], str]] = {
    str: quoted,
    Decimal: write_number,
    datetime: write_datetime,
    date: date.isoformat,
    time: write_time,
    timedelta: write_duration,
    YearsMonths: str,
}


@FAMILY.define("string", "from: any")
def string(run: Run, value: Any) -> str | None:
    return None if value is None else text_of(run, value)


@FAMILY.define("number", "from: string, grouping separator: any?, decimal separator: any?")
def number(run: Run, text: str, grouping: Any, point: Any) -> Decimal | None:
    """The number that a text spells, with the separators named; null when it spells none."""
    if (
        grouping not in (None, *_SEPARATORS)
        or point not in (None, ",", ".")
        or (grouping == point is not None)
    ):
        return run.note(
            "number() takes ' ', ',' or '.' for grouping and another one, ',' or '.', for decimals."
        )
    run.spend_text(len(text))
    plain = text.replace(grouping, "") if grouping else text
    if point == ",":
        if "." in plain:
            return run.note(f"number() cannot read {quoted(text[:40])}.")
        plain = plain.replace(",", ".")
    if _NUMBER.fullmatch(plain) is None:
        return run.note(f"number() cannot read {quoted(text[:40])}.")
    return finite(read_number(plain))


@FAMILY.define("number", "from: number")
def number_itself(run: Run, value: Decimal) -> Decimal:
    return value


@FAMILY.define("not", "negand: any")
def logical_not(run: Run, value: Any) -> bool | None:
    return negated(value)


@FAMILY.define("get or else", "value: any, default: any")
def get_or_else(run: Run, value: Any, default: Any) -> Any:
    return default if value is None else value


@FAMILY.define("is blank", "string: string")
def is_blank(run: Run, text: str) -> bool:
    run.spend_text(len(text))
    return not text.strip()

"""FEEL values to JSON and back without loss, and to plain JSON for the API.

Tags: {"$decimal": "0.10"}, {"$date": ...}, {"$datetime": ...}, {"$time": ...}, {"$duration": "P1DT2H" or "P1Y2M"},
{"$range": [start, end, start included, end included]}. Whole numbers below 2**53 are JSON integers. Keys of
contexts that begin with `$` get a second one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from .errors import FeelError, FeelLimitError
from .numbers import is_integral, to_number
from .temporal_text import (
    read_date,
    read_datetime,
    read_duration,
    read_time,
    read_zone,
    write_datetime,
    write_duration,
    write_offset,
    write_time,
)
from .values import Range, YearsMonths

Json = Any
_EXACT = 2**53
_FLOAT_DIGITS = 308


def encode(value: Any) -> Json:
    """JSON for any FEEL value but a function. Raises FeelError for anything else, FeelLimitError if too deep."""
    try:
        return _encode(value)
    except RecursionError:
        raise FeelLimitError("The value is nested too deeply.") from None


def _encode(value: Any) -> Json:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _encode_text(value)
    if isinstance(value, (int, float, Decimal)):
        return _encode_number(value)
    if isinstance(value, Mapping):
        return {_encode_key(key): _encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encode(item) for item in value]
    tagged = _TAGS.get(type(value))
    if tagged is None:
        raise FeelError(f"A value of the type '{type(value).__name__}' cannot be stored.")
    tag, write = tagged
    return {tag: write(value)}


def _encode_key(key: Any) -> str:
    if not isinstance(key, str):
        raise FeelError(f"The key of an entry must be a text, not {key!r}.")
    text = _encode_text(key)
    return f"${text}" if text.startswith("$") else text


def _encode_text(text: str) -> str:
    """No database keeps U+0000, or half of a character, which JSON and services may bring."""
    if "\x00" in text:
        raise FeelError("A text must not hold the character U+0000.")
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise FeelError("A text must not hold half of a surrogate pair.")
    return text


def _encode_number(value: int | float | Decimal) -> Json:
    number = value if isinstance(value, Decimal) else to_number(value)
    if number is None or not number.is_finite():
        raise FeelError("A number that is not finite cannot be stored.")
    if is_integral(number) and number.copy_abs() < _EXACT:
        return int(number)
    return {"$decimal": str(number)}


def _write_moment(value: datetime) -> str:
    """With the offset even where the zone has a name: in the hour that clocks repeat, only it tells which is meant."""
    text, offset = write_datetime(value), value.utcoffset()
    local, named, zone = text.partition("@")
    return f"{local}{write_offset(offset)}@{zone}" if named and offset is not None else text


def _write_range(value: Range) -> list[Json]:
    return [_encode(value.start), _encode(value.end), value.start_included, value.end_included]


_TAGS: dict[type, tuple[str, Callable[[Any], Json]]] = {
    date: ("$date", date.isoformat),
    datetime: ("$datetime", _write_moment),
    time: ("$time", write_time),
    timedelta: ("$duration", write_duration),
    YearsMonths: ("$duration", str),
    Range: ("$range", _write_range),
}


def decode(json: Json) -> Any:
    """The value that `encode` wrote. Raises FeelError for JSON that it never writes."""
    try:
        return _decode(json)
    except RecursionError:
        raise FeelLimitError("The value is nested too deeply.") from None


def _decode(json: Json) -> Any:
    if isinstance(json, bool) or json is None or isinstance(json, str):
        return json
    if isinstance(json, (int, float)):
        return to_number(json)
    if isinstance(json, list):
        return [_decode(item) for item in json]
    if not isinstance(json, dict):
        raise FeelError("What is stored is no JSON.")
    if len(json) == 1:
        ((tag, content),) = json.items()
        read = _READERS.get(tag)
        if read is not None:
            return _read(tag, read, content)
    return {_unescaped(key): _decode(item) for key, item in json.items()}


def _unescaped(key: str) -> str:
    if key.startswith("$") and not key.startswith("$$"):
        raise FeelError(f"The tag '{key}' is unknown.")
    return key[1:] if key.startswith("$") else key


def _read(tag: str, read: Callable[[Any], Any], content: Json) -> Any:
    try:
        value = read(content)
    except (TypeError, ValueError, ArithmeticError):
        value = None
    if value is None:
        raise FeelError(f"The content of the tag '{tag}' cannot be read.")
    return value


def _read_decimal(text: Json) -> Decimal | None:
    number = Decimal(text if isinstance(text, str) else "NaN")
    return number if number.is_finite() else None


def _read_moment(text: str) -> datetime | None:
    local, named, key = text.partition("@")
    moment = read_datetime(local)
    if moment is None or not named:
        return moment
    zone = read_zone(key)
    return None if zone is None else moment.astimezone(zone)


def _read_range(content: list[Json]) -> Range:
    start, end, start_included, end_included = content
    return Range(_decode(start), _decode(end), bool(start_included), bool(end_included))


_READERS: dict[str, Callable[[Any], Any]] = {
    "$decimal": _read_decimal,
    "$date": read_date,
    "$datetime": _read_moment,
    "$time": read_time,
    "$duration": read_duration,
    "$range": _read_range,
}


def plain(value: Any) -> Json:
    """JSON for people and programs that know nothing of FEEL: ISO texts, int or float, lists, objects."""
    try:
        return _plain(value)
    except RecursionError:
        raise FeelLimitError("The value is nested too deeply.") from None


def _plain_number(value: Decimal) -> int | float | str:
    """As a number of JSON; as a text the few that no program could read as one."""
    if not value.adjusted() < _FLOAT_DIGITS:
        return str(value)
    return int(value) if is_integral(value) else float(value)


def _plain(value: Any) -> Json:
    if isinstance(value, Decimal):
        return _plain_number(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Range):
        return {
            "start": _plain(value.start),
            "end": _plain(value.end),
            "start included": value.start_included,
            "end included": value.end_included,
        }
    tagged = _TAGS.get(type(value))
    if tagged is not None:
        return write_datetime(value) if isinstance(value, datetime) else tagged[1](value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise FeelError(f"A value of the type '{type(value).__name__}' cannot be shown.")

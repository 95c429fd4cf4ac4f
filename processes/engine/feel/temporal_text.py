"""Dates, times and durations to and from text (ISO 8601 as DMN 1.5, 10.3.4 narrows it)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .values import YearsMonths

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?(?:(Z|[+-]\d\d:\d\d(?::\d\d)?)|@([A-Za-z][A-Za-z0-9_+/-]{0,60}))?",
    re.ASCII,
)
_MONTHS = re.compile(r"(-?)P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?", re.ASCII)
_DURATION = re.compile(
    r"(-?)P(?:(\d{1,12})D)?(?:T(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12})(?:\.(\d{1,18}))?S)?)?", re.ASCII
)
MAX_MONTHS = 12 * 999_999_999


def read_date(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    zone = read_zone(match[5] or match[6])
    if zone is None and (match[5] or match[6]):
        return None
    try:
        return time(int(match[1]), int(match[2]), int(match[3]), _microseconds(match[4]), zone)
    except ValueError:
        return None


def read_datetime(text: str) -> datetime | None:
    """`date T time`; None also for a date alone."""
    day, separator, rest = text.partition("T")
    on, at = read_date(day), read_time(rest) if separator else None
    return None if on is None or at is None else datetime.combine(on, at)


@lru_cache(maxsize=256)
def read_zone(text: str | None) -> tzinfo | None:
    """`Z`, `+03:00` or a name of the zone database. None where there is no such zone."""
    if not text:
        return None
    if text == "Z":
        return UTC
    if text[0] in "+-":
        hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
        if hours > 18 or minutes > 59 or (seconds and seconds[0] > 59):
            return None
        offset = timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
        return timezone(-offset if text[0] == "-" else offset)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def read_duration(text: str) -> timedelta | YearsMonths | None:
    """`P1Y2M` or `P1DT2H`; a mixture of both kinds is none."""
    if text[-1:] in ("P", "T", "-", ""):
        return None
    match = _MONTHS.fullmatch(text)
    if match is not None:
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonths(-months if match[1] else months) if months <= MAX_MONTHS else None
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    try:
        length = timedelta(
            days=int(match[2] or 0),
            hours=int(match[3] or 0),
            minutes=int(match[4] or 0),
            seconds=int(match[5] or 0),
            microseconds=_microseconds(match[6]),
        )
        return -length if match[1] else length
    except OverflowError:
        return None


def read_temporal(text: str) -> Any:
    """What stands after `@`: a date, date and time, time or duration; None if it is none of them."""
    for read in (read_date, read_datetime, read_time, read_duration):
        value = read(text)
        if value is not None:
            return value
    return None


def _microseconds(digits: str | None) -> int:
    return int((digits or "0")[:6].ljust(6, "0"))


def write_zone(zone: tzinfo | None, offset: timedelta | None) -> str:
    """`@Europe/Moscow`, `Z`, `+03:00`, or nothing for a local time."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo) and zone.key:
        return "Z" if zone.key == "UTC" else f"@{zone.key}"
    if offset is None:
        return ""
    return "Z" if not offset else write_offset(offset)


def write_offset(offset: timedelta) -> str:
    total = round(abs(offset).total_seconds())
    hours, rest = divmod(total, 3600)
    minutes, seconds = divmod(rest, 60)
    text = f"{'-' if offset < timedelta(0) else '+'}{hours:02}:{minutes:02}"
    return f"{text}:{seconds:02}" if seconds else text


def write_time(value: time) -> str:
    return _clock(value) + write_zone(value.tzinfo, value.utcoffset())


def write_datetime(value: datetime) -> str:
    return f"{value.date().isoformat()}T{_clock(value)}{write_zone(value.tzinfo, value.utcoffset())}"


def _clock(value: time | datetime) -> str:
    text = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    return f"{text}.{value.microsecond:06}".rstrip("0") if value.microsecond else text


def write_duration(value: timedelta) -> str:
    """`P1DT2H3M4.5S`, the shortest spelling; `PT0S` for nothing."""
    length = abs(value)
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{length.microseconds:06}".rstrip("0") if length.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or fraction:
        clock += f"{seconds}{fraction}S"
    text = (f"{length.days}D" if length.days else "") + (f"T{clock}" if clock else "")
    return f"{'-' if value < timedelta(0) else ''}P{text or 'T0S'}"

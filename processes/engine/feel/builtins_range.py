"""Functions that relate points and intervals, and range() (DMN 1.5, 10.3.4).

Every end of an interval is a cut in the ordered values: just before a value or just after it. `[1..3)` begins just
before 1 and ends just before 3; a point reaches from just before to just after itself. All relations but `meets`
are then comparisons of cuts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .builtins_conversion import quoted
from .comparison import equal, less
from .errors import FeelError
from .numbers import read_number
from .runtime import Run
from .signatures import Family
from .temporal_text import read_temporal
from .values import Range, kind_of

FAMILY = Family()
BEFORE, AFTER = 0, 1
MAX_RANGE_TEXT = 1_000


class _NoOrderError(FeelError):
    """Two values have no order; the relation is null."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A place between values; `infinite` is -1 or 1 beyond all of them."""

    value: Any
    side: int
    infinite: int = 0


def _start(value: Any) -> Cut:
    if type(value) is not Range:
        return Cut(value, BEFORE)
    return Cut(value.start, BEFORE if value.start_included else AFTER, -1 if value.start is None else 0)


def _end(value: Any) -> Cut:
    if type(value) is not Range:
        return Cut(value, AFTER)
    return Cut(value.end, AFTER if value.end_included else BEFORE, 1 if value.end is None else 0)


class Pair:
    """Two points or intervals, and how their ends lie to each other: -1, 0, 1 for before, at, after."""

    def __init__(self, run: Run, first: Any, second: Any) -> None:
        self.run = run
        self.first, self.second = first, second

    def order(self, left: Cut, right: Cut) -> int:
        if left.infinite or right.infinite:
            return (left.infinite > right.infinite) - (left.infinite < right.infinite)
        if kind_of(left.value) != kind_of(right.value):
            raise _NoOrderError
        below = less(self.run, left.value, right.value)
        above = less(self.run, right.value, left.value)
        if below is None or above is None:
            raise _NoOrderError
        return (above - below) or (left.side - right.side)

    def starts(self) -> int:
        return self.order(_start(self.first), _start(self.second))

    def ends(self) -> int:
        return self.order(_end(self.first), _end(self.second))

    def end_to_start(self) -> int:
        return self.order(_end(self.first), _start(self.second))

    def start_to_end(self) -> int:
        return self.order(_start(self.first), _end(self.second))

    def touching(self) -> bool:
        """Whether the first ends exactly with the value that the second begins with, both included."""
        one, two = self.first, self.second
        return one.end_included and two.start_included and equal(self.run, one.end, two.start) is True


_POINTS, _RANGES = ("point1", "point2"), ("range1", "range2")
_POINT_IN_RANGE, _RANGE_AND_POINT = ("point", "range"), ("range", "point")
_Names = tuple[tuple[str, str], ...]
_RELATIONS: dict[str, tuple[_Names, Callable[[Pair], bool]]] = {
    "before": ((_POINTS, _POINT_IN_RANGE, _RANGE_AND_POINT, _RANGES), lambda pair: pair.end_to_start() <= 0),
    "coincides": ((_POINTS, _RANGES), lambda pair: pair.starts() == 0 and pair.ends() == 0),
    "meets": ((_RANGES,), lambda pair: pair.touching()),
    "overlaps": ((_RANGES,), lambda pair: pair.end_to_start() > 0 and pair.start_to_end() < 0),
    "overlaps before": (
        (_RANGES,),
        lambda pair: pair.starts() < 0 and pair.end_to_start() > 0 and pair.ends() <= 0,
    ),
    "during": ((_POINT_IN_RANGE, _RANGES), lambda pair: pair.starts() >= 0 and pair.ends() <= 0),
    "starts": ((_POINT_IN_RANGE, _RANGES), lambda pair: pair.starts() == 0 and pair.ends() <= 0),
    "finishes": ((_POINT_IN_RANGE, _RANGES), lambda pair: pair.ends() == 0 and pair.starts() >= 0),
}
_MIRRORED = {
    "after": "before",
    "met by": "meets",
    "overlaps after": "overlaps before",
    "includes": "during",
    "started by": "starts",
    "finished by": "finishes",
}
_MIRRORED_NAMES = {_POINT_IN_RANGE: _RANGE_AND_POINT, _RANGE_AND_POINT: _POINT_IN_RANGE}


def _judge(run: Run, holds: Callable[[Pair], bool], first: Any, second: Any) -> bool | None:
    if first is None or second is None:
        return run.note("null lies nowhere: it has no place before, after or within a range.")
    try:
        return holds(Pair(run, first, second))
    except _NoOrderError:
        return run.note("The two values have no common order.")


def _define(name: str, names: tuple[str, str], body: Callable[[Run, Any, Any], bool | None]) -> None:
    kinds = ("range" if one.startswith("range") else "any" for one in names)
    FAMILY.define(name, ", ".join(f"{one}: {kind}" for one, kind in zip(names, kinds, strict=True)))(body)


def _straight(holds: Callable[[Pair], bool]) -> Callable[[Run, Any, Any], bool | None]:
    return lambda run, first, second: _judge(run, holds, first, second)


def _turned(holds: Callable[[Pair], bool]) -> Callable[[Run, Any, Any], bool | None]:
    return lambda run, first, second: _judge(run, holds, second, first)


for _name, (_signatures, _holds) in _RELATIONS.items():
    for _pair in _signatures:
        _define(_name, _pair, _straight(_holds))
for _name, _other in _MIRRORED.items():
    _signatures, _holds = _RELATIONS[_other]
    for _pair in _signatures:
        _define(_name, _MIRRORED_NAMES.get(_pair, _pair), _turned(_holds))

_RANGE = re.compile(r"\s*([\[(\]])(.*?)\.\.(.*)([\])\[])\s*", re.DOTALL)
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)", re.ASCII)
_TEXT = re.compile(r'"([^"\\]*)"')
_TEMPORAL = re.compile(r'(?:@|(?:date|time|date and time|duration)\s*\()\s*"([^"\\]*)"\s*\)?')


@FAMILY.define("range", "from: string")
def range_of(run: Run, text: str) -> Range | None:
    """The interval that a text such as "[1..10)" spells; its ends are literals, one of them may be missing."""
    match = _RANGE.fullmatch(text) if len(text) <= MAX_RANGE_TEXT else None
    if match is None:
        return run.note(f"range() cannot read {quoted(text[:40])}.")
    start, end = _literal(match[2].strip()), _literal(match[3].strip())
    result = Range(start, end, match[1] == "[", match[4] == "]")
    wrong = (
        (start is None and (match[2].strip() != "" or result.start_included))
        or (end is None and (match[3].strip() != "" or result.end_included))
        or (start is None and end is None)
    )
    if wrong or (start is not None and end is not None and less(run, end, start) is not False):
        return run.note(f"range() cannot read {quoted(text[:40])}.")
    return result


def _literal(text: str) -> Any:
    if _NUMBER.fullmatch(text):
        return read_number(text)
    quotation = _TEXT.fullmatch(text)
    if quotation:
        return quotation[1]
    temporal = _TEMPORAL.fullmatch(text)
    return read_temporal(temporal[1]) if temporal else None

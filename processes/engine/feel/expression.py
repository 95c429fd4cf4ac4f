"""Compiled expressions: what the rest of the engine holds and evaluates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from .compile import compile_tree
from .environment import Closure
from .errors import FeelLimitError, FeelSizeError
from .limits import MAX_DEPTH, MAX_VALUE_DEPTH
from .parser import parse
from .runtime import Run, Scope


class Expression:
    """One expression, ready to be evaluated any number of times; immutable and safe to share between threads."""

    __slots__ = ("_closure", "names", "source")

    def __init__(self, source: str, closure: Closure, names: frozenset[str]) -> None:
        self.source = source
        self.names = names
        self._closure = closure

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"

    def evaluate(self, context: Mapping[str, Any], *, now: datetime | None = None) -> Any:
        """The value: None, bool, Decimal, str, date, datetime, time, timedelta, YearsMonths, Range, list or dict.

        `context` holds the variables; Python numbers in it count as decimals. `now` (aware) is what now() and
        today() answer. Raises FeelLimitError.
        """
        return run_closure(self._closure, Run(context, now))

    def evaluate_with_notes(
        self, context: Mapping[str, Any], *, now: datetime | None = None
    ) -> tuple[Any, list[str]]:
        """The value as by `evaluate`, and sentences that say why parts of it became null."""
        run = Run(context, now)
        return run_closure(self._closure, run), run.notes


def run_closure(closure: Closure, run: Run) -> Any:
    """Evaluate. Raises FeelLimitError, also where nested values would exhaust Python's stack."""
    try:
        value = closure(Scope(run, {}, None))
    except RecursionError:
        raise FeelLimitError("The expression builds values that are nested too deeply.") from None
    if type(value) is list or type(value) is dict:
        _measure(run, value)
    return value


def _measure(run: Run, value: Any) -> None:
    """Refuse a result that is small in memory but endless to write down, such as [a, a] of [b, b] of [c, c]..."""
    level = [value]
    for _ in range(MAX_VALUE_DEPTH):
        inside = [list(item.values()) if type(item) is dict else item for item in level]
        run.spend(sum(map(len, inside)))
        level = [item for items in inside for item in items if type(item) is list or type(item) is dict]
        if not level:
            return
    raise FeelLimitError(f"The result is nested more than {MAX_VALUE_DEPTH} levels deep.")


@lru_cache(maxsize=2048)
def compile_expression(text: str) -> Expression:
    """An expression ready to be evaluated. Raises FeelSyntaxError, whose message says what is wrong and where."""
    try:
        closure, names = compile_tree(parse(text), text)
    except RecursionError:
        raise FeelSizeError(f"The expression is nested more than {MAX_DEPTH} levels deep", text, 0) from None
    return Expression(text, closure, names)

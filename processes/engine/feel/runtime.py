"""One evaluation: its variables, its clock, the work it has done, and what it noticed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Never

from .errors import FeelLimitError
from .limits import CHARACTERS_PER_OPERATION, MAX_CALL_DEPTH, MAX_NOTES, MAX_STRING, MAX_WORK
from .numbers import to_number
from .values import Function, Range, YearsMonths

MISSING: Any = object()
_AS_IS = frozenset((type(None), bool, str, date, datetime, time, timedelta, YearsMonths, Range, Function))


class Run:
    """State of one evaluation. Raises FeelLimitError from `spend` when it has gone on for too long."""

    __slots__ = ("_known", "context", "depth", "notes", "now", "work")

    def __init__(self, context: Mapping[str, Any], now: datetime | None) -> None:
        self.context = context
        self.now = now
        self.work = 0
        self.depth = 0
        self.notes: list[str] = []
        self._known: dict[str, Any] = {}

    def spend(self, operations: int) -> None:
        self.work += operations
        if self.work > MAX_WORK:
            raise FeelLimitError(f"The expression was stopped after {MAX_WORK:,} operations.")

    def spend_text(self, length: int) -> None:
        """Account for making or reading `length` characters."""
        if length > MAX_STRING:
            raise FeelLimitError(
                f"A text may have at most {MAX_STRING:,} characters; this one would have {length:,}."
            )
        self.spend(1 + length // CHARACTERS_PER_OPERATION)

    def enter(self, depth: int) -> None:
        """A function body begins whose tree is `depth` high."""
        self.depth += depth
        if self.depth > MAX_CALL_DEPTH:
            raise FeelLimitError("Functions call each other too deeply.")

    def note(self, sentence: str) -> Never | None:  # noqa: RUF020 (what is plainly None may not be returned)
        """Remember why a part became null. Always None, so that callers may return it."""
        if len(self.notes) < MAX_NOTES and sentence not in self.notes:
            self.notes.append(sentence)
        return None

    def variable(self, name: str) -> Any:
        """A variable of the outer context as a FEEL value; null with a note when there is none."""
        known = self._known
        if name in known:
            return known[name]
        value = self.context.get(name, MISSING)
        if value is MISSING:
            self.note(f"There is no variable '{name}'.")
            return None
        if type(value) not in _AS_IS:
            value = self.normalised(value)
        known[name] = value
        return value

    def normalised(self, value: Any) -> Any:
        """A value from Python as a FEEL value: numbers become Decimal, mappings dict, sequences list.

        Anything that FEEL has no kind for becomes null with a note: its attributes are never reached.
        """
        if type(value) in _AS_IS:
            return value
        if isinstance(value, (int, float, Decimal)):
            return self._number(value)
        if isinstance(value, Mapping):
            self.spend(len(value))
            return {str(key): self.normalised(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            self.spend(len(value))
            return [self.normalised(item) for item in value]
        if isinstance(value, str):
            return str.__str__(value)
        return self.note(f"A value of the Python type '{type(value).__name__}' has no meaning in FEEL.")

    def _number(self, value: int | float | Decimal) -> Decimal | None:
        number = to_number(value)
        if number is None:
            self.note("A variable holds a number that is not finite.")
        return number


class Scope:
    """Names bound inside the expression: loop variables, parameters, context entries, filtered items."""

    __slots__ = ("names", "parent", "run")

    def __init__(self, run: Run, names: dict[str, Any], parent: Scope | None) -> None:
        self.run = run
        self.names = names
        self.parent = parent

    def find(self, name: str) -> Any:
        """The innermost binding of `name` inside the expression, or MISSING."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return MISSING

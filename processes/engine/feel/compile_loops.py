"""for, some and every into closures (DMN 1.5, 10.3.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from . import nodes
from .comparison import all_of, any_of
from .environment import Closure, Environment
from .numbers import is_integral
from .runtime import Run, Scope
from .values import Range, describe_kind

PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class _Loop:
    """One `name in source` or `name in source .. end`."""

    name: str
    source: Closure
    end: Closure | None

    def items(self, scope: Scope) -> Iterator[Any] | None:
        """What the variable takes on, one after the other; None when the source is null or no list."""
        value = self.source(scope)
        if self.end is not None:
            return _steps(scope.run, value, self.end(scope), 0, 0)
        if type(value) is list:
            return iter(value)
        if type(value) is Range:
            return _steps(
                scope.run, value.start, value.end, int(not value.start_included), int(not value.end_included)
            )
        if value is None:
            scope.run.note(f"There is no list for '{self.name}' to go through.")
            return None
        return iter([value])


def _steps(run: Run, start: Any, end: Any, skip_start: int, skip_end: int) -> Iterator[Any] | None:
    """Whole numbers or days from start to end, downwards when the end is below the start."""
    if type(start) is Decimal and type(end) is Decimal and is_integral(start) and is_integral(end):
        first, last = int(start), int(end)
        sign = 1 if last >= first else -1
        return map(Decimal, range(first + sign * skip_start, last + sign * (1 - skip_end), sign))
    if _is_day(start) and _is_day(end):
        sign = 1 if end >= start else -1
        count = abs((end - start).days)
        return (start + timedelta(days=sign * n) for n in range(skip_start, count + 1 - skip_end))
    run.note(f"A loop cannot go from {describe_kind(start)} to {describe_kind(end)}.")
    return None


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _loops(
    iterations: tuple[nodes.Iteration, ...], environment: Environment
) -> tuple[list[_Loop], Environment]:
    """The loops, each seeing the variables of those before it, and the environment of the body."""
    loops = []
    for iteration in iterations:
        end = None if iteration.end is None else environment.closure(iteration.end)
        loops.append(_Loop(iteration.name, environment.closure(iteration.source), end))
        environment = environment.binding(iteration.name)
    return loops, environment


class _NothingToLoopError(Exception):
    """A source is null: the whole loop is null."""


def _scopes(loops: list[_Loop], scope: Scope, weight: int) -> Iterator[Scope]:
    """A scope for every combination, the last loop running fastest."""
    items = loops[0].items(scope)
    if items is None:
        raise _NothingToLoopError
    name, inner = loops[0].name, loops[1:]
    for item in items:
        scope.run.spend(weight)
        bound = Scope(scope.run, {name: item}, scope)
        if inner:
            yield from _scopes(inner, bound, weight)
        else:
            yield bound


def for_(node: nodes.For, environment: Environment) -> Closure:
    if _uses(node.body, PARTIAL):
        return _for_with_partial(node, environment)
    loops, inside = _loops(node.iterations, environment)
    body, weight = inside.closure(node.body), node.body.weight + 1

    def loop(scope: Scope) -> list[Any] | None:
        try:
            return [body(inner) for inner in _scopes(loops, scope, weight)]
        except _NothingToLoopError:
            return None

    return loop


def _for_with_partial(node: nodes.For, environment: Environment) -> Closure:
    """The body sees the results so far as `partial`; each time a copy, or a result could contain itself."""
    loops, inside = _loops(node.iterations, environment)
    body, weight = inside.binding(PARTIAL).closure(node.body), node.body.weight + 1

    def loop(scope: Scope) -> list[Any] | None:
        results: list[Any] = []
        try:
            for inner in _scopes(loops, scope, weight):
                scope.run.spend(len(results) // 8)
                results.append(body(Scope(scope.run, {PARTIAL: list(results)}, inner)))
        except _NothingToLoopError:
            return None
        return results

    return loop


def _uses(node: nodes.Node, name: str) -> bool:
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, nodes.Name) and one.name == name:
            return True
        waiting.extend(one.children())
    return False


def some(node: nodes.Some, environment: Environment) -> Closure:
    loops, inside = _loops(node.iterations, environment)
    body, weight = inside.closure(node.body), node.body.weight + 1

    def any_satisfies(scope: Scope) -> bool | None:
        try:
            return any_of(body(inner) for inner in _scopes(loops, scope, weight))
        except _NothingToLoopError:
            return None

    return any_satisfies


def every(node: nodes.Every, environment: Environment) -> Closure:
    loops, inside = _loops(node.iterations, environment)
    body, weight = inside.closure(node.body), node.body.weight + 1

    def all_satisfy(scope: Scope) -> bool | None:
        try:
            return all_of(body(inner) for inner in _scopes(loops, scope, weight))
        except _NothingToLoopError:
            return None

    return all_satisfy

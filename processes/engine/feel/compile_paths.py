"""Names, paths and filters into closures."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from . import nodes
from .environment import Closure, Environment
from .library import FUNCTIONS, function_value
from .moments import PROPERTIES
from .runtime import MISSING, Run, Scope
from .values import capital, describe_kind


def name(node: nodes.Name, environment: Environment) -> Closure:
    """A variable; a built-in function where there is no variable of its name."""
    wanted = node.name
    fallback = function_value(wanted) if wanted in FUNCTIONS else None
    if wanted not in environment.bound:
        environment.free.add(wanted)
    if environment.is_outer(wanted):
        if fallback is None:
            return lambda scope: scope.run.variable(wanted)
        return lambda scope: scope.run.variable(wanted) if wanted in scope.run.context else fallback

    def bound_or_outer(scope: Scope) -> Any:
        value = scope.find(wanted)
        if value is not MISSING:
            return value
        return (
            fallback
            if fallback is not None and wanted not in scope.run.context
            else scope.run.variable(wanted)
        )

    return bound_or_outer


def path(node: nodes.Path, environment: Environment) -> Closure:
    keys = [node.name]
    base = node.base
    while isinstance(base, nodes.Path):
        keys.append(base.name)
        base = base.base
    keys.reverse()
    if isinstance(base, nodes.Name) and environment.is_outer(base.name):
        environment.free.add(base.name)
        return _outer_path(base.name, keys)
    start = environment.closure(base)

    def inner_path(scope: Scope) -> Any:
        value = start(scope)
        for key in keys:
            value = property_of(scope.run, value, key)
        return value

    return inner_path


def _outer_path(first: str, keys: list[str]) -> Closure:
    """A path from an outer variable: only what is found at its end is turned into FEEL values."""

    def outer_path(scope: Scope) -> Any:
        run = scope.run
        value = run.context.get(first, MISSING)
        if value is MISSING:
            value = run.variable(first)
        for n, key in enumerate(keys):
            if isinstance(value, Mapping) and key in value:
                value = value[key]
                continue
            value = run.normalised(value)
            for rest in keys[n:]:
                value = property_of(run, value, rest)
            return value
        return run.normalised(value)

    return outer_path


def property_of(run: Run, value: Any, key: str) -> Any:
    """`value.key`: an entry of a context, a part of a date, duration or range; of a list, that of every item."""
    kind = type(value)
    if kind is dict:
        if key in value:
            return value[key]
        return run.note(f"There is no entry '{key}'.")
    if kind is list:
        run.spend(len(value))
        return [property_of(run, item, key) for item in value]
    read = PROPERTIES.get(kind, {}).get(key)
    if read is not None:
        return read(value)
    return run.note(f"{capital(describe_kind(value))} has no '{key}'.")


def filter_(node: nodes.Filter, environment: Environment) -> Closure:
    base = environment.closure(node.base)
    position = _fixed_position(node.test)
    if position is not None:
        return lambda scope: item_at(scope.run, base(scope), position)
    test = environment.filtering().closure(node.test)
    weight = node.test.weight

    def filtered(scope: Scope) -> Any:
        value = base(scope)
        if value is None:
            return None
        items = value if type(value) is list else [value]
        if not items:
            return _filter_of_nothing(scope)
        kept = []
        for item in items:
            scope.run.spend(weight)
            verdict = test(_item_scope(scope, item))
            if verdict is True:
                kept.append(item)
            elif type(verdict) is Decimal:
                return item_at(scope.run, value, verdict)
        return kept

    def _filter_of_nothing(scope: Scope) -> Any:
        # Whether the test is a condition or a position is seen from its value; what it finds missing is no news.
        known = len(scope.run.notes)
        verdict = test(Scope(scope.run, {"item": None}, scope))
        del scope.run.notes[known:]
        return None if type(verdict) is Decimal else []

    return filtered


def _item_scope(scope: Scope, item: Any) -> Scope:
    if type(item) is dict:
        scope.run.spend(len(item) // 8)
        return Scope(scope.run, {"item": item, **item}, scope)
    return Scope(scope.run, {"item": item}, scope)


def _fixed_position(test: nodes.Node) -> Decimal | None:
    if isinstance(test, nodes.Literal) and isinstance(test.value, Decimal):
        return test.value
    if isinstance(test, nodes.Negate) and isinstance(test.operand, nodes.Literal):
        inner = test.operand.value
        return inner.copy_negate() if isinstance(inner, Decimal) else None
    return None


def item_at(run: Run, value: Any, position: Decimal) -> Any:
    """The item at a position, counted from 1 or, when negative, from the end; null outside of the list."""
    if value is None:
        return None
    items = value if type(value) is list else [value]
    if position.copy_abs() <= len(items) and position == int(position) and position != 0:
        number = int(position)
        return items[number - 1 if number > 0 else number]
    return run.note(f"The list has no position {position}.")

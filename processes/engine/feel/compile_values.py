"""Literals, lists, contexts and ranges into closures."""

from __future__ import annotations

from typing import Any

from . import nodes
from .environment import Closure, Environment
from .runtime import Scope
from .values import Range


def literal(node: nodes.Literal, environment: Environment) -> Closure:
    value = node.value
    return lambda scope: value


def list_(node: nodes.ListOf, environment: Environment) -> Closure:
    items = [environment.closure(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


def context(node: nodes.ContextOf, environment: Environment) -> Closure:
    """Each entry sees the ones before it."""
    entries: list[tuple[str, Closure]] = []
    for key, value in node.entries:
        # A function may call itself by the name of its entry; any other entry sees only those before it.
        inside = environment.binding(key) if isinstance(value, nodes.FunctionOf) else environment
        entries.append((key, inside.closure(value)))
        environment = environment.binding(key)

    def context(scope: Scope) -> dict[str, Any]:
        found: dict[str, Any] = {}
        inner = Scope(scope.run, found, scope)
        for key, value in entries:
            found[key] = value(inner)
        return found

    return context


def range_(node: nodes.RangeOf, environment: Environment) -> Closure:
    start, end = environment.closure(node.start), environment.closure(node.end)
    start_included, end_included = node.start_included, node.end_included

    def interval(scope: Scope) -> Range | None:
        low, high = start(scope), end(scope)
        if low is None or high is None:
            return None
        if type(low) is not type(high):
            scope.run.note("The ends of a range must be of one kind.")
            return None
        return Range(low, high, start_included, end_included)

    return interval

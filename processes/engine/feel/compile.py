"""A syntax tree into closures that take a scope and give a value; one function per form of expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import compile_calls, compile_loops, compile_operators, compile_paths, compile_values, nodes
from .environment import Closure, Environment
from .nodes import Node


def compile_tree(node: Node, source: str) -> tuple[Closure, frozenset[str]]:
    """The closure of a whole tree and its free names. Raises FeelSyntaxError for an unknown function."""
    environment = new_environment(source)
    closure = environment.closure(node)
    return closure, frozenset(environment.free)


def new_environment(source: str) -> Environment:
    """Where the compilation of one text begins: nothing is bound."""
    return Environment(source, _compile)


def _compile(node: Node, environment: Environment) -> Closure:
    return _COMPILERS[type(node)](node, environment)


_COMPILERS: dict[type[Node], Callable[[Any, Environment], Closure]] = {
    nodes.Literal: compile_values.literal,
    nodes.ListOf: compile_values.list_,
    nodes.ContextOf: compile_values.context,
    nodes.RangeOf: compile_values.range_,
    nodes.Name: compile_paths.name,
    nodes.Path: compile_paths.path,
    nodes.Filter: compile_paths.filter_,
    nodes.Call: compile_calls.call,
    nodes.FunctionOf: compile_calls.function,
    nodes.And: compile_operators.and_,
    nodes.Or: compile_operators.or_,
    nodes.Arithmetic: compile_operators.arithmetic,
    nodes.Negate: compile_operators.minus,
    nodes.Compare: compile_operators.compare,
    nodes.Between: compile_operators.between,
    nodes.In: compile_operators.in_,
    nodes.Comparator: compile_operators.comparator,
    nodes.InstanceOf: compile_operators.instance_of,
    nodes.If: compile_operators.if_,
    nodes.For: compile_loops.for_,
    nodes.Some: compile_loops.some,
    nodes.Every: compile_loops.every,
}

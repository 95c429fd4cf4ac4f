"""Operators into closures: logic, arithmetic, comparison, membership, choice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import nodes
from .arithmetic import OPERATIONS, negate
from .comparison import COMPARISONS, all_of, any_of, is_in, less_or_equal
from .environment import Closure, Environment
from .runtime import Scope
from .type_check import has_type
from .values import Range

Test = Callable[[Scope, Any], bool | None]


def and_(node: nodes.And, environment: Environment) -> Closure:
    terms = [environment.closure(term) for term in node.terms]
    return lambda scope: all_of(term(scope) for term in terms)


def or_(node: nodes.Or, environment: Environment) -> Closure:
    terms = [environment.closure(term) for term in node.terms]
    return lambda scope: any_of(term(scope) for term in terms)


def arithmetic(node: nodes.Arithmetic, environment: Environment) -> Closure:
    first = environment.closure(node.first)
    rest = [(OPERATIONS[operator], environment.closure(operand)) for operator, operand in node.rest]
    if len(rest) == 1:
        operation, second = rest[0]
        return lambda scope: operation(scope.run, first(scope), second(scope))

    def run_of_operators(scope: Scope) -> Any:
        value = first(scope)
        for operation, operand in rest:
            value = operation(scope.run, value, operand(scope))
        return value

    return run_of_operators


def minus(node: nodes.Negate, environment: Environment) -> Closure:
    operand = environment.closure(node.operand)
    return lambda scope: negate(scope.run, operand(scope))


def compare(node: nodes.Compare, environment: Environment) -> Closure:
    compare = COMPARISONS[node.operator]
    left, right = environment.closure(node.left), environment.closure(node.right)
    return lambda scope: compare(scope.run, left(scope), right(scope))


def between(node: nodes.Between, environment: Environment) -> Closure:
    value = environment.closure(node.value)
    low, high = environment.closure(node.low), environment.closure(node.high)

    def between(scope: Scope) -> bool | None:
        middle = value(scope)
        above = less_or_equal(scope.run, low(scope), middle)
        return all_of((above, less_or_equal(scope.run, middle, high(scope))))

    return between


def in_(node: nodes.In, environment: Environment) -> Closure:
    value = environment.closure(node.value)
    tests = [positive_test(test, environment) for test in node.tests]

    def contained(scope: Scope) -> bool | None:
        tested = value(scope)
        return any_of(test(scope, tested) for test in tests)

    return contained


def positive_test(node: nodes.Node, environment: Environment) -> Test:
    """A test of `in (...)`: a comparison with the tested value, or values that it must be among."""
    if isinstance(node, nodes.Comparator):
        compare, operand = COMPARISONS[node.operator], environment.closure(node.operand)
        return lambda scope, tested: compare(scope.run, tested, operand(scope))
    test = environment.closure(node)
    return lambda scope, tested: is_in(scope.run, tested, test(scope))


def comparator(node: nodes.Comparator, environment: Environment) -> Closure:
    """As a value `< 5` is the interval of all values below 5; `= 5` the one from 5 to 5."""
    operand = environment.closure(node.operand)
    make = _INTERVALS.get(node.operator)
    if make is None:
        raise environment.problem("'!=' and a value are a test, but no range", node)

    def interval(scope: Scope) -> Range | None:
        end = operand(scope)
        return None if end is None else make(end)

    return interval


_INTERVALS: dict[str, Callable[[Any], Range]] = {
    "=": lambda end: Range(end, end, True, True),
    "<": lambda end: Range(None, end, False, False),
    "<=": lambda end: Range(None, end, False, True),
    ">": lambda end: Range(end, None, False, False),
    ">=": lambda end: Range(end, None, True, False),
}


def instance_of(node: nodes.InstanceOf, environment: Environment) -> Closure:
    value, wanted = environment.closure(node.value), node.type
    return lambda scope: has_type(scope.run, value(scope), wanted)


def if_(node: nodes.If, environment: Environment) -> Closure:
    condition = environment.closure(node.condition)
    then, otherwise = environment.closure(node.then), environment.closure(node.otherwise)
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)

"""Unary tests: the conditions in the cells of a decision table (DMN 1.5, 10.3.1 and 10.3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from .comparison import any_of, negated
from .compile import new_environment
from .compile_operators import Test, positive_test
from .environment import Closure, Environment
from .errors import FeelSizeError
from .expression import run_closure
from .limits import MAX_DEPTH
from .nodes import Comparator, Node
from .parser import OR, Parser
from .runtime import Run, Scope

INPUT = "?"


class UnaryTests:
    """The tests of one cell, ready to be asked any number of times."""

    __slots__ = ("_closure", "names", "source")

    def __init__(self, source: str, closure: Closure, names: frozenset[str]) -> None:
        self.source = source
        self.names = names
        self._closure = closure

    def __repr__(self) -> str:
        return f"UnaryTests({self.source!r})"

    def matches(self, value: Any, context: Mapping[str, Any], *, now: datetime | None = None) -> bool:
        """Whether the value passes: at least one test is true (null is not). Raises FeelLimitError."""
        return run_closure(self._closure, Run({**context, INPUT: value}, now)) is True


@lru_cache(maxsize=2048)
def compile_unary_tests(text: str) -> UnaryTests:
    """Tests such as `-` (or nothing: everything passes), `> 5`, `[1..3]`, `"a", "b"`, `not("a")`, `? > 5 and ? < 9`.

    Raises FeelSyntaxError.
    """
    try:
        return _compile(text)
    except RecursionError:
        raise FeelSizeError(f"The expression is nested more than {MAX_DEPTH} levels deep", text, 0) from None


def _compile(text: str) -> UnaryTests:
    parser = Parser(text)
    if parser.token.kind == "end" or (parser.at("-") and parser.ahead().kind == "end"):
        return UnaryTests(text, lambda scope: True, frozenset())
    inverted = parser.at("not") and parser.ahead().text == "("
    if inverted:
        parser.step()
        parser.step()
    tests = [parser.test(OR)]
    while parser.accept(","):
        tests.append(parser.test(OR))
    if inverted:
        parser.expect(")", "after the tests in 'not(...)'")
    if parser.token.kind != "end":
        raise parser.expected("',' or the end of the text")
    environment = new_environment(text)
    passing = [_test(test, environment) for test in tests]

    def passes(scope: Scope) -> bool | None:
        tested = scope.run.variable(INPUT)
        verdict = any_of(test(scope, tested) for test in passing)
        return negated(verdict) if inverted else verdict

    return UnaryTests(text, passes, frozenset(environment.free - {INPUT}))


def _test(node: Node, environment: Environment) -> Test:
    """A test that mentions `?` is a condition; any other names values that the input must be among."""
    own = replace(environment, free=set())
    test = positive_test(node, own)
    environment.free.update(own.free)
    if INPUT not in own.free or isinstance(node, Comparator):
        return test
    condition = own.closure(node)
    return lambda scope, tested: condition(scope)

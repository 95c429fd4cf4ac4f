"""Unary tests: the conditions in the cells of a decision table (DMN 1.5, 10.3.2.8 and 7.3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from .comparison import any_of, is_in, negated
from .compile import compile_tree
from .environment import Closure
from .errors import FeelSizeError
from .expression import run_closure
from .limits import MAX_DEPTH
from .nodes import Comparator, Literal, Name, Node
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


@lru_cache(maxsize=4096)
def compile_unary_tests(text: str) -> UnaryTests:
    """Tests such as `-`, `> 5`, `[1..3]`, `"a", "b"`, `not("a")`, `? > 5 and ? < 9`. Raises FeelSyntaxError."""
    try:
        return _compile(text)
    except RecursionError:
        raise FeelSizeError(f"The expression is nested more than {MAX_DEPTH} levels deep", text, 0) from None


def _compile(text: str) -> UnaryTests:
    parser = Parser(text)
    if parser.at("-") and parser.ahead().kind == "end":
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
    compiled = [_compile_test(test, text) for test in tests]
    names = frozenset().union(*(names for _, names in compiled)) - {INPUT}
    closures = [closure for closure, _ in compiled]

    def passes(scope: Scope) -> bool | None:
        verdict = any_of(closure(scope) for closure in closures)
        return negated(verdict) if inverted else verdict

    return UnaryTests(text, passes, names)


def _compile_test(test: Node, text: str) -> tuple[Closure, frozenset[str]]:
    closure, names = compile_tree(test, text)
    if INPUT in names:
        return closure, names
    return _compare_with_input(closure, test), names


def _compare_with_input(closure: Closure, test: Node) -> Closure:
    """A test without `?` names values that the input must be (in); true stands for a condition that holds."""
    literal = isinstance(test, (Literal, Name, Comparator))

    def compare(scope: Scope) -> bool | None:
        run = scope.run
        value, wanted = run.variable(INPUT), closure(scope)
        if wanted is True and value is not True and value is not False and not literal:
            return True
        return is_in(run, value, wanted)

    return compare

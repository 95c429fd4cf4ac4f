"""What the compiler knows about names while it walks down the tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from .errors import FeelSyntaxError
from .nodes import Node
from .runtime import Scope

Closure = Callable[[Scope], Any]


@dataclass(frozen=True, slots=True)
class Environment:
    """Names bound so far. Inside a filter any name may be an entry of the item, so `open` is set there."""

    source: str
    compiler: Callable[[Node, Environment], Closure]
    free: set[str] = field(default_factory=set)
    bound: frozenset[str] = frozenset()
    open: bool = False

    def closure(self, node: Node) -> Closure:
        """The closure of a node below the one being compiled."""
        return self.compiler(node, self)

    def binding(self, *names: str) -> Environment:
        return replace(self, bound=self.bound.union(names))

    def filtering(self) -> Environment:
        return replace(self, bound=self.bound | {"item"}, open=True)

    def is_outer(self, name: str) -> bool:
        """Whether `name` can only be a variable of the outer context."""
        return not self.open and name not in self.bound

    def problem(self, sentence: str, node: Node) -> FeelSyntaxError:
        return FeelSyntaxError(sentence, self.source, node.position)

"""The syntax tree: one frozen class per form of expression, each knowing its height and size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type after `instance of`: its name, and its inner types (list<T>, context<a: T>, function<T> -> R)."""

    name: str
    inner: tuple[FeelType, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Node:
    """Base of all nodes. `position` is where its text begins."""

    position: int
    depth: int = field(init=False, default=1, repr=False, compare=False)
    weight: int = field(init=False, default=1, repr=False, compare=False)

    def __post_init__(self) -> None:
        depth, weight = 0, 1
        for child in self.children():
            depth = max(depth, child.depth)
            weight += child.weight
        object.__setattr__(self, "depth", depth + 1)
        object.__setattr__(self, "weight", weight)

    def children(self) -> Iterator[Node]:
        """The nodes directly below this one, in order of the text."""
        for one in fields(self):
            yield from _nodes_in(getattr(self, one.name))


def _nodes_in(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)


@dataclass(frozen=True)
class Literal(Node):
    value: Any


@dataclass(frozen=True)
class Name(Node):
    name: str


@dataclass(frozen=True)
class Path(Node):
    base: Node
    name: str


@dataclass(frozen=True)
class Filter(Node):
    base: Node
    test: Node


@dataclass(frozen=True)
class Call(Node):
    """`target(arguments)`; `names` has one name per argument when they are given by name."""

    target: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True)
class Or(Node):
    terms: tuple[Node, ...]


@dataclass(frozen=True)
class And(Node):
    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Arithmetic(Node):
    """A run of operators of one rank, from the left: a - b + c is (a, ((-, b), (+, c)))."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Negate(Node):
    operand: Node


@dataclass(frozen=True)
class Compare(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True)
class In(Node):
    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True)
class Comparator(Node):
    """`> 5`: an interval without its other end."""

    operator: str
    operand: Node


@dataclass(frozen=True)
class InstanceOf(Node):
    value: Node
    type: FeelType


@dataclass(frozen=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class Iteration(Node):
    """`name in source`, or `name in source .. end`."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True)
class For(Node):
    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True)
class Some(Node):
    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True)
class Every(Node):
    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True)
class ListOf(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True)
class ContextOf(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class RangeOf(Node):
    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True)
class FunctionOf(Node):
    parameters: tuple[str, ...]
    body: Node

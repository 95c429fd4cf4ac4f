"""The tree of a regular expression as a program for regex_run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from .limits import MAX_PROGRAM
from .regex_parse import (
    Anchor,
    Character,
    Choice,
    Group,
    PatternError,
    PatternReader,
    Predicate,
    Repeat,
    Sequence,
    Tree,
)


@dataclass(slots=True)
class Take:
    """Step over one character that `accepts`."""

    accepts: Predicate


@dataclass(slots=True)
class Fork:
    """Go on at `first`; should that fail, at `second`."""

    first: int
    second: int


@dataclass(slots=True)
class Jump:
    target: int


@dataclass(slots=True)
class Save:
    """Remember the position in slot `slot` (two slots for each group)."""

    slot: int


@dataclass(slots=True)
class Found:
    """The match is complete."""


Instruction = Take | Fork | Jump | Save | Anchor | Found


@dataclass(frozen=True, slots=True)
class Program:
    """`literal` is the text when the pattern is nothing but that text."""

    instructions: tuple[Instruction, ...]
    groups: int
    literal: str | None


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, flags: str) -> Program:
    """Raises PatternError, whose text goes after "... cannot be used: "."""
    reader = PatternReader(pattern, flags)
    tree = reader.read()
    if _size(tree) > MAX_PROGRAM:
        raise PatternError("its repeats multiply to too many steps")
    code: list[Instruction] = []
    _emit(tree, code)
    code.append(Found())
    return Program(tuple(code), reader.groups, _literal(tree))


def _literal(tree: Tree) -> str | None:
    parts = tree.parts if isinstance(tree, Sequence) else ()
    texts = [part.literal for part in parts if isinstance(part, Character) and part.literal is not None]
    return "".join(texts) if texts and len(texts) == len(parts) else None


def _size(tree: Tree) -> int:
    if isinstance(tree, Sequence):
        return sum(map(_size, tree.parts))
    if isinstance(tree, Choice):
        return sum(_size(option) + 2 for option in tree.options)
    if isinstance(tree, Repeat):
        return (_size(tree.inner) + 2) * max(tree.low + (tree.high is None), tree.high or 0, 1)
    if isinstance(tree, Group):
        return _size(tree.inner) + 2
    return 1


def _emit(tree: Tree, code: list[Instruction]) -> None:
    if isinstance(tree, Character):
        code.append(Take(tree.accepts))
    elif isinstance(tree, Anchor):
        code.append(tree)
    elif isinstance(tree, Sequence):
        for part in tree.parts:
            _emit(part, code)
    elif isinstance(tree, Group):
        code.append(Save(2 * tree.number))
        _emit(tree.inner, code)
        code.append(Save(2 * tree.number + 1))
    elif isinstance(tree, Choice):
        _emit_choice(tree, code)
    else:
        _emit_repeat(tree, code)


def _emit_choice(tree: Choice, code: list[Instruction]) -> None:
    leaving: list[Jump] = []
    for option in tree.options[:-1]:
        fork = Fork(len(code) + 1, 0)
        code.append(fork)
        _emit(option, code)
        leaving.append(Jump(0))
        code.append(leaving[-1])
        fork.second = len(code)
    _emit(tree.options[-1], code)
    for jump in leaving:
        jump.target = len(code)


def _emit_repeat(tree: Repeat, code: list[Instruction]) -> None:
    for _ in range(tree.low):
        _emit(tree.inner, code)
    if tree.high is None:
        at = len(code)
        fork = _fork(code)
        _emit(tree.inner, code)
        code.append(Jump(at))
        _leave(fork, len(code), tree.greedy)
        return
    forks = []
    for _ in range(tree.high - tree.low):
        forks.append(_fork(code))
        _emit(tree.inner, code)
    for fork in forks:
        _leave(fork, len(code), tree.greedy)


def _fork(code: list[Instruction]) -> Fork:
    fork = Fork(len(code) + 1, 0)
    code.append(fork)
    return fork


def _leave(fork: Fork, end: int, greedy: bool) -> None:
    inside = fork.first
    fork.first, fork.second = (inside, end) if greedy else (end, inside)

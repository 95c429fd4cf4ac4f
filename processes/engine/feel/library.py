"""All built-in functions by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import (
    builtins_context,
    builtins_conversion,
    builtins_list,
    builtins_numeric,
    builtins_range,
    builtins_sequence,
    builtins_string,
    builtins_temporal,
)
from .runtime import Run
from .signatures import Signature, invoke
from .values import Function

REFUSED = {
    "uuid": "An expression must give the same result every time: uuid() is not allowed",
    "random number": "An expression must give the same result every time: random number() is not allowed",
}
SPECIAL = frozenset(("is defined",))
"""Functions that the compiler writes itself, since they look at names and not at values."""

FUNCTIONS: dict[str, list[Signature]] = {}
for _family in (
    builtins_context.FAMILY,
    builtins_conversion.FAMILY,
    builtins_list.FAMILY,
    builtins_numeric.FAMILY,
    builtins_range.FAMILY,
    builtins_sequence.FAMILY,
    builtins_string.FAMILY,
    builtins_temporal.FAMILY,
):
    for _signature in _family.signatures:
        FUNCTIONS.setdefault(_signature.name, []).append(_signature)


def _by_first_word(names: Sequence[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for name in names:
        words = tuple(name.split())
        if len(words) > 1:
            found.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(names, key=len, reverse=True)) for first, names in found.items()}


MULTI_WORD_NAMES = _by_first_word([*FUNCTIONS, *REFUSED, *SPECIAL])
"""First word -> names of several words that begin with it, longest first."""


def suitable(name: str, count: int, names: Sequence[str] | None) -> list[tuple[Signature, tuple[int, ...]]]:
    """The signatures of a built-in that take so many arguments, or arguments of these names, with their order."""
    found = []
    for signature in FUNCTIONS[name]:
        order = signature.order(count, names)
        if order is not None:
            found.append((signature, order))
    return found


def function_value(name: str) -> Function:
    """A built-in as a value, to be handed to sort() and the like."""

    def call(run: Run, arguments: list[Any]) -> Any:
        return invoke(run, name, suitable(name, len(arguments), None), arguments)

    return Function(tuple(parameter.name for parameter in FUNCTIONS[name][0].parameters), call)

"""`instance of` (DMN 1.5, 10.3.2)."""

from __future__ import annotations

from typing import Any

from .nodes import FeelType
from .runtime import Run
from .values import Function, Range, kind_of


def has_type(run: Run, value: Any, wanted: FeelType) -> bool:
    """Whether `value` is of the type, and what it holds of the inner types. null is only of type Null."""
    run.spend(1)
    if wanted.name == "Any":
        return value is not None
    if wanted.name == "Null":
        return value is None
    if kind_of(value) != wanted.name:
        return False
    if not wanted.inner or isinstance(value, Function):
        return True
    if isinstance(value, list):
        return all(_conforms(run, item, wanted.inner[0]) for item in value)
    if isinstance(value, Range):
        return all(_conforms(run, end, wanted.inner[0]) for end in (value.start, value.end))
    return all(
        key in value and _conforms(run, value[key], inner)
        for key, inner in zip(wanted.keys, wanted.inner, strict=True)
    )


def _conforms(run: Run, value: Any, wanted: FeelType) -> bool:
    """Inside of a list or context null stands for a missing value of any type."""
    return value is None or has_type(run, value, wanted)

"""A defect of a diagram, named with element and line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """`severity` is `error` (the file is refused) or `warning`; `element` an id, "" for the whole file."""

    severity: Severity
    code: str
    element: str
    line: int
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)

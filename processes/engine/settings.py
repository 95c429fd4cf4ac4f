"""The portal attributes and children of an element as they are when its step opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from processes.engine.feel import Expression
from processes.engine.state import Step

if TYPE_CHECKING:
    from processes.engine.execution import Execution
    from processes.engine.model import Element

#: Children whose expressions are asked later, about what is there then: kept as text.
LATE = frozenset({"completeWhen", "out"})


def evaluate_settings(run: Execution, step: Step, element: Element) -> dict[str, Any]:
    """Attributes under their names, children as lists under their tags; expressions evaluated.

    Raises Incident, naming element and attribute.
    """
    caption = run.caption(element)
    settings: dict[str, Any] = {
        name: run.resolve(value, step.place, f"“{name}” of “{caption}”")
        for name, value in element.portal.items()
    }
    children: dict[str, list[dict[str, Any]]] = {}
    for extra in element.extras:
        entry = {
            name: f"={value.source}"
            if extra.tag in LATE and isinstance(value, Expression)
            else run.resolve(value, step.place, f"“{name}” of a {extra.tag} of “{caption}”")
            for name, value in extra.attributes.items()
        }
        children.setdefault(extra.tag, []).append(entry)
    return settings | children  # a child says more than an attribute of the same name

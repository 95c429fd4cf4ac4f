"""Ids and names: no longer than what keeps them, and fit for the addresses that they become a part of."""

from collections.abc import Iterator

from processes.engine.model import MAX_NAME, Definition, Element
from processes.engine.problems import Problem, problem


def check(definition: Definition) -> Iterator[Problem]:
    """All problems of ids and names."""
    if "/" in definition.id or definition.id in (".", ".."):
        yield problem("process_id_path", element=definition.id, line=definition.line)
    yield from _id(definition.id, definition.line)
    for flow in definition.flows.values():
        yield from _id(flow.id, flow.line)
    for lane_id, name in definition.lanes.items():
        if len(name) > MAX_NAME:
            yield problem("name_long", element=lane_id, line=definition.line, limit=MAX_NAME)
    for element in definition.elements.values():
        yield from _id(element.id, element.line)
        yield from _named(element)


def _id(text: str, line: int) -> Iterator[Problem]:
    if len(text) > MAX_NAME:
        yield problem("id_long", element=text, line=line, limit=MAX_NAME)


def _named(element: Element) -> Iterator[Problem]:
    """What the element waits for, throws or calls."""
    for name in (element.called, *(event.name for event in element.events)):
        if isinstance(name, str) and len(name) > MAX_NAME:
            yield problem("name_long", element=element.id, line=element.line, limit=MAX_NAME)

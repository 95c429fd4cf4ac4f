"""Call activities: whom they call, and what goes in and comes back (BPMN 2.0.2, 10.3.6)."""

from collections.abc import Iterator

from lxml import etree

from processes.engine.model import Transfer, Value
from processes.engine.reading.draft import PORTAL, Draft, extensions, line_of, reference, split
from processes.engine.reading.vendors import FAMILY


def read_called(node: etree._Element, draft: Draft) -> Value:
    """The id of the called process, or an expression that yields one; "" where none is named."""
    text = (node.get("calledElement") or "").strip()
    for extension in extensions(node):
        namespace, local = split(str(extension.tag))
        if namespace in FAMILY and local == "calledElement":
            text = text or (extension.get("processId") or "").strip()
    if text.startswith("=") or "${" in text or "#{" in text:
        return draft.compiler.vendor_value(text, what="The called process", element=draft.id, line=draft.line)
    return reference(text)


def read_transfers(node: etree._Element, draft: Draft, direction: str) -> tuple[Transfer, ...]:
    """The `in` or `out` mappings; none at all means that every variable passes.

    Own ones: `portal:in source="=amount * 2" target="net"`, where a source without `=` names a variable.
    Camunda's `source`, `sourceExpression` and `variables="all"`, and Zeebe's `ioMapping`, say the same.
    """
    return tuple(_transfers(node, draft, direction))


def _transfers(node: etree._Element, draft: Draft, direction: str) -> Iterator[Transfer]:
    for extension in extensions(node):
        namespace, local = split(str(extension.tag))
        if namespace != PORTAL and namespace not in FAMILY:
            continue
        if local == direction:
            yield from _transfer(extension, draft)
        elif local == "ioMapping":
            name = {"in": "input", "out": "output"}[direction]
            for part in extension.iterchildren("*"):
                if split(str(part.tag))[1] == name:
                    yield from _transfer(part, draft)


def _transfer(node: etree._Element, draft: Draft) -> Iterator[Transfer]:
    if node.get("variables") == "all":
        yield Transfer("", None)
        return
    source = node.get("sourceExpression") or node.get("source") or ""
    target = (node.get("target") or "").strip()
    if not source or not target:
        return  # a business key, say
    what = f"The source of “{target}”"
    expression = draft.compiler.expression(source, what=what, element=draft.id, line=line_of(node))
    if expression is not None:
        yield Transfer(target, expression)

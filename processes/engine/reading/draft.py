"""An element while it is being read, and the small helpers of reading XML."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from processes.engine.feel import Expression
from processes.engine.model import Extra, Value
from processes.engine.problems import Problem, problem
from processes.engine.reading.expressions import Compiler

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
PORTAL = "urn:bpm-portal:bpmn:1"


@dataclass
class Draft:
    """What the extensions of one element say; own ones win over those of other vendors."""

    id: str
    type: str
    line: int
    compiler: Compiler
    problems: list[Problem]
    portal: dict[str, Value] = field(default_factory=dict)
    extras: list[Extra] = field(default_factory=list)
    kind: str = ""
    service: str = ""
    result_variable: str = ""
    decision: str = ""
    script: Expression | None = None

    def has(self, tag: str) -> bool:
        return any(extra.tag == tag for extra in self.extras)

    def offer(self, name: str, text: str, *, line: int = 0) -> None:
        """Set a portal attribute from a vendor's text unless the diagram has its own."""
        if name not in self.portal:
            what = f"“{name}”"
            self.portal[name] = self.compiler.vendor_value(
                text, what=what, element=self.id, line=line or self.line
            )

    def ignored(self, name: str, line: int = 0) -> None:
        self.problems.append(problem("vendor_ignored", element=self.id, line=line or self.line, name=name))


def split(tag: str) -> tuple[str, str]:
    """Namespace and local name of a tag or an attribute."""
    namespace, brace, local = tag.rpartition("}")
    return (namespace[1:], local) if brace else ("", local)


def text_of(node: etree._Element) -> str:
    """All text inside, stripped."""
    return "".join(str(part) for part in node.itertext()).strip()


def line_of(node: etree._Element) -> int:
    return cast(int | None, node.sourceline) or 0


def reference(text: str | None) -> str:
    """An id out of a qualified name: `tns:Task_1` -> `Task_1`."""
    return (text or "").strip().rpartition(":")[2]


def children(node: etree._Element, local: str) -> Iterator[etree._Element]:
    """The BPMN children of that name."""
    return node.iterchildren(f"{{{BPMN}}}{local}")


def child(node: etree._Element, local: str) -> etree._Element | None:
    return next(children(node, local), None)


def extensions(node: etree._Element) -> Iterator[etree._Element]:
    """Everything inside the `extensionElements` of a node."""
    for holder in children(node, "extensionElements"):
        yield from holder.iterchildren("*")

"""A file as the rules of the standard see it: elements by their sort and id, flows, events, who stands in whom."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from lxml import etree

from processes.engine.problems import Problem, problem
from processes.engine.reading.draft import BPMN, PORTAL, children, line_of, reference, split, text_of
from processes.engine.reading.vendors import FAMILY

EVENT_DEFINITION = "EventDefinition"
EVENT_DEFINITIONS = frozenset(
    f"{sort}{EVENT_DEFINITION}"
    for sort in (
        "message",
        "timer",
        "conditional",
        "signal",
        "error",
        "escalation",
        "cancel",
        "compensate",
        "link",
        "terminate",
    )
)
CATCHING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})
THROWING = frozenset({"endEvent", "intermediateThrowEvent"})
#: Namespaces of engines and editors whose files say in their own way, or not at all, how a process is run.
_DIALECTS = (
    PORTAL,
    *FAMILY,
    "http://www.jboss.org/drools",
    "http://www.signavio.com",
    "http://www.bizagi.com",
    "http://www.boc-",
)


class Sheet:
    """Read once, asked by every rule. Elements of other namespaces are not in it."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self._by_sort: dict[str, list[etree._Element]] = defaultdict(list)
        self.by_id: dict[str, etree._Element] = {}
        for node in root.iter(f"{{{BPMN}}}*"):
            self._by_sort[sort_of(node)].append(node)
            self.by_id.setdefault(node.get("id", ""), node)
        self.by_id.pop("", None)

    def all(self, *sorts: str) -> Iterator[etree._Element]:
        """Every element of these sorts, sort by sort in the order of the document."""
        for sort in sorts:
            yield from self._by_sort.get(sort, ())

    def by_tag(self) -> Iterator[etree._Element]:
        """Every element."""
        return self.all(*list(self._by_sort))

    def get(self, text: str | None) -> etree._Element | None:
        """The element that a qualified name refers to."""
        return self.by_id.get(reference(text))

    @cached_property
    def outgoing(self) -> dict[str, list[etree._Element]]:
        """Sequence flows by the id of their source."""
        return self._flows("sourceRef")

    @cached_property
    def incoming(self) -> dict[str, list[etree._Element]]:
        """Sequence flows by the id of their target."""
        return self._flows("targetRef")

    @cached_property
    def by_process(self) -> list[tuple[etree._Element, list[etree._Element]]]:
        """Each process with every BPMN element inside it."""
        return [(process, list(process.iter(f"{{{BPMN}}}*"))) for process in self.all("process")]

    @cached_property
    def alone(self) -> list[etree._Element]:
        """Processes of which only the standard says how they are run, so that they must say all that it asks for.

        They are marked executable, in a file that names the language of its expressions and is written for no
        engine. Other files leave much of it out as a matter of course.
        """
        is_dialect = any(uri.startswith(_DIALECTS) for uri in self.root.nsmap.values())
        if is_dialect or not self.root.get("expressionLanguage"):
            return []
        return [process for process in self.all("process") if flag(process, "isExecutable")]

    def all_alone(self, *sorts: str) -> Iterator[etree._Element]:
        """Every element of these sorts in such processes."""
        for process in self.alone:
            yield from process.iter(*(f"{{{BPMN}}}{sort}" for sort in sorts))

    def _flows(self, end: str) -> dict[str, list[etree._Element]]:
        found: dict[str, list[etree._Element]] = defaultdict(list)
        for flow in self.all("sequenceFlow"):
            found[reference(flow.get(end))].append(flow)
        return found

    def triggers(self, event: etree._Element) -> list[etree._Element]:
        """The event definitions of an event, its own and those it refers to."""
        found = [
            each for each in event.iterchildren(f"{{{BPMN}}}*") if sort_of(each).endswith(EVENT_DEFINITION)
        ]
        for each in children(event, "eventDefinitionRef"):
            definition = self.get(text_of(each))
            if definition is not None and sort_of(definition).endswith(EVENT_DEFINITION):
                found.append(definition)
        return found

    def item_of(
        self, node: etree._Element | None, attribute: str = "itemSubjectRef"
    ) -> etree._Element | None:
        """The item definition that an element names."""
        item = None if node is None else self.get(node.get(attribute))
        return item if item is not None and sort_of(item) == "itemDefinition" else None

    def payload(self, definition: etree._Element) -> etree._Element | None:
        """The item definition of what an event definition, or a task with a message, carries."""
        sort = sort_of(definition).removesuffix(EVENT_DEFINITION)
        if sort in ("signal", "error", "escalation"):
            return self.item_of(self.get(definition.get(f"{sort}Ref")), "structureRef")
        return self.item_of(self.get(definition.get("messageRef")), "itemRef")


def sort_of(node: etree._Element) -> str:
    """`task` for the BPMN element of that name."""
    return split(str(node.tag))[1]


def sort_of_trigger(definition: etree._Element) -> str:
    """`timer` for a `timerEventDefinition`."""
    return sort_of(definition).removesuffix(EVENT_DEFINITION)


def kind_of(item: etree._Element | None) -> tuple[str, str] | None:
    """What makes two item definitions say the same: their structure, else that they are the same one."""
    if item is None:
        return None
    structure = item.get("structureRef", "")
    return ("structure", structure) if structure else ("item", item.get("id", ""))


def flag(node: etree._Element, attribute: str, default: bool = False) -> bool:
    """A boolean attribute."""
    return node.get(attribute, str(default)).strip().lower() in ("true", "1")


def whole_number(text: str) -> int | None:
    """A number that is not negative and has up to nine digits."""
    text = text.strip().removeprefix("+")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def key_of(node: etree._Element) -> str:
    """Its id, or that of the nearest element around it that has one."""
    at: etree._Element | None = node
    while at is not None and not at.get("id"):
        at = at.getparent()
    return "" if at is None else at.get("id", "")


def holder_of(node: etree._Element) -> etree._Element:
    """The element around it; every element below the root has one."""
    holder = node.getparent()
    assert holder is not None
    return holder


def is_formal(expression: etree._Element) -> bool:
    """Whether it is marked as one that a machine understands (BPMN 2.0.2, 8.4.8)."""
    kind = expression.get("{http://www.w3.org/2001/XMLSchema-instance}type", "")
    return reference(kind) == "tFormalExpression" or sort_of(expression) == "formalExpression"


def found(code: str, node: etree._Element, **params: Any) -> Problem:
    """The problem of that code at an element."""
    return problem(code, element=key_of(node), line=line_of(node), **params)

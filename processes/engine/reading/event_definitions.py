"""What events wait for or throw, with their references resolved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from processes.engine.model import EventDefinition, Value
from processes.engine.problems import Problem, problem
from processes.engine.reading.draft import (
    BPMN,
    Draft,
    child,
    children,
    extensions,
    line_of,
    reference,
    split,
    text_of,
)

_SUFFIX = "EventDefinition"
_TIMERS = ("timeDate", "timeDuration", "timeCycle")
#: Attribute that refers to a root element, and the attribute of that element with its code.
_REFERENCES: Mapping[str, tuple[str, str]] = {
    "message": ("messageRef", ""),
    "signal": ("signalRef", ""),
    "error": ("errorRef", "errorCode"),
    "escalation": ("escalationRef", "escalationCode"),
    "compensate": ("activityRef", ""),
}


@dataclass(frozen=True)
class Catalogue:
    """The root elements of a file that events refer to, by id."""

    roots: Mapping[str, etree._Element]

    @classmethod
    def of(cls, root: etree._Element) -> "Catalogue":
        return cls({node.get("id", ""): node for node in root.iterchildren(f"{{{BPMN}}}*") if node.get("id")})

    def definition(self, text: str | None) -> etree._Element | None:
        """The event definition of that name."""
        found = self.roots.get(reference(text))
        return found if found is not None and str(found.tag).endswith(_SUFFIX) else None


def read_events(node: etree._Element, draft: Draft, catalogue: Catalogue) -> tuple[EventDefinition, ...]:
    """All event definitions of an event, its own and those it refers to (BPMN 2.0.2, 10.5.1)."""
    return tuple(_read(each, draft, catalogue) for each in _definitions(node, draft, catalogue))


def read_task_message(
    node: etree._Element, draft: Draft, catalogue: Catalogue
) -> tuple[EventDefinition, ...]:
    """The message of a send or receive task; nothing for a send task that calls a service instead."""
    if draft.type == "sendTask" and draft.service:
        return ()
    return (_read_as("message", node, draft, catalogue),)


def read_referenced(
    node: etree._Element, attribute: str, draft: Draft, catalogue: Catalogue
) -> tuple[EventDefinition, ...]:
    """The event definition that an attribute refers to, if it does."""
    if not node.get(attribute):
        return ()
    found = catalogue.definition(node.get(attribute))
    if found is None:
        draft.problems.append(_missing(draft, node, node.get(attribute)))
        return ()
    return (_read(found, draft, catalogue),)


def _missing(draft: Draft, node: etree._Element, text: str | None) -> Problem:
    return problem(
        "event_reference",
        element=draft.id,
        line=line_of(node),
        type="event definition",
        reference=reference(text),
    )


def _definitions(node: etree._Element, draft: Draft, catalogue: Catalogue) -> Iterator[etree._Element]:
    for each in node.iterchildren(f"{{{BPMN}}}*"):
        local = split(str(each.tag))[1]
        if local.endswith(_SUFFIX):
            yield each
        elif local == "eventDefinitionRef":
            found = catalogue.definition(each.text)
            if found is not None:
                yield found
            else:
                draft.problems.append(_missing(draft, each, each.text))


def _read(node: etree._Element, draft: Draft, catalogue: Catalogue) -> EventDefinition:
    sort = split(str(node.tag))[1].removesuffix(_SUFFIX)
    if sort == "timer":
        return _read_timer(node, draft)
    if sort == "conditional":
        return _read_condition(node, draft)
    return _read_as(sort, node, draft, catalogue)


def _read_as(sort: str, node: etree._Element, draft: Draft, catalogue: Catalogue) -> EventDefinition:
    attribute, code = _REFERENCES.get(sort, ("", ""))
    refers_to = reference(node.get(attribute)) if attribute else ""
    root = catalogue.roots.get(refers_to)
    if refers_to and root is None and sort != "compensate":
        # The Camunda family lets events name an error by its code.
        found = problem(
            "error_reference" if sort == "error" else "event_reference",
            element=draft.id,
            line=line_of(node),
            type=sort,
            reference=refers_to,
        )
        draft.problems.append(found)
    name = root.get("name", "") if root is not None else node.get("name", "") if sort == "link" else ""
    return EventDefinition(
        type=sort,
        reference=refers_to,
        name=draft.compiler.vendor_value(name, what="The name", element=draft.id, line=line_of(node)),
        code=_code(root, code, refers_to),
        correlation=_correlation(root, draft),
        waits=node.get("waitForCompletion", "true").strip() in ("true", "1"),
        line=line_of(node),
    )


def _code(root: etree._Element | None, attribute: str, refers_to: str) -> str:
    if root is None:
        return refers_to if attribute == "errorCode" else ""
    return root.get(attribute, "") if attribute else ""


def _correlation(root: etree._Element | None, draft: Draft) -> Value:
    """Zeebe writes the key with the message; the portal's own attribute stands on the element."""
    for extension in extensions(root) if root is not None else ():
        if split(str(extension.tag))[1] == "subscription" and extension.get("correlationKey"):
            return draft.compiler.vendor_value(
                extension.get("correlationKey", ""),
                what="The correlation key",
                element=draft.id,
                line=line_of(extension),
            )
    return ""


def _read_timer(node: etree._Element, draft: Draft) -> EventDefinition:
    given = [(timer, each) for timer in _TIMERS for each in children(node, timer)]
    if len(given) > 1:
        draft.problems.append(problem("timer_several", element=draft.id, line=line_of(node)))
    if not given or not text_of(given[0][1]):
        draft.problems.append(problem("timer_missing", element=draft.id, line=line_of(node)))
        return EventDefinition("timer", line=line_of(node))
    timer, value = given[0]
    # Some modelers have an expression there without a mark: a text in quotes.
    text = f"={text_of(value)}" if text_of(value).startswith('"') else text_of(value)
    return EventDefinition(
        "timer",
        timer=timer,
        value=draft.compiler.vendor_value(text, what="The timer", element=draft.id, line=line_of(value)),
        line=line_of(value),
    )


def _read_condition(node: etree._Element, draft: Draft) -> EventDefinition:
    condition = child(node, "condition")
    if condition is None or not text_of(condition):
        draft.problems.append(problem("condition_missing", element=draft.id, line=line_of(node)))
        return EventDefinition("conditional", line=line_of(node))
    return EventDefinition(
        "conditional",
        condition=draft.compiler.expression(
            text_of(condition), what="The condition", element=draft.id, line=line_of(condition)
        ),
        line=line_of(condition),
    )

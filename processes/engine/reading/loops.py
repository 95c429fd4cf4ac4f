"""Activities that are done several times, and conditions that stand in a child (BPMN 2.0.2, 10.3.8)."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from lxml import etree

from processes.engine.feel import Expression
from processes.engine.model import Loop, ThrownByInstance
from processes.engine.reading.draft import (
    BPMN,
    PORTAL,
    Draft,
    child,
    children,
    extensions,
    line_of,
    reference,
    split,
    text_of,
)
from processes.engine.reading.event_definitions import Catalogue, read_events, read_referenced
from processes.engine.reading.vendors import FAMILY

_STANDARD, _MULTI = "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"
#: What other vendors call it.
_NAMES = {
    "collection": "collection",
    "elementVariable": "item",
    "inputCollection": "collection",
    "inputElement": "item",
    "outputCollection": "output",
    "outputElement": "outputItem",
}
#: Data elements that stand for another one, and where they name it.
_STAND_FOR = {"dataObjectReference": "dataObjectRef", "dataStoreReference": "dataStoreRef"}


def read_condition(node: etree._Element, draft: Draft, local: str) -> Expression | None:
    """The expression in the child of that name, if there is one that says anything."""
    found = child(node, local) if local else None
    if found is None or not text_of(found):
        return None
    return draft.compiler.expression(text_of(found), what=f"“{local}”", element=draft.id, line=line_of(found))


def read_loop(node: etree._Element, draft: Draft, catalogue: Catalogue) -> Loop | None:
    """What the loop or multi-instance marker of an activity says; None without one."""
    standard = child(node, _STANDARD)
    if standard is not None:
        return _standard(standard, draft)
    multi = child(node, _MULTI)
    return None if multi is None else _multi(multi, node, draft, catalogue)


def _standard(node: etree._Element, draft: Draft) -> Loop:
    maximum = None
    with suppress(ValueError):
        maximum = int(node.get("loopMaximum", ""))
    return Loop(
        _STANDARD,
        condition=read_condition(node, draft, "loopCondition"),
        tests_before=node.get("testBefore", "false").strip() in ("true", "1"),
        maximum=maximum,
        line=line_of(node),
    )


def _multi(node: etree._Element, activity: etree._Element, draft: Draft, catalogue: Catalogue) -> Loop:
    """Own attributes win over the standard's, these over those of other vendors.

    Own ones: `portal:collection="=people"`, `portal:item="person"`, `portal:output="answers"`,
    `portal:outputItem="=answer"`.
    """
    said = _vendors(node, draft) | _by_standard(node, activity) | _own(node)
    expressions = {
        name: draft.compiler.expression(said[name], what=f"“{name}”", element=draft.id, line=line_of(node))
        for name in ("collection", "outputItem")
        if said.get(name)
    }
    return Loop(
        _MULTI,
        sequential=node.get("isSequential", "false").strip() in ("true", "1"),
        condition=read_condition(node, draft, "completionCondition"),
        cardinality=read_condition(node, draft, "loopCardinality"),
        collection=expressions.get("collection"),
        item=said.get("item", ""),
        output=said.get("output", ""),
        output_item=expressions.get("outputItem"),
        thrown=tuple(_thrown(node, draft, catalogue)),
        line=line_of(node),
    )


def _thrown(node: etree._Element, draft: Draft, catalogue: Catalogue) -> Iterator[ThrownByInstance]:
    """By default nothing is thrown: `behavior="All"`."""
    behavior = node.get("behavior", "All")
    if behavior in ("None", "One"):
        for event in read_referenced(node, f"{behavior.lower()}BehaviorEventRef", draft, catalogue):
            yield ThrownByInstance(event, first_only=behavior == "One")
    elif behavior == "Complex":
        for each in children(node, "complexBehaviorDefinition"):
            condition, holder = read_condition(each, draft, "condition"), child(each, "event")
            for event in () if holder is None else read_events(holder, draft, catalogue):
                yield ThrownByInstance(event, condition)


def _own(node: etree._Element) -> dict[str, str]:
    given = {split(str(name)): str(text).strip() for name, text in node.attrib.items()}
    return {local: text for (namespace, local), text in given.items() if namespace == PORTAL and text}


def _vendors(node: etree._Element, draft: Draft) -> dict[str, str]:
    """What is not understood is reported as ignored."""
    said: dict[str, str] = {}
    holders = [node, *(each for each in extensions(node) if split(str(each.tag))[0] in FAMILY)]
    for holder in holders:
        for name, text in holder.attrib.items():
            namespace, local = split(str(name))
            if holder is node and namespace not in FAMILY:
                continue
            if local in _NAMES:
                said |= {_NAMES[local]: str(text).strip()} if str(text).strip() else {}
            else:
                prefix = FAMILY[namespace or split(str(holder.tag))[0]]
                draft.ignored(f"{prefix}:{local}", line_of(holder))
    return said


def _by_standard(node: etree._Element, activity: etree._Element) -> dict[str, str]:
    data = _data(activity)
    said = {}
    for local, name in (("loopDataInputRef", "collection"), ("loopDataOutputRef", "output")):
        found = child(node, local)
        if found is not None and text_of(found):
            said[name] = _variable(reference(text_of(found)), activity, data)
    for local, name in (("inputDataItem", "item"), ("outputDataItem", "outputItem")):
        found = child(node, local)
        given = (found.get("name") or found.get("id")) if found is not None else None
        if given:
            said[name] = given
    return said


def _data(activity: etree._Element) -> Mapping[str, etree._Element]:
    """Everything in the file that has an id; looked at only for loops over the data of the standard."""
    root = activity.getroottree().getroot()
    return {each.get("id", ""): each for each in root.iter(f"{{{BPMN}}}*") if each.get("id")}


def _variable(ref: str, activity: etree._Element, data: Mapping[str, etree._Element]) -> str:
    """The variable behind a data input or output of the activity: what an association connects it with."""
    for local, mine, other in (
        ("dataInputAssociation", "targetRef", "sourceRef"),
        ("dataOutputAssociation", "sourceRef", "targetRef"),
    ):
        for association in children(activity, local):
            ends = {end: child(association, end) for end in (mine, other)}
            if all(end is not None for end in ends.values()) and _text(ends[mine]) == ref:
                ref = _text(ends[other])
                break
    node = data.get(ref)
    if node is not None and (attribute := _STAND_FOR.get(split(str(node.tag))[1])) and node.get(attribute):
        ref = reference(node.get(attribute))
        node = data.get(ref)
    name = node.get("name") if node is not None else None
    return name or ref


def _text(node: etree._Element | None) -> str:
    return "" if node is None else reference(text_of(node))

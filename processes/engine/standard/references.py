"""References lead to an element of the sort that they name (BPMN 2.0.2, class diagrams of all chapters)."""

from collections.abc import Iterator, Mapping

from lxml import etree

from processes.engine.model import ACTIVITIES, NODES
from processes.engine.problems import Problem
from processes.engine.reading.draft import reference, text_of
from processes.engine.standard.sheet import (
    EVENT_DEFINITION,
    EVENT_DEFINITIONS,
    Sheet,
    found,
    holder_of,
    key_of,
    sort_of,
)

_DATA = frozenset(
    {"dataInput", "dataOutput", "dataObject", "dataObjectReference", "dataStoreReference", "property"}
)
_GLOBAL = frozenset(
    {
        "process",
        "globalTask",
        "globalBusinessRuleTask",
        "globalManualTask",
        "globalScriptTask",
        "globalUserTask",
        "globalConversation",
    }
)
#: Attributes by name; they mean the same wherever they stand.
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "messageRef": frozenset({"message"}),
    "signalRef": frozenset({"signal"}),
    "errorRef": frozenset({"error"}),
    "escalationRef": frozenset({"escalation"}),
    "itemRef": frozenset({"itemDefinition"}),
    "itemSubjectRef": frozenset({"itemDefinition"}),
    "operationRef": frozenset({"operation"}),
    "processRef": frozenset({"process"}),
    "activityRef": ACTIVITIES,
    "calledElement": _GLOBAL,
    "dataObjectRef": frozenset({"dataObject"}),
    "dataStoreRef": frozenset({"dataStore"}),
    "definitionalCollaborationRef": frozenset({"collaboration", "choreography", "globalConversation"}),
    "categoryValueRef": frozenset({"categoryValue"}),
    "correlationKeyRef": frozenset({"correlationKey"}),
    "correlationPropertyRef": frozenset({"correlationProperty"}),
    "parameterRef": frozenset({"resourceParameter"}),
    "inputDataRef": frozenset({"inputSet"}),
    "outputDataRef": frozenset({"outputSet"}),
    "innerMessageFlowRef": frozenset({"messageFlow"}),
    "outerMessageFlowRef": frozenset({"messageFlow"}),
    "evaluatesToTypeRef": frozenset({"itemDefinition"}),
    "partitionElementRef": frozenset(),
    "calledCollaborationRef": frozenset({"collaboration", "choreography", "globalConversation"}),
    "oneBehaviorEventRef": EVENT_DEFINITIONS,
    "noneBehaviorEventRef": EVENT_DEFINITIONS,
}
#: Attributes that mean something else elsewhere; anything may be at the end of an association.
_BY_SORT: Mapping[tuple[str, str], frozenset[str]] = {
    ("signal", "structureRef"): frozenset({"itemDefinition"}),
    ("error", "structureRef"): frozenset({"itemDefinition"}),
    ("escalation", "structureRef"): frozenset({"itemDefinition"}),
    ("resourceParameter", "type"): frozenset({"itemDefinition"}),
    ("conversationLink", "sourceRef"): frozenset(),
    ("conversationLink", "targetRef"): frozenset(),
    ("association", "sourceRef"): frozenset(),
    ("association", "targetRef"): frozenset(),
}
_CHILDREN: Mapping[str, frozenset[str]] = {
    "inMessageRef": frozenset({"message"}),
    "outMessageRef": frozenset({"message"}),
    "errorRef": frozenset({"error"}),
    "operationRef": frozenset({"operation"}),
    "interfaceRef": frozenset({"interface"}),
    "supportedInterfaceRef": frozenset({"interface"}),
    "resourceRef": frozenset({"resource"}),
    "dataInputRefs": frozenset({"dataInput"}),
    "optionalInputRefs": frozenset({"dataInput"}),
    "whileExecutingInputRefs": frozenset({"dataInput"}),
    "dataOutputRefs": frozenset({"dataOutput"}),
    "optionalOutputRefs": frozenset({"dataOutput"}),
    "whileExecutingOutputRefs": frozenset({"dataOutput"}),
    "inputSetRefs": frozenset({"inputSet"}),
    "outputSetRefs": frozenset({"outputSet"}),
    "loopDataInputRef": _DATA,
    "loopDataOutputRef": _DATA,
    "correlationPropertyRef": frozenset({"correlationProperty"}),
    "sourceRef": _DATA,
    "targetRef": _DATA,
    "source": frozenset({"linkEventDefinition"}),
    "target": frozenset({"linkEventDefinition"}),
    "incoming": frozenset({"sequenceFlow", "messageFlow"}),
    "outgoing": frozenset({"sequenceFlow", "messageFlow"}),
    "endPointRef": frozenset({"endPoint"}),
    "flowNodeRef": NODES | {"choreographyTask", "subChoreography", "callChoreography"},
    "participantRef": frozenset({"participant"}),
    "innerParticipantRef": frozenset({"participant"}),
    "outerParticipantRef": frozenset({"participant"}),
    "messageFlowRef": frozenset({"messageFlow"}),
    "supports": frozenset({"process"}),
    "choreographyRef": frozenset({"choreography"}),
    "categoryValueRef": frozenset({"categoryValue"}),
}
#: What is deployed on its own, or named by the language of types.
_ELSEWHERE = frozenset({"calledElement", "supports", "type"})
#: Names that files of engines and editors give to what is elsewhere: a variable, a code, what was deleted.
_MAY_BE_ELSEWHERE = _ELSEWHERE | frozenset(
    {
        "loopDataInputRef",
        "loopDataOutputRef",
        "categoryValueRef",
        "choreographyRef",
        "calledCollaborationRef",
        "partitionElementRef",
        "dataStoreRef",
        "evaluatesToTypeRef",
        "flowNodeRef",  # left behind by many editors; whoever reads lanes warns of it
        "structureRef",
    }
)
#: The reader of event definitions names these when they are missing.
_READ_ELSEWHERE = frozenset({"messageRef", "signalRef", "errorRef", "escalationRef"})


def references(sheet: Sheet) -> Iterator[Problem]:
    """What leads nowhere, or to an element of another sort."""
    for node in sheet.by_tag():
        sort = sort_of(node)
        for name, text in node.attrib.items():
            allowed = _BY_SORT.get((sort, str(name)), _ATTRIBUTES.get(str(name)))
            if allowed is not None and text:
                yield from _check(sheet, node, str(name), str(text), allowed)
        if sort in _CHILDREN and text_of(node):
            yield from _check(sheet, node, sort, text_of(node), _CHILDREN[sort])


def shared(sheet: Sheet) -> Iterator[Problem]:
    """An event refers to definitions that stand for themselves; one inside an event is only that event's (10.5.1)."""
    for node in sheet.all("eventDefinitionRef"):
        target = sheet.get(text_of(node))
        is_definition = target is not None and sort_of(target) in EVENT_DEFINITIONS
        if target is not None and is_definition and holder_of(target) is not sheet.root:
            yield found(
                "event_definition_owned",
                holder_of(node),
                reference=target.get("id", ""),
                owner=key_of(holder_of(target)),
            )


def unnamed(sheet: Sheet) -> Iterator[Problem]:
    """An event about a message or a signal says which one, or nobody could ever send it (10.5.5)."""
    for sort in ("message", "signal"):
        for definition in sheet.all(f"{sort}EventDefinition"):
            if not definition.get(f"{sort}Ref"):
                yield found("event_unnamed", holder_of(definition), type=sort)


def _check(
    sheet: Sheet, node: etree._Element, name: str, text: str, allowed: frozenset[str]
) -> Iterator[Problem]:
    target = sheet.get(text)
    if target is not None:
        if allowed and sort_of(target) not in allowed:
            yield found(
                "reference_type", node, name=name, reference=target.get("id", ""), type=sort_of(target)
            )
    elif _is_of_this_file(sheet, node, text) and name not in (
        _ELSEWHERE if sheet.alone else _MAY_BE_ELSEWHERE
    ):
        is_read = sort_of(node).endswith(EVENT_DEFINITION) and name in _READ_ELSEWHERE
        if not is_read:
            yield found("reference_missing", node, name=name, reference=reference(text))


def _is_of_this_file(sheet: Sheet, node: etree._Element, text: str) -> bool:
    """Whether a name can only mean something in this file: without a prefix, or with that of the file itself."""
    prefix, colon, _ = text.strip().rpartition(":")
    if not colon:
        return not text.strip().startswith(("$", "#", "="))
    return node.nsmap.get(prefix) == sheet.root.get("targetNamespace", "") and prefix in node.nsmap


RULES = (references, shared, unnamed)

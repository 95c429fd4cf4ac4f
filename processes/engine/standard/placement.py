"""What may stand where (BPMN 2.0.2, 8.2, 10.3)."""

from collections.abc import Iterator

from processes.engine.model import ACTIVITIES, EVENTS, NODES, SCOPES
from processes.engine.problems import Problem
from processes.engine.reading.draft import BPMN, children
from processes.engine.standard.sheet import (
    EVENT_DEFINITION,
    Sheet,
    flag,
    found,
    holder_of,
    sort_of,
    whole_number,
)

#: Children of `definitions` (8.2.1): root elements, and what describes the file itself.
_ROOTS = frozenset(
    {
        "import",
        "extension",
        "documentation",
        "extensionElements",
        "relationship",
        "category",
        "collaboration",
        "choreography",
        "globalChoreographyTask",
        "globalConversation",
        "correlationProperty",
        "dataStore",
        "endPoint",
        "error",
        "escalation",
        "globalTask",
        "globalBusinessRuleTask",
        "globalManualTask",
        "globalScriptTask",
        "globalUserTask",
        "interface",
        "itemDefinition",
        "message",
        "partnerEntity",
        "partnerRole",
        "process",
        "resource",
        "signal",
        "tModel",
    }
)
_LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
_CHOREOGRAPHY = ("choreographyTask", "subChoreography", "callChoreography")
#: A file that has them among its roots is told so by the rule for roots; extensions have what they like.
_WITH_PROPERTIES = ACTIVITIES | EVENTS | {"process", "definitions", "properties", "extensionElements"}
_CONVERSATION = ("conversation", "subConversation", "callConversation", "conversationLink")


def roots(sheet: Sheet) -> Iterator[Problem]:
    """Elements that belong inside another one."""
    for node in sheet.root.iterchildren(f"{{{BPMN}}}*"):
        if sort_of(node) not in _ROOTS and not sort_of(node).endswith(EVENT_DEFINITION):
            yield found("misplaced", node, type=sort_of(node), place="definitions")


def ad_hoc(sheet: Sheet) -> Iterator[Problem]:
    """An ad-hoc sub-process has no beginning and no end of its own (10.3.5)."""
    for scope in sheet.all("adHocSubProcess"):
        for sort in ("startEvent", "endEvent", *_CHOREOGRAPHY):
            for node in children(scope, sort):
                yield found("misplaced", node, type=sort, place="adHocSubProcess")


def choreographies(sheet: Sheet) -> Iterator[Problem]:
    """They tell how partners interact, and are no part of what one of them does (10.2, 10.3.5)."""
    for scope in sheet.all("process", "subProcess", "transaction"):
        for sort in _CHOREOGRAPHY:
            for node in children(scope, sort):
                yield found("misplaced", node, type=sort, place=sort_of(scope))


def global_conversations(sheet: Sheet) -> Iterator[Problem]:
    """A global conversation has no conversations inside (9.5.4), and like a choreography refers to none (9.2)."""
    for scope in sheet.all("globalConversation", "choreography"):
        for sort in ("choreographyRef", *(_CONVERSATION if sort_of(scope) == "globalConversation" else ())):
            for node in children(scope, sort):
                yield found("misplaced", node, type=sort, place=sort_of(scope))


def properties(sheet: Sheet) -> Iterator[Problem]:
    """Only processes, activities and events have properties (10.4.1)."""
    for node in sheet.all("property"):
        if sort_of(holder_of(node)) not in _WITH_PROPERTIES:
            yield found("misplaced", node, type="property", place=sort_of(holder_of(node)))


def public(sheet: Sheet) -> Iterator[Problem]:
    """A public process tells others what they see of a private one, which is the one that is run (10.2, table 10.1)."""
    for process in sheet.all("process"):
        if process.get("processType") == "Public" and flag(process, "isExecutable"):
            yield found("public_executable", process)


def connected(sheet: Sheet) -> Iterator[Problem]:
    """Whoever is connected has an id, or no flow could name it (table 8.5)."""
    for node in sheet.all(*sorted(NODES)):
        lists = (each for end in ("incoming", "outgoing") for each in children(node, end))
        if not (node.get("id") or "").strip() and next(lists, None) is not None:
            yield found("id_needed", node, type=sort_of(node))


def conversations(sheet: Sheet) -> Iterator[Problem]:
    """They stand between pools, not inside a process (9.5)."""
    for scope in sheet.all("process", *SCOPES):
        for sort in _CONVERSATION:
            for node in children(scope, sort):
                yield found("misplaced", node, type=sort, place=sort_of(scope))


def loops(sheet: Sheet) -> Iterator[Problem]:
    """An activity is repeated in one way (10.3.8)."""
    looped = {holder_of(loop) for loop in sheet.all(_LOOPS[0])}
    for loop in sheet.all(_LOOPS[1]):
        activity = holder_of(loop)
        if activity in looped:
            yield found("two_loops", activity)
        cardinality = next(children(loop, "loopCardinality"), None)
        data = next(children(loop, "loopDataInputRef"), None)
        foreign = any(not str(name).startswith("{" + BPMN) and "}" in str(name) for name in loop.attrib)
        inside = next(children(loop, "extensionElements"), None)
        if cardinality is None and data is None and not foreign and inside is None:
            yield found("loop_number", activity)


def quantities(sheet: Sheet) -> Iterator[Problem]:
    """An activity takes and gives at least one token (table 10.3); a loop runs at least once, if it may at all."""
    for sort in sorted(ACTIVITIES):
        for node in sheet.all(sort):
            for attribute in ("startQuantity", "completionQuantity"):
                if not whole_number(node.get(attribute, "1")):
                    yield found("number_value", node, attribute=attribute, value=node.get(attribute))
    for loop in sheet.all(_LOOPS[0]):
        if not whole_number(loop.get("loopMaximum", "1")):
            yield found(
                "number_value", holder_of(loop), attribute="loopMaximum", value=loop.get("loopMaximum")
            )


def data_of_sub_processes(sheet: Sheet) -> Iterator[Problem]:
    """A sub-process shares the data around it; inputs and outputs of its own it cannot have (10.4.2)."""
    for scope in sheet.all(*SCOPES):
        for node in children(scope, "ioSpecification"):
            yield found("misplaced", node, type="ioSpecification", place=sort_of(scope))


RULES = (
    roots,
    ad_hoc,
    choreographies,
    conversations,
    global_conversations,
    properties,
    public,
    connected,
    loops,
    quantities,
    data_of_sub_processes,
)

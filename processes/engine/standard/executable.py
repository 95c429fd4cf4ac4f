"""What a process must say of which only the standard says how it is run (BPMN 2.0.2, 8.4.7, 10.3.8, 10.5.5)."""

import re
from collections.abc import Iterator

from lxml import etree

from processes.engine.model import ACTIVITIES, SCOPES
from processes.engine.problems import Problem
from processes.engine.reading.draft import BPMN, child, children, reference, text_of
from processes.engine.standard.sheet import Sheet, flag, found, holder_of, is_formal, sort_of

#: What only the mark tells from natural language, in which dates may be written as well.
_EXPRESSIONS = ("timeDate", "timeDuration", "timeCycle", "condition")
_IN_A_LANGUAGE = ("=", "${", "#{")
#: Several words without a sign between them; the conditions of flows have an operator there, mark or not.
_WORDS = re.compile(r"(?!.*\b(and|or|not|in|of|if|some|every|between|instance)\b)\w+(\s+\w+)+[.!?]?")
#: Where a task that is repeated for each member of a collection has this collection.
_COLLECTIONS = (("loopDataInputRef", "dataInput"), ("loopDataOutputRef", "dataOutput"))


def formal(sheet: Sheet) -> Iterator[Problem]:
    """Natural language makes a process one that cannot be executed (8.4.7)."""
    for node in sheet.all_alone(*_EXPRESSIONS):
        text = text_of(node)
        if text and not is_formal(node) and not text.startswith(_IN_A_LANGUAGE):
            yield found("expression_informal", node, what=sort_of(node))
    for node in sheet.all_alone("conditionExpression"):
        if not is_formal(node) and _WORDS.fullmatch(text_of(node)):
            yield found("expression_informal", node, what=sort_of(node))


def operations(sheet: Sheet) -> Iterator[Problem]:
    """An event about a message says by which operation that is sent or taken (table 10.93)."""
    for definition in sheet.all_alone("messageEventDefinition"):
        if child(definition, "operationRef") is None:
            yield found("operation_missing", holder_of(definition))


def links(sheet: Sheet) -> Iterator[Problem]:
    """The two ends of a link name each other (table 10.92)."""
    for definition in sheet.all_alone("linkEventDefinition"):
        is_source = sort_of(holder_of(definition)) == "intermediateThrowEvent"
        if not is_source and sort_of(holder_of(definition)) != "intermediateCatchEvent":
            continue
        there, back = ("target", "source") if is_source else ("source", "target")
        named = [text_of(each) for each in children(definition, there)]
        if not named or (is_source and len(named) > 1):
            yield found("link_reference", holder_of(definition), end=there)
        for text in named:
            other = sheet.get(text)
            is_link = other is not None and sort_of(other) == "linkEventDefinition"
            if other is not None and is_link and not _names(other, back, definition.get("id", "")):
                yield found("link_one_sided", holder_of(definition), other=reference(text))


def _names(definition: etree._Element, end: str, key: str) -> bool:
    return key in {reference(text_of(each)) for each in children(definition, end)}


def collections(sheet: Sheet) -> Iterator[Problem]:
    """A task that is done for each member of a collection has the collection as an input of its own (table 10.29)."""
    for loop in sheet.all_alone("multiInstanceLoopCharacteristics"):
        activity = holder_of(loop)
        if sort_of(activity) in SCOPES:
            continue
        specification = child(activity, "ioSpecification")
        for name, sort in _COLLECTIONS:
            ref = child(loop, name)
            own = () if specification is None else children(specification, sort)
            if ref is not None and reference(text_of(ref)) not in {data.get("id", "") for data in own}:
                yield found("loop_collection", activity, name=name, reference=reference(text_of(ref)))


def without_activities(sheet: Sheet) -> Iterator[Problem]:
    """An ad-hoc sub-process has something to be done in it (10.3.5)."""
    for scope in sheet.all_alone("adHocSubProcess"):
        if not any(child(scope, sort) is not None for sort in ACTIVITIES):
            yield found("ad_hoc_empty", scope)


def starts(sheet: Sheet) -> Iterator[Problem]:
    """An event sub-process has one start event (10.3.5)."""
    for scope in sheet.all_alone("subProcess"):
        number = sum(1 for _ in children(scope, "startEvent"))
        if flag(scope, "triggeredByEvent") and number > 1:
            yield found("event_sub_process_starts", scope, number=number)


def imports(sheet: Sheet) -> Iterator[Problem]:
    """What is imported from another diagram is there when it is needed (8.2.3); nothing but this file is."""
    for node in sheet.all("import") if sheet.alone else ():
        if node.get("importType") == BPMN:
            yield found("import_missing", node, location=node.get("location", ""))


RULES = (imports, formal, operations, links, collections, without_activities, starts)

"""What a process must say of which only the standard says how it is run (BPMN 2.0.2, 8.4.7, 10.3.8, 10.5.5)."""

import re
from collections.abc import Iterator
from functools import cache

from lxml import etree

from processes.engine.model import ACTIVITIES, SCOPES
from processes.engine.problems import Problem
from processes.engine.reading.draft import BPMN, child, children, reference, text_of
from processes.engine.standard.sheet import Sheet, flag, found, holder_of, is_formal, sort_of, sort_of_trigger

#: What only the mark tells from natural language, in which dates may be written as well.
_EXPRESSIONS = ("timeDate", "timeDuration", "timeCycle", "condition")
_IN_A_LANGUAGE = ("=", "${", "#{")
#: Several words without a sign between them; the conditions of flows have an operator there, mark or not.
_WORDS = re.compile(r"(?!.*\b(and|or|not|in|of|if|some|every|between|instance)\b)\w+(\s+\w+)+[.!?]?")
#: The ends of a link: what each names, and by what it is named.
_LINKED = {"intermediateThrowEvent": ("target", "source"), "intermediateCatchEvent": ("source", "target")}
#: Where a task that is repeated for each member of a collection has this collection.
_COLLECTIONS = (("loopDataInputRef", "dataInput"), ("loopDataOutputRef", "dataOutput"))


def formal(sheet: Sheet) -> Iterator[Problem]:
    """Natural language makes a process one that cannot be executed (8.4.7)."""
    for node in sheet.all_alone(*_EXPRESSIONS):
        text = text_of(node)
        can_be_words = (
            sort_of(holder_of(node)) != "complexBehaviorDefinition"
        )  # there the schema lets none be
        if text and can_be_words and not is_formal(node) and not text.startswith(_IN_A_LANGUAGE):
            yield found("expression_informal", node, what=sort_of(node))
    for node in sheet.all_alone("conditionExpression"):
        if not is_formal(node) and _WORDS.fullmatch(text_of(node)[:500]):
            yield found("expression_informal", node, what=sort_of(node))


def empty(sheet: Sheet) -> Iterator[Problem]:
    """What is marked as formal says something; those that must do so in any file have a rule of their own (8.4.8)."""
    for node in sheet.all_alone("from", "to", "formalExpression"):
        if not text_of(node) and is_formal(node):
            yield found("expression_empty", node, what=sort_of(node))


def operations(sheet: Sheet) -> Iterator[Problem]:
    """An event about a message says by which operation that is sent or taken (10.5.5)."""
    for definition in sheet.all_alone("messageEventDefinition"):
        if child(definition, "operationRef") is None:
            yield found("operation_missing", holder_of(definition))


def links(sheet: Sheet) -> Iterator[Problem]:
    """The two ends of a link name each other (10.5.5)."""
    named_by = cache(_named)
    for definition in sheet.all_alone("linkEventDefinition"):
        event, key = holder_of(definition), definition.get("id", "")
        if sort_of(event) not in _LINKED:
            continue
        there, back = _LINKED[sort_of(event)]
        named = named_by(definition, there)
        if not named or (there == "target" and len(named) > 1):
            yield found("link_reference", event, end=there)
        for name in sorted(named):
            other = sheet.get(name)
            is_link = other is not None and sort_of(other) == "linkEventDefinition"
            if is_link and key not in named_by(other, back):
                yield found("link_one_sided", event, other=name)


def _named(node: etree._Element, sort: str) -> frozenset[str]:
    """The ids that the children of that sort refer to."""
    return frozenset(reference(text_of(each)) for each in children(node, sort))


def collections(sheet: Sheet) -> Iterator[Problem]:
    """A task that is done for each member of a collection has the collection as an input of its own (10.3.8)."""
    own = cache(_own_data)
    for loop in sheet.all_alone("multiInstanceLoopCharacteristics"):
        activity = holder_of(loop)
        if sort_of(activity) in SCOPES:
            continue
        for name, sort in _COLLECTIONS:
            for key in _named(loop, name) - own(activity, sort):
                yield found("loop_collection", activity, name=name, reference=key)


def _own_data(activity: etree._Element, sort: str) -> frozenset[str]:
    specification = child(activity, "ioSpecification")
    own = () if specification is None else children(specification, sort)
    return frozenset(data.get("id", "") for data in own)


def associations(sheet: Sheet) -> Iterator[Problem]:
    """What is copied comes from somewhere (10.4.2)."""
    for node in sheet.all_alone("dataInputAssociation", "dataOutputAssociation"):
        if all(child(node, sort) is None for sort in ("sourceRef", "transformation", "assignment")):
            yield found("association_empty", node)


def names(sheet: Sheet) -> Iterator[Problem]:
    """A reference to a data object in some state is called after both (10.4.1)."""
    for node in sheet.all_alone("dataObjectReference"):
        state, data = child(node, "dataState"), sheet.get(node.get("dataObjectRef"))
        if state is None or data is None or not node.get("name") or not data.get("name"):
            continue
        name = f"{data.get('name')} [{state.get('name', '')}]"
        if node.get("name") != name:
            yield found("data_name", node, name=name)


def boundaries(sheet: Sheet) -> Iterator[Problem]:
    """What undoes an activity neither interrupts it nor leaves it running: it is over by then (10.5.4)."""
    for event in sheet.all_alone("boundaryEvent"):
        sorts = {sort_of_trigger(each) for each in sheet.triggers(event)}
        if "compensate" in sorts and not flag(event, "cancelActivity", True):
            yield found("compensation_interrupts", event)


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


RULES = (
    imports,
    formal,
    empty,
    operations,
    links,
    collections,
    associations,
    names,
    boundaries,
    without_activities,
    starts,
)

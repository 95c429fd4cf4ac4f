"""Pools and the messages between them (BPMN 2.0.2, 7.6.2, 9.3)."""

from collections.abc import Iterator

from lxml import etree

from processes.engine.model import ACTIVITIES, EVENTS
from processes.engine.problems import Problem
from processes.engine.reading.draft import reference
from processes.engine.standard.sheet import (
    CATCHING,
    THROWING,
    Sheet,
    found,
    holder_of,
    sort_of,
    sort_of_trigger,
    whole_number,
)

#: What a message can come from or go to (9.4, "interaction node").
_CONVERSATIONS = frozenset({"conversation", "subConversation", "callConversation"})
_ENDS = ACTIVITIES | EVENTS | _CONVERSATIONS | {"participant"}


def ends(sheet: Sheet) -> Iterator[Problem]:
    """A message flow leads from a pool, an activity or a throwing event to another pool, or into it."""
    for flow in sheet.all("messageFlow"):
        source, target = sheet.get(flow.get("sourceRef")), sheet.get(flow.get("targetRef"))
        for end, node in (("sourceRef", source), ("targetRef", target)):
            if node is None or sort_of(node) not in _ENDS:
                yield found("message_flow_end", flow, reference=reference(flow.get(end)))
        if source is not None and sort_of(source) in CATCHING:
            yield found("message_flow_source", flow, reference=source.get("id", ""))
        if target is not None and sort_of(target) in THROWING:
            yield found("message_flow_target", flow, reference=target.get("id", ""))
        if source is not None and target is not None and _pool(sheet, source) == _pool(sheet, target):
            yield found("message_flow_inside", flow)


def _pool(sheet: Sheet, node: etree._Element) -> str:
    """The id of the process a node is in; that of the pool itself where it has none."""
    if sort_of(node) == "participant":
        return reference(node.get("processRef")) or node.get("id", "")
    at: etree._Element | None = node
    while at is not None and sort_of(at) != "process":
        at = at.getparent()
    return "" if at is None else at.get("id", "")


def messages_of_events(sheet: Sheet) -> Iterator[Problem]:
    """Only events about messages send or get some (10.5.1)."""
    for flow in sheet.all("messageFlow"):
        for end in ("sourceRef", "targetRef"):
            event = sheet.get(flow.get(end))
            if event is None or sort_of(event) not in EVENTS:
                continue
            if not any(sort_of_trigger(each) == "message" for each in sheet.triggers(event)):
                yield found("message_flow_event", event, flow=flow.get("id", ""))


def conversation_links(sheet: Sheet) -> Iterator[Problem]:
    """They lead between a conversation and whoever takes part in it (9.5.5)."""
    for link in sheet.all("conversationLink"):
        ends = [sheet.get(link.get(end)) for end in ("sourceRef", "targetRef")]
        talks = [end is not None and sort_of(end) in _CONVERSATIONS for end in ends]
        if None in ends or talks[0] == talks[1]:
            yield found("conversation_link", link)


def multiplicities(sheet: Sheet) -> Iterator[Problem]:
    """A pool stands for at least so many, and no more than so many, partners (table 9.4)."""
    for node in sheet.all("participantMultiplicity"):
        written = node.get("minimum", "0"), node.get("maximum", "1")
        least, most = (whole_number(text) for text in written)
        if least is None or not most or least > most:
            yield found("multiplicity", holder_of(node), least=written[0], most=written[1])


RULES = (ends, messages_of_events, conversation_links, multiplicities)

"""How the flows of a process go on of which only the standard says how it is run (BPMN 2.0.2, 10.5.3, 10.5.4, 10.6)."""

from collections.abc import Iterator

from lxml import etree

from processes.engine.model import ACTIVITIES, EVENTS, GATEWAYS, SCOPES
from processes.engine.problems import Problem
from processes.engine.reading.draft import BPMN, child, children
from processes.engine.standard.sheet import Sheet, flag, found, sort_of, sort_of_trigger

_GOING_ON = ACTIVITIES | {"intermediateThrowEvent"}


def ends(sheet: Sheet) -> Iterator[Problem]:
    """Whoever has a start event has an end event, and then all else leads on to one (10.5.3)."""
    for scope in (*sheet.alone, *sheet.all_alone(*sorted(SCOPES))):
        yield from _ends(sheet, scope)


def _ends(sheet: Sheet, scope: etree._Element) -> Iterator[Problem]:
    end_events = list(children(scope, "endEvent"))
    if not end_events:
        if next(children(scope, "startEvent"), None) is not None:
            yield found("start_without_end", scope)
        return
    for event in end_events:
        if not sheet.incoming.get(event.get("id", "")):
            yield found("end_no_incoming", event)
    for node in scope.iterchildren(f"{{{BPMN}}}*"):
        is_over = sort_of(node) not in _GOING_ON or sheet.outgoing.get(node.get("id", ""))
        if not is_over and not _ends_otherwise(sheet, node):
            yield found("leads_nowhere", node)


def _ends_otherwise(sheet: Sheet, node: etree._Element) -> bool:
    return (
        flag(node, "triggeredByEvent")
        or flag(node, "isForCompensation")
        or (sort_of(node) in EVENTS and any(sort_of_trigger(each) == "link" for each in sheet.triggers(node)))
    )


def gateways(sheet: Sheet) -> Iterator[Problem]:
    """A gateway merges flows or splits them (10.6.1); one for events has at least two to choose from (10.6.6)."""
    for gateway in sheet.all_alone(*sorted(GATEWAYS)):
        key = gateway.get("id", "")
        into, out = len(sheet.incoming.get(key, ())), len(sheet.outgoing.get(key, ()))
        if sort_of(gateway) == "eventBasedGateway":
            if out < 2:
                yield found("event_gateway_alone", gateway, out=out)
        elif into < 2 and out < 2:
            yield found("gateway_idle", gateway, into=into, out=out)


def conditions(sheet: Sheet) -> Iterator[Problem]:
    """A parallel gateway asks for no conditions (8.4.13, 10.6.4)."""
    for gateway in sheet.all_alone("parallelGateway"):
        for flow in sheet.outgoing.get(gateway.get("id", ""), ()):
            if child(flow, "conditionExpression") is not None:
                yield found("condition_not_allowed", gateway, flow=flow.get("id", ""), type=sort_of(gateway))


def beginnings(sheet: Sheet) -> Iterator[Problem]:
    """A process that begins when several events have come knows by their messages which belong together (10.6.6)."""
    for gateway in sheet.all_alone("eventBasedGateway"):
        if gateway.get("eventGatewayType") != "Parallel":
            continue
        for flow in sheet.outgoing.get(gateway.get("id", ""), ()):
            event = sheet.get(flow.get("targetRef"))
            sorts = set() if event is None else {sort_of_trigger(each) for each in sheet.triggers(event)}
            if event is not None and sorts - {"message"}:
                yield found("event_gateway_messages", gateway, target=event.get("id", ""))


RULES = (ends, gateways, conditions, beginnings)

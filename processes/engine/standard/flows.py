"""How sequence flows connect (BPMN 2.0.2, 7.6.1, 8.4.13, 10.6)."""

from collections.abc import Iterator

from lxml import etree

from processes.engine.model import ACTIVITIES, EVENTS, GATEWAYS, SCOPES
from processes.engine.problems import Problem
from processes.engine.reading.draft import BPMN, children, reference, text_of
from processes.engine.standard.sheet import Sheet, flag, found, holder_of, sort_of, sort_of_trigger

_FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS
_AFTER_GATEWAY = frozenset({"message", "timer", "conditional", "signal"})


def beginnings(sheet: Sheet) -> Iterator[Problem]:
    """Whoever has an end event has a start event, and then all else needs a flow in (10.5.2, 10.5.3).

    The mirror rule, that a start event demands an end event and a flow out of all else, is broken by too many
    diagrams that everybody runs: a token just ends there.
    """
    for scope in sheet.all("process", *SCOPES):
        inside = [node for node in scope.iterchildren(f"{{{BPMN}}}*") if sort_of(node) in _FLOW_NODES]
        sorts = {sort_of(node) for node in inside}
        if "startEvent" not in sorts:
            if "endEvent" in sorts and not any(flag(node, "instantiate") for node in inside):
                yield found("end_without_start", scope)
            continue
        for node in inside:
            if not sheet.incoming.get(node.get("id", "")) and not _begins_otherwise(sheet, node):
                yield found("nothing_leads_in", node)
            if sort_of(node) == "startEvent" and not sheet.outgoing.get(node.get("id", "")):
                yield found("start_no_outgoing", node)


def _begins_otherwise(sheet: Sheet, node: etree._Element) -> bool:
    return (
        sort_of(node) in ("startEvent", "boundaryEvent", "endEvent")
        or flag(node, "triggeredByEvent")
        or flag(node, "isForCompensation")
        or flag(node, "instantiate")
        or _has_link(sheet, node, "intermediateCatchEvent")
        or sort_of(holder_of(node)) == "adHocSubProcess"
    )


def _has_link(sheet: Sheet, node: etree._Element, sort: str) -> bool:
    return sort_of(node) == sort and any(sort_of_trigger(each) == "link" for each in sheet.triggers(node))


def intermediate(sheet: Sheet) -> Iterator[Problem]:
    """An intermediate event stands between two flows, whatever else there is (10.5.4)."""
    for event in sheet.all("intermediateCatchEvent", "intermediateThrowEvent"):
        key = event.get("id", "")
        if not sheet.incoming.get(key) and not _has_link(sheet, event, "intermediateCatchEvent"):
            yield found("intermediate_no_incoming", event)
        if sort_of(event) == "intermediateCatchEvent" and not sheet.outgoing.get(key):
            yield found("intermediate_no_outgoing", event)


def boundaries(sheet: Sheet) -> Iterator[Problem]:
    """An event at the border of an activity leads on (10.5.4); to what undoes that, an association does."""
    for event in sheet.all("boundaryEvent"):
        sorts = {sort_of_trigger(each) for each in sheet.triggers(event)}
        if not sheet.outgoing.get(event.get("id", "")) and "compensate" not in sorts:
            yield found("boundary_no_outgoing", event)


def listed(sheet: Sheet) -> Iterator[Problem]:
    """Elements may list their flows; where a process does so, lists and flows say the same (8.4.13)."""
    for process, inside in sheet.by_process:
        lists = {"targetRef": _listed(inside, "incoming"), "sourceRef": _listed(inside, "outgoing")}
        if not any(lists.values()):
            continue
        nodes = _ids([node for node in inside if sort_of(node) in _FLOW_NODES])
        for attribute, pairs in lists.items():
            for flow in inside:
                key = reference(flow.get(attribute)) if sort_of(flow) == "sequenceFlow" else ""
                if key in nodes and (key, flow.get("id", "")) not in pairs:
                    yield found("flow_not_listed", flow, holder=key)
            for key, flow_id in sorted(pairs):
                named = sheet.by_id.get(flow_id)
                if named is not None and reference(named.get(attribute)) != key:
                    yield found("flow_listed", sheet.by_id.get(key, process), flow=flow_id)


def _listed(inside: list[etree._Element], end: str) -> set[tuple[str, str]]:
    lists = (each for each in inside if sort_of(each) == end)
    return {(holder_of(each).get("id", ""), reference(text_of(each))) for each in lists}


def directions(sheet: Sheet) -> Iterator[Problem]:
    """A gateway that says it merges, splits or does both must do so (10.6.1)."""
    for gateway in sheet.all(*sorted(GATEWAYS)):
        direction = gateway.get("gatewayDirection", "Unspecified")
        into, out = (
            len(sheet.incoming.get(gateway.get("id", ""), ())),
            len(sheet.outgoing.get(gateway.get("id", ""), ())),
        )
        fits = {
            "Converging": into > 1 and out <= 1,
            "Diverging": into <= 1 and out > 1,
            "Mixed": into > 1 and out > 1,
        }
        if not fits.get(direction, True):
            yield found("gateway_direction", gateway, direction=direction, into=into, out=out)


def event_gateways(sheet: Sheet) -> Iterator[Problem]:
    """Behind it stand events, or receive tasks instead of message events, that it alone leads to (10.6.6)."""
    for gateway in sheet.all("eventBasedGateway"):
        if gateway.get("eventGatewayType") == "Parallel" and not flag(gateway, "instantiate"):
            yield found("event_gateway_parallel", gateway)
        flows = sheet.outgoing.get(gateway.get("id", ""), [])
        targets = [target for flow in flows if (target := sheet.get(flow.get("targetRef"))) is not None]
        for flow in flows:
            if next(children(flow, "conditionExpression"), None) is not None:
                yield found("event_gateway_condition", gateway, flow=flow.get("id", ""))
        kinds = set()
        for target in targets:
            given = {sort_of_trigger(each) for each in sheet.triggers(target)}
            is_event = sort_of(target) == "intermediateCatchEvent" and given and given <= _AFTER_GATEWAY
            if not is_event and sort_of(target) != "receiveTask":
                yield found("event_gateway_target", gateway, target=target.get("id", ""))
            if len(sheet.incoming.get(target.get("id", ""), ())) > 1:
                yield found("event_gateway_shared", gateway, target=target.get("id", ""))
            kinds |= {sort_of(target)} if sort_of(target) == "receiveTask" else given & {"message"}
        if kinds == {"receiveTask", "message"}:
            yield found("event_gateway_mixed", gateway)


def pools(sheet: Sheet) -> Iterator[Problem]:
    """Between processes there are messages, and no sequence flows (7.6.1)."""
    process_of = {key: process for process, inside in sheet.by_process for key in _ids(inside)}
    for flow in sheet.all("sequenceFlow"):
        ends = [process_of.get(reference(flow.get(end))) for end in ("sourceRef", "targetRef")]
        if None not in ends and ends[0] is not ends[1]:
            yield found("flow_pool", flow)


def _ids(inside: list[etree._Element]) -> set[str]:
    return {key for node in inside if (key := node.get("id"))}


def conditional(sheet: Sheet) -> Iterator[Problem]:
    """A condition on the only way out of an activity would leave the token nowhere to go (8.4.13)."""
    for flow in sheet.all("sequenceFlow"):
        source = sheet.get(flow.get("sourceRef"))
        if source is None or next(children(flow, "conditionExpression"), None) is None:
            continue
        if sort_of(source) in ACTIVITIES and len(sheet.outgoing[source.get("id", "")]) < 2:
            yield found("condition_alone", flow, source=source.get("id", ""))


def immediate(sheet: Sheet) -> Iterator[Problem]:
    """A process that is run has nothing between two elements that the diagram does not show (table 8.49)."""
    for flow in sheet.all("sequenceFlow"):
        scope = holder_of(flow)
        while scope is not None and sort_of(scope) not in ("process", "definitions"):
            scope = holder_of(scope)
        if not flag(flow, "isImmediate", True) and flag(scope, "isExecutable"):
            yield found("flow_not_immediate", flow)


def instantiating(sheet: Sheet) -> Iterator[Problem]:
    """What begins a process cannot be reached in one (10.3.3, 10.6.6)."""
    for node in sheet.all("receiveTask", "eventBasedGateway"):
        if flag(node, "instantiate") and sheet.incoming.get(node.get("id", "")):
            yield found("instantiate_incoming", node)


RULES = (
    beginnings,
    instantiating,
    intermediate,
    boundaries,
    listed,
    pools,
    directions,
    event_gateways,
    conditional,
    immediate,
)

"""How nodes and flows may be connected (BPMN 2.0.2, chapters 8 and 10)."""

from collections.abc import Iterator

from processes.engine.model import ACTIVITIES, GATEWAYS, Definition, Element, Flow
from processes.engine.problems import Problem, problem

#: Only these may have conditional flows out of them (BPMN 2.0.2, 8.4.13).
_DECIDING = ACTIVITIES | {"exclusiveGateway", "inclusiveGateway", "complexGateway"}


def check(definition: Definition) -> Iterator[Problem]:
    """All problems of the graph."""
    for flow in definition.flows.values():
        yield from _flow(definition, flow)
    for element in definition.elements.values():
        yield from _attachment(definition, element)
        yield from _ends(element)
        yield from _default(definition, element)
        yield from _conditions(definition, element)
    yield from _starts(definition)
    yield from _unreachable(definition)


def _flow(definition: Definition, flow: Flow) -> Iterator[Problem]:
    source, target = definition.elements.get(flow.source), definition.elements.get(flow.target)
    if source is None:
        yield problem("flow_source", element=flow.id, line=flow.line, reference=flow.source)
    if target is None:
        yield problem("flow_target", element=flow.id, line=flow.line, reference=flow.target)
    if source is not None and target is not None and source.scope != target.scope:
        yield problem("flow_crosses", element=flow.id, line=flow.line, source=flow.source, target=flow.target)


def _attachment(definition: Definition, element: Element) -> Iterator[Problem]:
    if element.type != "boundaryEvent":
        return
    host = definition.elements.get(element.attached_to)
    if host is None:
        code = "attached_unknown"
    elif host.type not in ACTIVITIES:
        code = "attached_not_activity"
    elif host.scope != element.scope:
        code = "attached_outside"
    else:
        return
    yield problem(code, element=element.id, line=element.line, reference=element.attached_to)


def _ends(element: Element) -> Iterator[Problem]:
    """What must not, or must, have flows in or out."""
    codes = []
    if element.type == "startEvent" and element.incoming:
        codes.append("start_incoming")
    if element.type == "endEvent" and element.outgoing:
        codes.append("end_outgoing")
    if element.type == "boundaryEvent" and element.incoming:
        codes.append("boundary_incoming")
    if element.type in GATEWAYS and not element.outgoing:
        codes.append("gateway_no_outgoing")
    for code in codes:
        yield problem(code, element=element.id, line=element.line)


def _default(definition: Definition, element: Element) -> Iterator[Problem]:
    if not element.default:
        return
    if element.default not in element.outgoing:
        yield problem("default_unknown", element=element.id, line=element.line, reference=element.default)
    elif definition.flows[element.default].is_conditional:
        yield problem("default_condition", element=element.id, line=element.line, reference=element.default)


def _conditions(definition: Definition, element: Element) -> Iterator[Problem]:
    flows = [definition.flows[flow_id] for flow_id in element.outgoing if flow_id != element.default]
    conditional = [flow for flow in flows if flow.is_conditional]
    if element.type not in _DECIDING:
        code = "condition_ignored" if element.type == "parallelGateway" else "condition_not_allowed"
        for flow in conditional:
            yield problem(code, element=element.id, line=flow.line, flow=flow.id, type=element.type)
        return
    # Its first unconditional flow would hide all that follow.
    if element.type == "exclusiveGateway" and len(element.outgoing) > 1:
        for flow in flows:
            if not flow.is_conditional:
                yield problem("gateway_condition", element=element.id, line=flow.line, flow=flow.id)
    if flows and len(conditional) == len(flows) and not element.default:
        yield problem("split_no_default", element=element.id, line=element.line)


def _starts(definition: Definition) -> Iterator[Problem]:
    inside = definition.children.get(None, ())
    begins = definition.starts.get(None) or definition.entries.get(None)
    if not begins and not any(element.triggered_by_event for element in inside):
        yield problem("no_start", element=definition.id, line=definition.line)
    for scope, starts in definition.starts.items():
        holder = definition.elements[scope] if scope else definition
        plain = [start for start in starts if not start.events]
        if len(plain) > 1:
            code = "sub_process_starts" if scope else "several_starts"
            listed = ", ".join(start.id for start in plain)
            yield problem(code, element=holder.id, line=holder.line, starts=listed)
        if scope and not definition.elements[scope].triggered_by_event:
            for start in starts:
                if start.events:
                    yield problem("start_not_executable", element=holder.id, line=start.line, start=start.id)
    if not any(element.type == "endEvent" for element in inside):
        yield problem("no_end", element=definition.id, line=definition.line)


def _unreachable(definition: Definition) -> Iterator[Problem]:
    """Nodes that no token can get to, except by an event or a compensation that is not a flow."""
    links: dict[tuple[str | None, object], list[Element]] = {}
    for element in definition.elements.values():
        if element.type == "intermediateCatchEvent" and element.event and element.event.type == "link":
            links.setdefault((element.scope, element.event.name), []).append(element)
    reached: set[str] = set()
    todo = [*(definition.starts.get(None) or definition.entries.get(None, ()))]
    todo += [each for each in definition.children.get(None, ()) if each.instantiates]
    while todo:
        element = todo.pop()
        if element.id in reached:
            continue
        reached.add(element.id)
        todo += _next(definition, element)
        if element.event and element.event.type == "link":
            todo += links.pop((element.scope, element.event.name), ())
    for element in definition.elements.values():
        beside = element.triggered_by_event or element.for_compensation
        if element.id not in reached and not beside and (element.scope is None or element.scope in reached):
            yield problem("unreachable", element=element.id, line=element.line)


def _next(definition: Definition, element: Element) -> Iterator[Element]:
    for flow_id in element.outgoing:
        target = definition.elements.get(definition.flows[flow_id].target)
        if target is not None:
            yield target
    yield from definition.boundaries.get(element.id, ())
    yield from definition.entries.get(element.id, ())
    for inner in definition.children.get(element.id, ()):
        if inner.triggered_by_event:
            yield inner
            yield from definition.starts.get(inner.id, ())

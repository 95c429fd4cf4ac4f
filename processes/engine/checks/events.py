"""Which event may stand where, and what it must say (BPMN 2.0.2, 10.5)."""

from collections import Counter
from collections.abc import Iterator, Mapping

from processes.engine.constructs import describe
from processes.engine.model import ACTIVITIES, AWAITED, Definition, Element, EventDefinition, Loop
from processes.engine.problems import Problem, problem

_THROWN = frozenset({"message", "signal", "escalation", "compensate"})
#: What the instances of a multi-instance activity may throw.
_TOLD = frozenset({"message", "signal", "escalation", "error"})
#: Tables 10.86 to 10.89.
_PLACES: Mapping[str, frozenset[str]] = {
    "startEvent": AWAITED,
    "startEvent of an event sub-process": AWAITED | {"error", "escalation", "compensate"},
    "intermediateCatchEvent": AWAITED | {"link"},
    "boundaryEvent": AWAITED | {"error", "escalation", "cancel", "compensate"},
    "intermediateThrowEvent": _THROWN | {"link"},
    "endEvent": _THROWN | {"error", "cancel", "terminate"},
}
_ALWAYS_INTERRUPT = ("error", "cancel")


def check(definition: Definition) -> Iterator[Problem]:
    """All problems of events and event sub-processes."""
    for element in definition.elements.values():
        if element.type in _PLACES:
            for event in element.events:
                yield from _place(definition, element, event)
                yield from _code(element, event)
                yield from _cancel(definition, element, event)
            yield from _parallel(element)
            yield from _interrupts(definition, element)
        if element.triggered_by_event:
            yield from _event_sub_process(definition, element)
        if element.loop is not None:
            yield from _thrown_by_instances(element, element.loop)
    yield from _links(definition)


def _thrown_by_instances(element: Element, loop: Loop) -> Iterator[Problem]:
    """An instance that is through can tell of it, but neither undo nor end anything by itself (table 10.30)."""
    for thrown in loop.thrown:
        event = thrown.event
        if event.type not in _TOLD:
            yield problem(
                "event_place",
                element=element.id,
                line=event.line,
                type=event.type,
                place=describe(loop.type),
                known=", ".join(sorted(_TOLD)),
            )
        elif event.type in ("error", "escalation") and not event.code:
            yield problem("event_code", element=element.id, line=event.line, type=event.type)


def _holder(definition: Definition, element: Element) -> Element | None:
    return definition.elements.get(element.scope or "")


def _starts_by_event(definition: Definition, element: Element) -> bool:
    holder = _holder(definition, element)
    return element.type == "startEvent" and holder is not None and holder.triggered_by_event


def _place(definition: Definition, element: Element, event: EventDefinition) -> Iterator[Problem]:
    special = _starts_by_event(definition, element)
    begins = element.type == "startEvent" and not element.scope
    possible = _PLACES["startEvent of an event sub-process" if special else element.type]
    if event.type not in possible:
        yield problem(
            "event_place",
            element=element.id,
            line=event.line,
            type=event.type,
            place=describe(element.type).removeprefix("none "),
            known=", ".join(sorted(possible)),
        )
    elif event.type == "conditional" and begins and not definition.section:
        # There is no instance yet whose variables could fulfil the condition: it is about records (10.5.2).
        yield problem("condition_section", element=element.id, line=event.line)


def _code(element: Element, event: EventDefinition) -> Iterator[Problem]:
    throws = element.type in ("endEvent", "intermediateThrowEvent")
    if throws and event.type in ("error", "escalation") and not event.code:
        yield problem("event_code", element=element.id, line=event.line, type=event.type)


def _cancel(definition: Definition, element: Element, event: EventDefinition) -> Iterator[Problem]:
    if event.type != "cancel":
        return
    if element.type == "boundaryEvent":
        host = definition.elements.get(element.attached_to)
        is_right = host is None or host.type == "transaction"
    else:
        is_right = any(each.type == "transaction" for each in _around(definition, element))
    if not is_right:
        yield problem("cancel_place", element=element.id, line=event.line)


def _around(definition: Definition, element: Element) -> Iterator[Element]:
    holder = _holder(definition, element)
    while holder is not None:
        yield holder
        holder = _holder(definition, holder)


def _parallel(element: Element) -> Iterator[Problem]:
    if element.parallel_multiple and any(not event.is_awaited for event in element.events):
        listed = ", ".join(event.type for event in element.events if not event.is_awaited)
        yield problem("parallel_events", element=element.id, line=element.line, types=listed)
    begins = element.type == "startEvent" and not element.scope
    if begins and element.parallel_multiple and len(element.events) > 1:
        yield problem("parallel_start", element=element.id, line=element.line)


def _interrupts(definition: Definition, element: Element) -> Iterator[Problem]:
    if element.interrupting:
        return
    for event in element.events:
        special = event.type == "compensate" and _starts_by_event(definition, element)
        if event.type in _ALWAYS_INTERRUPT or special:
            yield problem("event_interrupts", element=element.id, line=element.line, type=event.type)


def _event_sub_process(definition: Definition, element: Element) -> Iterator[Problem]:
    if element.incoming or element.outgoing:
        yield problem("event_sub_process_flow", element=element.id, line=element.line)
    starts = definition.starts.get(element.id, ())
    if not starts or not all(start.events for start in starts):
        yield problem("event_sub_process_start", element=element.id, line=element.line)
    if definition.boundaries.get(element.id):
        yield problem("event_sub_process_boundary", element=element.id, line=element.line)


def _links(definition: Definition) -> Iterator[Problem]:
    """Sources and the one target of a link are a pair in one scope (10.5.5)."""
    found = [
        (element, event)
        for element in definition.elements.values()
        for event in element.events
        if event.type == "link" and element.type in ("intermediateCatchEvent", "intermediateThrowEvent")
    ]
    targets = Counter((e.scope, v.name) for e, v in found if e.type == "intermediateCatchEvent")
    sources = {(e.scope, v.name) for e, v in found if e.type == "intermediateThrowEvent"}
    # One target that is left over beside pairs does no harm; a lonely one was never connected.
    is_linked = any(element.type == "intermediateThrowEvent" for element, _ in found)
    unused = "link_unused" if is_linked else "link_no_source"
    for element, event in found:
        is_target = element.type == "intermediateCatchEvent"
        key = (element.scope, event.name)
        if not event.name:
            code = "link_name"
        elif is_target and targets[key] > 1:
            code = "link_twice"
        elif key not in (sources if is_target else targets):
            code = unused if is_target else "link_alone"
        else:
            code = ""
        if code:
            yield problem(code, element=element.id, line=event.line, name=event.name)
        if element.incoming if is_target else element.outgoing:
            yield problem("link_flow", element=element.id, line=element.line)


def check_compensation(definition: Definition) -> Iterator[Problem]:
    """Who undoes what (10.7)."""
    handlers = set(definition.compensators.values())
    for element in definition.elements.values():
        is_boundary = element.type == "boundaryEvent"
        undoes = any(event.type == "compensate" for event in element.events)
        if is_boundary and undoes and element.attached_to not in definition.compensators:
            yield problem("compensation_handler", element=element.id, line=element.line)
        if (element.for_compensation or (is_boundary and undoes)) and (element.incoming or element.outgoing):
            yield problem("compensation_flow", element=element.id, line=element.line)
        if element.for_compensation and element.id not in handlers:
            yield problem("compensation_unbound", element=element.id, line=element.line)
        if undoes and element.type in ("endEvent", "intermediateThrowEvent"):
            yield from _reference(definition, element)


def _reference(definition: Definition, element: Element) -> Iterator[Problem]:
    for event in element.events:
        named = definition.elements.get(event.reference)
        if event.type == "compensate" and event.reference and (named is None or named.type not in ACTIVITIES):
            yield problem(
                "compensation_reference", element=element.id, line=event.line, reference=event.reference
            )

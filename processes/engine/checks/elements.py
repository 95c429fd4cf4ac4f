"""What single elements must say."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping

from processes.engine.cron import read_cron
from processes.engine.iso import read_cycle, read_duration, read_moment
from processes.engine.model import Definition, Element, EventDefinition, Extra
from processes.engine.problems import Problem, problem

_DURATIONS = ("startIn", "duration", "remindBefore")
_CODED = ("option", "button", "field", "result")
_OUTCOMES = ("success", "neutral", "failure")
_READERS: Mapping[str, Callable[[str], object]] = {
    "timeDate": read_moment,
    "timeDuration": read_duration,
    "timeCycle": lambda text: read_cycle(text) or read_cron(text),
}


def check(definition: Definition, *, kinds: Collection[str], services: Collection[str]) -> Iterator[Problem]:
    """All problems of single elements."""
    for element in definition.elements.values():
        if element.type == "userTask":
            yield from _user_task(element, kinds)
        if element.type == "serviceTask":
            yield from _service_task(element, services)
        if element.type == "businessRuleTask" and element.service:
            yield from _service_task(element, services)
        if element.type == "businessRuleTask" and not element.service and element.decision is None:
            yield problem("decision_missing", element=element.id, line=element.line)
        if element.type == "scriptTask" and not element.has_script:
            yield problem("script_missing", element=element.id, line=element.line)
        if element.type == "callActivity" and not element.called:
            yield problem("called_missing", element=element.id, line=element.line)
        if element.type == "boundaryEvent" and not element.events:
            yield problem("boundary_catch", element=element.id, line=element.line)
        yield from _children(element)
        yield from _durations(element)
        for event in element.events:
            yield from _event(element, event)


def _user_task(element: Element, kinds: Collection[str]) -> Iterator[Problem]:
    if element.kind not in kinds:
        yield problem(
            "unknown_kind", element=element.id, line=element.line, kind=element.kind, known=_listed(kinds)
        )


def _service_task(element: Element, services: Collection[str]) -> Iterator[Problem]:
    if not element.service:
        yield problem("service_missing", element=element.id, line=element.line)
    elif element.service not in services:
        yield problem(
            "unknown_service",
            element=element.id,
            line=element.line,
            service=element.service,
            known=_listed(services),
        )


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "-"


def _children(element: Element) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for extra in element.extras:
        if extra.tag not in _CODED:
            continue
        code = extra.attributes.get("code", "")
        if not code:
            yield problem("child_code", element=element.id, line=extra.line, tag=extra.tag)
        elif isinstance(code, str):
            if (extra.tag, code) in seen:
                yield problem(
                    "duplicate_code", element=element.id, line=extra.line, tag=extra.tag, value=code
                )
            seen.add((extra.tag, code))
        yield from _outcome(element, extra)
    defaults = Counter(extra.tag for extra in element.extras if extra.attributes.get("default") == "true")
    if defaults["option"] > 1:
        yield problem("several_defaults", element=element.id, line=element.line)


def _outcome(element: Element, extra: Extra) -> Iterator[Problem]:
    outcome = extra.attributes.get("outcome", "neutral")
    if isinstance(outcome, str) and outcome not in _OUTCOMES:
        yield problem(
            "outcome_value",
            element=element.id,
            line=extra.line,
            tag=extra.tag,
            value=outcome,
            known=", ".join(_OUTCOMES),
        )


def _durations(element: Element) -> Iterator[Problem]:
    for name in _DURATIONS:
        value = element.portal.get(name)
        if isinstance(value, str) and value and read_duration(value) is None:
            yield problem(
                "duration_value", element=element.id, line=element.line, attribute=name, value=value
            )


def _event(element: Element, event: EventDefinition) -> Iterator[Problem]:
    if event.timer and isinstance(event.value, str) and event.value:
        if _READERS[event.timer](event.value) is None:
            yield problem(
                "timer_value", element=element.id, line=event.line, type=event.timer, value=event.value
            )
    elif event.type in ("message", "signal") and not event.name and not event.reference:
        yield problem("message_missing", element=element.id, line=event.line)

"""May this definition be run? Every reason why not, and what looks like a mistake."""

from collections.abc import Collection, Iterator

from processes.engine.behaviours import BEHAVIOURS
from processes.engine.checks import elements, events, gateways, graph, names
from processes.engine.constructs import describe
from processes.engine.model import EVENTS, Definition
from processes.engine.problems import Problem, problem


def validate(definition: Definition, *, kinds: Collection[str], services: Collection[str]) -> list[Problem]:
    """All problems of a definition in the order of the document.

    `kinds` are the registered kinds of human steps, `services` the registered names of services. What
    the reader has found (syntax, duplicate ids) is not found again.
    """
    problems = [
        *names.check(definition),
        *graph.check(definition),
        *gateways.check(definition),
        *events.check(definition),
        *events.check_compensation(definition),
        *elements.check(definition, kinds=kinds, services=services),
        *_not_executable(definition),
    ]
    return sorted(problems, key=lambda each: each.line)


def _not_executable(definition: Definition) -> Iterator[Problem]:
    for element in definition.elements.values():
        # What single events are possible where is said by their own check.
        is_known = element.construct in BEHAVIOURS or (element.type in EVENTS and element.events)
        unknown = [] if is_known else [element.construct]
        for construct in unknown:
            yield problem(
                "not_executable",
                element=element.id,
                line=element.line,
                construct=describe(construct),
                name=element.name or element.id,
            )

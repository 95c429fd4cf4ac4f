"""May this definition be run? Every reason why not, and what looks like a mistake."""

from collections.abc import Collection, Iterator

from processes.engine.behaviours import BEHAVIOURS
from processes.engine.checks import elements, graph
from processes.engine.constructs import describe
from processes.engine.model import Definition
from processes.engine.problems import Problem, problem


def validate(definition: Definition, *, kinds: Collection[str], services: Collection[str]) -> list[Problem]:
    """All problems of a definition in the order of the document.

    `kinds` are the registered kinds of human steps, `services` the registered names of services. What
    the reader has found (syntax, duplicate ids) is not found again.
    """
    problems = [
        *graph.check(definition),
        *elements.check(definition, kinds=kinds, services=services),
        *_not_executable(definition),
    ]
    return sorted(problems, key=lambda each: each.line)


def supported_constructs() -> list[str]:
    """What the engine runs, in words, for people."""
    return sorted(describe(construct) for construct in BEHAVIOURS)


def _not_executable(definition: Definition) -> Iterator[Problem]:
    for element in definition.elements.values():
        unknown = [] if element.construct in BEHAVIOURS else [element.construct]
        if element.loop:
            unknown.append(element.loop)
        if element.for_compensation:
            unknown.append("compensation")
        if (element.start_quantity, element.completion_quantity) != ("1", "1"):
            unknown.append("quantities")
        for construct in unknown:
            yield problem(
                "not_executable",
                element=element.id,
                line=element.line,
                construct=describe(construct),
                name=element.name or element.id,
            )

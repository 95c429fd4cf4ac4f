"""What the standard demands of a file beyond its schema, rule by rule; each is one function over the same sheet."""

from processes.engine.problems import Problem
from processes.engine.reading.draft import BPMN, split
from processes.engine.reading.xml import Refused, parse
from processes.engine.standard import (
    associations,
    collaboration,
    data,
    executable,
    executable_flows,
    flows,
    items,
    placement,
    references,
    texts,
)
from processes.engine.standard.sheet import Sheet

RULES = (
    *references.RULES,
    *placement.RULES,
    *flows.RULES,
    *collaboration.RULES,
    *data.RULES,
    *associations.RULES,
    *items.RULES,
    *texts.RULES,
    *executable.RULES,
    *executable_flows.RULES,
)


def check(source: bytes) -> list[Problem]:
    """Every rule that a file breaks, in the order of the document; nothing for what is no BPMN at all."""
    try:
        root = parse(source)
    except Refused:
        return []
    if split(str(root.tag)) != (BPMN, "definitions"):
        return []
    sheet = Sheet(root)
    return sorted((each for rule in RULES for each in rule(sheet)), key=lambda each: each.line)

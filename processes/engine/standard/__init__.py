"""What the standard demands of a file beyond its schema, rule by rule; each is one function over the same sheet."""

from itertools import islice

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
#: Nobody reads more of the same; a file of five megabytes could break a rule a hundred thousand times.
MOST_OF_A_RULE = 500


def check(source: bytes) -> list[Problem]:
    """Every rule that a file breaks, in the order of the document; nothing for what is no BPMN at all.

    Of a rule that is broken over and over it tells the first places.
    """
    try:
        root = parse(source)
    except Refused:
        return []
    if split(str(root.tag)) != (BPMN, "definitions"):
        return []
    sheet = Sheet(root)
    found = (each for rule in RULES for each in islice(rule(sheet), MOST_OF_A_RULE))
    return sorted(found, key=lambda each: each.line)

"""BPMN 2.0 XML -> definitions, with all problems of reading at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from processes.engine.model import Definition
from processes.engine.problems import Problem, problem
from processes.engine.reading.dmn import Decisions
from processes.engine.reading.draft import BPMN, children, line_of, split
from processes.engine.reading.event_definitions import Catalogue
from processes.engine.reading.global_tasks import global_tasks
from processes.engine.reading.process_reader import ProcessReader
from processes.engine.reading.xml import Refused, parse


@dataclass
class Reading:
    """The processes of a file as far as they could be read. Any error means: do not run them."""

    definitions: list[Definition] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        return [each for each in self.problems if each.severity == "error"]


def read(data: bytes, *, name: str = "", decisions: Decisions | None = None) -> Reading:
    """Read a file; `name` stands for its process where that has no name. Never raises.

    `decisions` are those that business rule tasks may refer to; their own problems are told by themselves.
    """
    known = decisions or Decisions()
    try:
        root = parse(data)
    except Refused as refused:
        return Reading(problems=[refused.problem])
    if split(str(root.tag)) != (BPMN, "definitions"):
        return Reading(problems=[problem("not_bpmn", line=line_of(root), root=str(root.tag)[:200])])
    reading = Reading(problems=list(_duplicate_ids(root)))
    catalogue = Catalogue.of(root)
    for node in (*children(root, "process"), *global_tasks(root)):
        reader = ProcessReader(catalogue, known.by_id)
        reader.compiler.names |= known.names
        reading.definitions.append(reader.process(node, name))
        reading.problems += reader.problems
    if not reading.definitions:
        reading.problems.append(problem("no_process", line=line_of(root)))
    return reading


def _duplicate_ids(root: etree._Element) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for node in root.iter(f"{{{BPMN}}}*"):
        node_id = node.get("id")
        if node_id in first:
            yield problem("duplicate_id", element=node_id, line=line_of(node), first=first[node_id])
        elif node_id is not None:
            first[node_id] = line_of(node)

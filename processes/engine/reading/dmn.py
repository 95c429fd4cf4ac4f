"""DMN files -> decisions with all that they require (DMN 1.5, chapters 6 and 7), with all problems at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from processes.engine.decisions import Decision, Literal, Part, Table
from processes.engine.feel import compile_expression
from processes.engine.problems import Problem, problem
from processes.engine.reading.decisions import compiled, named, read_table
from processes.engine.reading.draft import Draft, line_of, split, text_of
from processes.engine.reading.expressions import Compiler
from processes.engine.reading.xml import Refused, parse

#: Logic of DMN that is not evaluated here.
_OTHER_LOGIC = (
    "invocation",
    "context",
    "relation",
    "list",
    "functionDefinition",
    "conditional",
    "for",
    "every",
    "some",
    "filter",
)
#: More are refused: each is kept with all that it requires.
MAX_DECISIONS = 500
_FEEL = ("", "feel")


@dataclass
class Decisions:
    """The decisions of some files by their ids; the `names` are the free variables of all expressions.

    Any error among the problems means: do not use them.
    """

    by_id: dict[str, Decision] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Read:
    """A decision before what it requires is looked up: ids, and the line of each."""

    part: Part
    requires: Mapping[str, int]
    line: int


def is_dmn(data: bytes) -> bool:
    """Whether it is a DMN file, of whatever version."""
    try:
        return _is_dmn(parse(data))
    except Refused:
        return False


def _is_dmn(root: etree._Element) -> bool:
    namespace, local = split(str(root.tag))
    return local == "definitions" and "/DMN/" in namespace


def read_decisions(files: Mapping[str, bytes]) -> Decisions:
    """All decisions of DMN files by name; they may require each other. Never raises."""
    found = Decisions()
    read: dict[str, _Read] = {}
    inputs: set[str] = set()
    for name, data in files.items():
        try:
            root = parse(data)
        except Refused as refused:
            found.problems.append(replace(refused.problem, file=name))
            continue
        inputs |= {each.get("id", "") for each in named(root, "inputData")}
        problems: list[Problem] = []
        for each in _read_file(root, name, found, problems):
            if each.part.id in read:
                problems.append(
                    problem(
                        "decision_twice",
                        element=each.part.id,
                        line=each.line,
                        first=read[each.part.id].part.file,
                        second=name,
                    )
                )
            else:
                read[each.part.id] = each
        found.problems += [replace(each, file=name) for each in problems]
    if len(read) > MAX_DECISIONS:
        found.problems.append(problem("decision_number", limit=MAX_DECISIONS))
        return found
    for each in read.values():
        found.problems += _unknown(each, read, inputs)
    for decision_id in read:
        decision = _with_required(decision_id, read, found.problems)
        if decision is not None:
            found.by_id[decision_id] = decision
    return found


def _read_file(root: etree._Element, name: str, found: Decisions, problems: list[Problem]) -> list[_Read]:
    nodes = list(named(root, "decision"))
    if not nodes:
        problems.append(problem("no_decision", line=line_of(root)))
    language = root.get("expressionLanguage", "")
    return [_read_decision(node, name, language, found, problems) for node in nodes]


def _read_decision(
    node: etree._Element, file: str, language: str, found: Decisions, problems: list[Problem]
) -> _Read:
    decision_id = (node.get("id") or "").strip()
    if not decision_id:
        problems.append(problem("decision_id", line=line_of(node)))
    draft = Draft(decision_id, "decision", line_of(node), Compiler(), problems)
    variable = next(named(node, "variable"), None)
    own_name = node.get("name", "") if node.get("name", "").isidentifier() else decision_id
    name = (variable.get("name") if variable is not None else "") or own_name
    _check_language(node, language, draft)
    part = Part(decision_id, name, _logic(node, draft), file=file)
    found.names |= draft.compiler.names
    return _Read(part, _requirements(node, draft), draft.line)


def _logic(node: etree._Element, draft: Draft) -> Table | Literal:
    table = next(named(node, "decisionTable"), None)
    literal = next(named(node, "literalExpression"), None)
    if table is not None:
        return read_table(table, draft)
    if literal is not None:
        text = next(named(literal, "text"), None)
        texts = [text_of(text) if text is not None else ""]
        expressions = compiled(compile_expression, texts, draft, literal)
        if expressions:
            return Literal(expressions[0])
        return Table((), (), ())
    other = next((local for local in _OTHER_LOGIC if next(named(node, local), None) is not None), "nothing")
    draft.problems.append(problem("decision_logic", element=draft.id, line=draft.line, found=other))
    return Table((), (), ())


def _check_language(node: etree._Element, default: str, draft: Draft) -> None:
    """`feel`, or one of the addresses that stand for it, everywhere inside."""
    told = {node: default} | {each: each.get("expressionLanguage", "") for each in node.iterdescendants("*")}
    for each, language in told.items():
        if language.strip().lower() not in _FEEL and "feel" not in language.lower():
            draft.problems.append(
                problem("decision_language", element=draft.id, line=line_of(each), language=language)
            )


def _requirements(node: etree._Element, draft: Draft) -> dict[str, int]:
    """Ids of decisions and inputs; what stands before the `#` of an address may be another of the files."""
    found = {}
    for requirement in named(node, "informationRequirement"):
        for each in requirement.iterchildren("*"):
            if split(str(each.tag))[1] in ("requiredDecision", "requiredInput"):
                found[each.get("href", "").rpartition("#")[2]] = line_of(each)
    for requirement in named(node, "knowledgeRequirement"):
        for each in named(requirement, "requiredKnowledge"):
            reference = each.get("href", "").rpartition("#")[2]
            draft.problems.append(
                problem("decision_knowledge", element=draft.id, line=line_of(each), reference=reference)
            )
    return found


def _unknown(each: _Read, read: Mapping[str, _Read], inputs: set[str]) -> list[Problem]:
    return [
        replace(
            problem("decision_requires", element=each.part.id, line=line, reference=reference),
            file=each.part.file,
        )
        for reference, line in each.requires.items()
        if reference not in read and reference not in inputs
    ]


def _with_required(decision_id: str, read: Mapping[str, _Read], problems: list[Problem]) -> Decision | None:
    """The decision after all that it requires; None, and a problem, where it requires itself."""
    order: list[str] = []
    path: list[str] = []
    todo = [(decision_id, False)]
    while todo:
        current, is_left = todo.pop()
        if is_left:
            path.pop()
            order.append(current)
        elif current in path:
            if current == decision_id:
                cycle = " → ".join([*path[path.index(current) :], current])
                twice = problem("decision_cycle", element=current, line=read[current].line, path=cycle)
                problems.append(replace(twice, file=read[current].part.file))
            return None
        elif current not in order:
            path.append(current)
            todo.append((current, True))
            todo += [(each, False) for each in read[current].requires if each in read]
    places = {each: position for position, each in enumerate(order)}
    return Decision(
        tuple(
            replace(
                read[each].part,
                requires=tuple(places[other] for other in read[each].requires if other in places),
            )
            for each in order
        )
    )

"""What a business rule task decides by: a `decisionTable` in a `portal:decision`, or a decision of a DMN file."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from lxml import etree

from processes.engine.decisions import AGGREGATIONS, HIT_POLICIES, Decision, Output, Part, Rule, Table
from processes.engine.feel import (
    Expression,
    FeelSyntaxError,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from processes.engine.problems import problem
from processes.engine.reading.draft import PORTAL, Draft, extensions, line_of, split, text_of

_BROKEN = Table((), (), ())
Compiled = TypeVar("Compiled", Expression, UnaryTests)


def read_decision(node: etree._Element, draft: Draft, known: Mapping[str, Decision]) -> Decision | None:
    """The decision in the element, or the one it refers to among those `known` by their ids; None without one."""
    found = next((each for each in extensions(node) if split(str(each.tag)) == (PORTAL, "decision")), None)
    if found is not None:
        inside = next(named(found, "decisionTable"), None)
        if inside is None:
            draft.problems.append(problem("decision_table", element=draft.id, line=line_of(found)))
        table = _BROKEN if inside is None else read_table(inside, draft)
        return Decision((Part(draft.id, draft.id, table),))
    if not draft.decision:
        return None
    if draft.decision not in known:
        draft.problems.append(
            problem("decision_unknown", element=draft.id, line=draft.line, reference=draft.decision)
        )
        return Decision((Part(draft.decision, draft.decision, _BROKEN),))
    return known[draft.decision]


def read_table(table: etree._Element, draft: Draft) -> Table:
    """An empty table, and problems, where something in it cannot be understood."""
    before = len(draft.problems)
    policy = table.get("hitPolicy", "UNIQUE").strip().upper()
    aggregation = table.get("aggregation", "").strip().upper()
    for value, possible in ((policy, HIT_POLICIES), (aggregation, AGGREGATIONS)):
        if value not in possible:
            draft.problems.append(
                problem("decision_policy", element=draft.id, line=line_of(table), value=value)
            )
    inputs = [_text(each, "inputExpression") for each in named(table, "input")]
    outputs = [_output(each, draft) for each in named(table, "output")]
    rules = []
    for rule in named(table, "rule"):
        tests = [text_of(each) for each in named(rule, "inputEntry")]
        results = [text_of(each) for each in named(rule, "outputEntry")]
        if (len(tests), len(results)) != (len(inputs), len(outputs)):
            draft.problems.append(problem("decision_rule", element=draft.id, line=line_of(rule)))
            continue
        rules.append(
            Rule(
                compiled(compile_unary_tests, tests, draft, rule),
                compiled(compile_expression, results, draft, rule),
            )
        )
    asked = compiled(compile_expression, inputs, draft, table)
    if not outputs:
        draft.problems.append(problem("decision_table", element=draft.id, line=line_of(table)))
    if len(draft.problems) > before:
        return _BROKEN
    return Table(asked, tuple(outputs), tuple(rules), policy, aggregation)


def _output(node: etree._Element, draft: Draft) -> Output:
    values = _text(node, "outputValues")
    ordered: tuple[Expression, ...] = ()
    if values:
        # The possible values are written like the members of a list.
        parts = compiled(compile_expression, [part.strip() for part in values.split(",")], draft, node)
        ordered = parts
    default = _text(node, "defaultOutputEntry")
    given = compiled(compile_expression, [default] if default else [], draft, node)
    return Output(node.get("name") or draft.id, ordered, given[0] if given else None)


def compiled(
    compiler: Callable[[str], Compiled], texts: list[str], draft: Draft, node: etree._Element
) -> tuple[Compiled, ...]:
    """What of these cells can be understood; a problem for each of the others."""
    found = []
    for text in texts:
        try:
            cell = compiler(text or "null" if compiler is compile_expression else text)
        except FeelSyntaxError as error:
            draft.problems.append(
                problem(
                    "expression_syntax",
                    element=draft.id,
                    line=line_of(node),
                    what="A cell of the decision",
                    reason=str(error),
                    text=text[:200],
                )
            )
            continue
        draft.compiler.names |= cell.names
        found.append(cell)
    return tuple(found)


def named(node: etree._Element, local: str) -> Iterator[etree._Element]:
    """The children of that name, whatever version of DMN they are of."""
    return (each for each in node.iterchildren("*") if split(str(each.tag))[1] == local)


def _text(node: etree._Element, local: str) -> str:
    found = next(named(node, local), None)
    return "" if found is None else text_of(found)

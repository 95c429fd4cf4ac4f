"""The decision table inside a business rule task: a `decisionTable` of DMN in a `portal:decision`."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from lxml import etree

from processes.engine.decisions import AGGREGATIONS, HIT_POLICIES, Output, Rule, Table
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


def read_table(node: etree._Element, draft: Draft) -> Table | None:
    """None without a decision; an empty table, and problems, where something in it cannot be understood."""
    found = next((each for each in extensions(node) if split(str(each.tag)) == (PORTAL, "decision")), None)
    table = None if found is None else next(_named(found, "decisionTable"), None)
    if found is None:
        return None
    if table is None:
        draft.problems.append(problem("decision_table", element=draft.id, line=line_of(found)))
        return _BROKEN
    before = len(draft.problems)
    policy = table.get("hitPolicy", "UNIQUE").strip().upper()
    aggregation = table.get("aggregation", "").strip().upper()
    if policy not in HIT_POLICIES or aggregation not in AGGREGATIONS:
        draft.problems.append(problem("decision_policy", element=draft.id, line=line_of(table), value=policy))
    inputs = [_text(each, "inputExpression") for each in _named(table, "input")]
    outputs = [_output(each, draft) for each in _named(table, "output")]
    rules = []
    for rule in _named(table, "rule"):
        tests = [text_of(each) for each in _named(rule, "inputEntry")]
        results = [text_of(each) for each in _named(rule, "outputEntry")]
        if (len(tests), len(results)) != (len(inputs), len(outputs)):
            draft.problems.append(problem("decision_rule", element=draft.id, line=line_of(rule)))
            continue
        rules.append(
            Rule(
                _all(compile_unary_tests, tests, draft, rule),
                _all(compile_expression, results, draft, rule),
            )
        )
    compiled = _all(compile_expression, inputs, draft, table)
    if not outputs:
        draft.problems.append(problem("decision_table", element=draft.id, line=line_of(table)))
    if len(draft.problems) > before:
        return _BROKEN
    return Table(compiled, tuple(outputs), tuple(rules), policy, aggregation)


def _output(node: etree._Element, draft: Draft) -> Output:
    values = _text(node, "outputValues")
    ordered: tuple[Expression, ...] = ()
    if values:
        # The possible values are written like the members of a list.
        parts = _all(compile_expression, [part.strip() for part in values.split(",")], draft, node)
        ordered = parts
    default = _text(node, "defaultOutputEntry")
    given = _all(compile_expression, [default] if default else [], draft, node)
    return Output(node.get("name") or draft.id, ordered, given[0] if given else None)


def _all(
    compiler: Callable[[str], Compiled], texts: list[str], draft: Draft, node: etree._Element
) -> tuple[Compiled, ...]:
    found = []
    for text in texts:
        try:
            compiled = compiler(text or "null" if compiler is compile_expression else text)
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
        draft.compiler.names |= compiled.names
        found.append(compiled)
    return tuple(found)


def _named(node: etree._Element, local: str) -> Iterator[etree._Element]:
    return (each for each in node.iterchildren("*") if split(str(each.tag))[1] == local)


def _text(node: etree._Element, local: str) -> str:
    found = next(_named(node, local), None)
    return "" if found is None else text_of(found)

"""Decisions in files of their own: tables and expressions, and what they require (DMN 1.5, chapters 6 to 8)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from processes.engine.bpmn import read
from processes.engine.reading.dmn import MAX_DECISIONS, Decisions, is_dmn, read_decisions
from tests.engine.drawing import extended, node, start, user, xml
from tests.engine.game import Game

DMN = 'xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"'


def dmn(*inside: str, attributes: str = "") -> bytes:
    """A file; each part begins a line of its own, the first in line 2."""
    return f"<definitions {DMN} {attributes}>\n{chr(10).join(inside)}\n</definitions>".encode()


def literal(key: str, text: str, *requires: str, attributes: str = "") -> str:
    needs = "".join(
        f'<informationRequirement><requiredDecision href="#{each}"/></informationRequirement>'
        for each in requires
    )
    return (
        f'<decision id="{key}" name="{key}"><variable name="{key}"/>{needs}'
        f"<literalExpression {attributes}><text>{text}</text></literalExpression></decision>"
    )


def table(key: str, outputs: str, *rules: str, policy: str = "UNIQUE", inside: str = "") -> str:
    """Rules are written `test | result; result`, about the input `n`."""
    lines = []
    for rule in rules:
        test, results = rule.split(" | ")
        cells = "".join(f"<outputEntry><text>{each}</text></outputEntry>" for each in results.split("; "))
        lines.append(f"<rule><inputEntry><text>{test}</text></inputEntry>{cells}</rule>")
    columns = "".join(f'<output name="{name}"/>' for name in outputs.split())
    return (
        f'<decision id="{key}" name="The {key}">{inside}<decisionTable hitPolicy="{policy}">'
        f"<input><inputExpression><text>n</text></inputExpression></input>{columns}{''.join(lines)}"
        "</decisionTable></decision>"
    )


def decide(files: Decisions, key: str, inside: str = "", **variables: Any) -> Mapping[str, Any]:
    """The variables after a business rule task that refers to the decision."""
    task = node("businessRuleTask", "d", inside, portal_decision=key)
    reading = read(xml(start(), task, user("z"), flows=["start d", "d z"]), decisions=files)
    assert [*files.problems, *reading.errors] == []
    game = Game(reading.definitions[0])
    game.start(**variables)
    assert game.waiting() == "z", game.find("d").error
    return game.state.variables


def problems(*inside: str, attributes: str = "") -> list[tuple[str, str, int]]:
    found = read_decisions({"a.dmn": dmn(*inside, attributes=attributes)}).problems
    return [(each.code, each.element, each.line) for each in found]


def test_a_literal_expression_goes_to_the_variable_of_its_decision() -> None:
    assert decide(read_decisions({"a": dmn(literal("tax", "n * 0.2"))}), "tax", n=Decimal(50))["tax"] == 10


def test_a_table_sees_what_it_requires_by_its_name_and_by_that_of_its_output() -> None:
    season = table("season", "season", "&gt; 6 | &quot;summer&quot;", "&lt;= 6 | &quot;winter&quot;")
    needs = '<informationRequirement><requiredDecision href="#season"/></informationRequirement>'
    dish = table("dish", "dish guests", "- | season; n", inside=needs)
    files = read_decisions({"a": dmn(season, dish)})
    assert {"dish": "summer", "guests": 7}.items() <= decide(files, "dish", n=Decimal(7)).items()
    assert "season" not in decide(files, "dish", n=Decimal(7))


def test_each_decision_of_a_graph_sees_only_what_it_requires_itself() -> None:
    chain = [literal("a", "1"), literal("b", "a + 1", "a"), literal("c", "[a, b]", "b")]
    assert decide(read_decisions({"x": dmn(*chain)}), "c", a="mine")["c"] == ["mine", 2]


def test_decisions_of_several_files_require_each_other_in_any_order() -> None:
    files = read_decisions({"one": dmn(literal("b", "a + 1", "a")), "two": dmn(literal("a", "1"))})
    assert decide(files, "b")["b"] == 2
    assert files.by_id["b"].files == {"one", "two"}


def test_results_of_several_rows_have_the_name_of_their_decision_or_the_one_that_is_asked_for() -> None:
    rows = table("rows", "x y", "- | 1; 2", "- | 3; 4", policy="COLLECT")
    both = [{"x": 1, "y": 2}, {"x": 3, "y": 4}]
    files = read_decisions({"a": dmn(rows)})
    assert decide(files, "rows", n=1)["rows"] == both
    zeebe = extended('<zeebe:calledDecision decisionId="rows" resultVariable="found"/>')
    assert decide(files, "", zeebe, n=1)["found"] == both


def test_a_file_of_any_version_of_dmn_is_told_from_a_diagram() -> None:
    assert is_dmn(b'<definitions xmlns="http://www.omg.org/spec/DMN/20151101/dmn.xsd"/>')
    assert is_dmn(dmn())
    assert not is_dmn(xml(start()))
    assert not is_dmn(b"no xml")


KNOWLEDGE = (
    '<decision id="a"><knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>'
    "<literalExpression><text>1</text></literalExpression></decision>"
)
#: By the code of the first problem: its decision and line, and what stands in the file from line 2 on.
DMN_CASES: dict[str, tuple[str, int, list[str]]] = {
    "no_decision": ("", 1, []),
    "expression_syntax": ("a", 2, [literal("a", "1 +"), literal("b", "2")]),
    "decision_requires": ("b", 3, [literal("a", "1"), literal("b", "2", "gone")]),
    "decision_cycle": ("a", 2, [literal("a", "1", "b"), literal("b", "1", "a")]),
    "decision_twice": ("a", 3, [literal("a", "1"), literal("a", "2")]),
    "decision_policy": ("a", 2, [table("a", "o", "- | 1", policy="BEST")]),
    "decision_rule": ("a", 2, [table("a", "o", "- | 1; 2")]),
    "decision_table": ("a", 2, [table("a", "")]),
    "decision_logic": ("a", 2, ['<decision id="a" name="a"><invocation/></decision>']),
    "decision_knowledge": ("a", 2, [KNOWLEDGE]),
    "decision_language": ("a", 2, [literal("a", "1", attributes='expressionLanguage="juel"')]),
    "decision_id": ("", 2, [literal("", "1")]),
    "decision_number": ("", 0, [literal(f"d{n}", "1") for n in range(MAX_DECISIONS + 1)]),
}


@pytest.mark.parametrize("code", DMN_CASES)
def test_what_is_wrong_is_named_with_decision_and_line(code: str) -> None:
    element, line, inside = DMN_CASES[code]
    [first, *others] = problems(*inside)
    assert first == (code, element, line)
    assert {each for each, _, _ in others} <= {code}


def test_the_language_of_a_whole_file_is_looked_at() -> None:
    assert problems(literal("a", "1"), attributes='expressionLanguage="urn:javascript"') == [
        ("decision_language", "a", 2)
    ]
    assert (
        problems(
            literal("a", "1"), attributes='expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/"'
        )
        == []
    )


def test_a_file_that_is_no_xml_is_named() -> None:
    [problem] = read_decisions({"a.dmn": b"<definitions>"}).problems
    assert (problem.code, problem.file) == ("not_xml", "a.dmn")


def test_a_task_that_refers_to_nothing_known_is_refused() -> None:
    task = node("businessRuleTask", "d", camunda_decisionRef="gone")
    reading = read(xml(start(), task, flows=["start d"]))
    assert [(each.code, each.element, each.line) for each in reading.errors] == [("decision_unknown", "d", 4)]


@pytest.mark.parametrize("mapping", ["singleEntry", "collectEntries"])
def test_a_diagram_of_camunda_maps_its_results_as_it_is_done_here(mapping: str) -> None:
    files = read_decisions({"a": dmn(table("t", "o", "- | 5"))})
    attributes = {
        "camunda_decisionRef": "t",
        "camunda_resultVariable": "x",
        "camunda_mapDecisionResult": mapping,
    }
    reading = read(
        xml(start(), node("businessRuleTask", "d", **attributes), flows=["start d"]), decisions=files
    )
    assert reading.problems == []
    game = Game(reading.definitions[0])
    game.start(n=1)
    assert game.state.variables["x"] == 5

"""Business rule tasks: decision tables and their hit policies (DMN 1.5, 8.2.8)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.engine.drawing import draw, extended, look, node, start, user, xml
from tests.engine.game import Game


def table(*rules: str, outputs: str = '<output name="o"/>', **attributes: Any) -> str:
    """Rules are written `test | result`."""
    lines = []
    for rule in rules:
        tests, results = rule.split(" | ")
        cells = [f"<inputEntry><text>{tests}</text></inputEntry>"]
        cells += [f"<outputEntry><text>{each}</text></outputEntry>" for each in results.split("; ")]
        lines.append(f"<rule>{''.join(cells)}</rule>")
    into = "<input><inputExpression><text>n</text></inputExpression></input>"
    inside = into + outputs + "".join(lines)
    return extended(f"<portal:decision>{node('decisionTable', 't', inside, **attributes)}</portal:decision>")


def decide(drawn: str, n: Any) -> Game:
    game = Game(draw(start(), node("businessRuleTask", "d", drawn), user("z"), flows=["start d", "d z"]))
    game.start(n=n)
    return game


OVERLAP = ("&gt; 0 | 1", "&gt; 5 | 2", "&gt; 5 | 4")
ORDERED = '<output name="o"><outputValues><text>4, 2, 1</text></outputValues></output>'


@pytest.mark.parametrize(
    ("attributes", "n", "value"),
    [
        ({}, 3, 1),
        ({}, 0, None),
        ({"hitPolicy": "FIRST"}, 6, 1),
        ({"hitPolicy": "RULE ORDER"}, 6, [1, 2, 4]),
        ({"hitPolicy": "COLLECT"}, 0, []),
        ({"hitPolicy": "COLLECT", "aggregation": "SUM"}, 6, 7),
        ({"hitPolicy": "COLLECT", "aggregation": "MIN"}, 6, 1),
        ({"hitPolicy": "COLLECT", "aggregation": "MAX"}, 6, 4),
        ({"hitPolicy": "COLLECT", "aggregation": "COUNT"}, 6, 3),
        ({"hitPolicy": "COLLECT", "aggregation": "SUM"}, 0, None),
        ({"hitPolicy": "PRIORITY", "outputs": ORDERED}, 6, 4),
        ({"hitPolicy": "OUTPUT ORDER", "outputs": ORDERED}, 6, [4, 2, 1]),
    ],
)
def test_the_hit_policy_says_what_becomes_of_several_matches(attributes: Any, n: int, value: Any) -> None:
    assert decide(table(*OVERLAP, **attributes), Decimal(n)).state.variables["o"] == value


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY"])
def test_matches_that_contradict_are_an_incident(policy: str) -> None:
    game = decide(table(*OVERLAP, hitPolicy=policy), Decimal(6))
    assert "1, 2, 3" in game.find("d").error


def test_matches_that_agree_are_any() -> None:
    game = decide(table("&gt; 0 | 7", "&gt; 1 | 7", hitPolicy="ANY"), Decimal(6))
    assert game.state.variables["o"] == 7


def test_results_that_do_not_add_up_are_an_incident() -> None:
    game = decide(table('- | "x"', "- | 1", hitPolicy="COLLECT", aggregation="SUM"), Decimal(6))
    assert game.waiting() == "d!"


def test_several_outputs_are_variables_and_a_default_stands_for_no_match() -> None:
    outputs = (
        '<output name="o"/><output name="p"><defaultOutputEntry><text>9</text></defaultOutputEntry></output>'
    )
    drawn = table('"a" | 1; n', outputs=outputs)
    assert {"o": 1, "p": "a"}.items() <= decide(drawn, "a").state.variables.items()
    assert {"o": None, "p": 9}.items() <= decide(drawn, "b").state.variables.items()


def test_a_service_may_decide() -> None:
    game = Game(draw(start(), node("businessRuleTask", "d", portal_service="post"), flows=["start d"]))
    game.start()
    assert game.find("d").topic == "post"


CASES = {
    "decision_missing": node("businessRuleTask", "d"),
    "decision_unknown": node("businessRuleTask", "d", portal_decision="gone"),
    "decision_table": node("businessRuleTask", "d", extended("<portal:decision/>")),
    "decision_policy": node("businessRuleTask", "d", table("- | 1", hitPolicy="BEST")),
    "decision_rule": node("businessRuleTask", "d", table("- | 1; 2")),
    "expression_syntax": node("businessRuleTask", "d", table("- | 1 +")),
    "unknown_service": node("businessRuleTask", "d", portal_service="gone"),
}


@pytest.mark.parametrize("code", CASES)
def test_what_is_wrong_with_a_decision_is_named(code: str) -> None:
    _, codes = look(xml(start(), CASES[code], user("z"), flows=["start d", "d z"]))
    assert code in codes

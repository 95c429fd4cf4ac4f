"""Every expression of golden.json gives what an independent implementation, or the reason beside it, asks for."""

import json
from pathlib import Path

import pytest

from processes.engine.feel import compile_expression, decode, encode
from processes.engine.feel.library import FUNCTIONS

GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text(encoding="utf-8"))
NEEDS_A_CLOCK = {"now", "today"}
OWN = {
    "duplicate values",
    "extract",
    "get or else",
    "is blank",
    "is empty",
    "last day of month",
    "partition",
    "range",
    "trim",
}


def names(case: dict) -> str:
    return f"{case['group']}: {case['expression']}"


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=names)
def test_expression_gives_the_golden_value(case):
    value = compile_expression(case["expression"]).evaluate(GOLDEN["context"])
    assert encode(value) == case["expected"]
    assert type(encode(value)) is type(case["expected"])  # 1 == True in Python
    assert value == decode(case["expected"])


def test_table_is_large_and_says_why_it_differs():
    assert len({case["expression"] for case in GOLDEN["cases"]}) >= 600
    for case in GOLDEN["cases"]:
        assert ("feelin" in case) == ("reason" in case)
        assert "feelin" not in case or case["feelin"] != case["expected"] or "feelin" in case["reason"]


def test_every_built_in_function_has_a_golden_case():
    texts = "\n".join(case["expression"] for case in GOLDEN["cases"])
    missing = {name for name in FUNCTIONS if f"{name}(" not in texts}
    assert missing == NEEDS_A_CLOCK | OWN

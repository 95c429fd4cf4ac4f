"""Three-valued logic, table by table; what is not boolean counts as null (DMN 1.5, 10.3.2)."""

import pytest

from processes.engine.feel import compile_expression

T, F, N = "true", "false", "null"
VALUES = {T: True, F: False, N: None, "1": None, '"x"': None, "[true, true]": None}
CONJUNCTION = {(T, T): True, (T, F): False, (T, N): None, (F, T): False, (F, F): False, (F, N): False}
CONJUNCTION |= {(N, T): None, (N, F): False, (N, N): None}
DISJUNCTION = {(T, T): True, (T, F): True, (T, N): True, (F, T): True, (F, F): False, (F, N): None}
DISJUNCTION |= {(N, T): True, (N, F): None, (N, N): None}


def as_truth(text: str) -> str:
    return text if text in (T, F) else N


@pytest.mark.parametrize("left", VALUES)
@pytest.mark.parametrize("right", VALUES)
def test_conjunction_and_disjunction_follow_the_tables(left, right):
    pair = (as_truth(left), as_truth(right))
    assert compile_expression(f"{left} and {right}").evaluate({}) is CONJUNCTION[pair]
    assert compile_expression(f"{left} or {right}").evaluate({}) is DISJUNCTION[pair]
    assert compile_expression(f"all([{left}, {right}])").evaluate({}) is CONJUNCTION[pair]
    assert compile_expression(f"any([{left}, {right}])").evaluate({}) is DISJUNCTION[pair]
    assert compile_expression(f"every x in [{left}, {right}] satisfies x").evaluate({}) is CONJUNCTION[pair]
    assert compile_expression(f"some x in [{left}, {right}] satisfies x").evaluate({}) is DISJUNCTION[pair]


@pytest.mark.parametrize(("operand", "result"), [(T, False), (F, True), (N, None), ("1", None), ('""', None)])
def test_negation_of_what_is_not_boolean_is_null(operand, result):
    assert compile_expression(f"not({operand})").evaluate({}) is result


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
@pytest.mark.parametrize(
    ("left", "right"), [("1", N), (N, "1"), (N, N), ("1", '"a"'), (T, F), ("[1]", "[2]"), ("{}", "{}")]
)
def test_order_between_what_has_none_is_null(operator, left, right):
    assert compile_expression(f"{left} {operator} {right}").evaluate({}) is None


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        (N, N, True),
        ("1", N, False),
        (N, '"a"', False),
        ("1", '"1"', None),
        ("1", T, None),
        ("[1]", "1", None),
        ("{}", "[]", None),
    ],
)
def test_equality_across_kinds(left, right, result):
    assert compile_expression(f"{left} = {right}").evaluate({}) is result
    assert compile_expression(f"{left} != {right}").evaluate({}) is (None if result is None else not result)


@pytest.mark.parametrize(
    ("text", "result"),
    [("1 between null and 5", None), ("9 between null and 5", False), ("null between 1 and 5", None)],
)
def test_between_is_a_conjunction(text, result):
    assert compile_expression(text).evaluate({}) is result


@pytest.mark.parametrize("condition", [F, N, "1", '"true"', "[true]"])
def test_only_true_takes_the_first_branch(condition):
    assert compile_expression(f"if {condition} then 1 else 2").evaluate({}) == 2


@pytest.mark.parametrize(("index", "result"), [("1", [True]), ("2", [True, False])])
def test_later_operands_are_not_asked_when_the_first_decides(index, result):
    assert (
        compile_expression(f"[true or (1 / 0 = {index}), false and (1 / 0 = 1)][{index}]").evaluate({})
        is result[-1]
    )

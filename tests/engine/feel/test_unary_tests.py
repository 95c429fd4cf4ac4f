"""The cells of decision tables: which input values pass."""

import pytest

from processes.engine.feel import FeelSyntaxError, compile_unary_tests

CELLS = [
    ("-", [1, "a", None], []),
    ("", [1, None], []),
    ("5", [5], [4, "5", None]),
    ("-5", [-5], [5]),
    ("> 5", [6], [5, 4, None, "a"]),
    ("<= 5", [5, 4], [6]),
    ("= 5", [5], [6]),
    ("!= 5", [6], [5]),
    ("> limit", [11], [10]),
    ("[1..3]", [1, 2, 3], [0, 4]),
    ("(1..3)", [2], [1, 3]),
    ("]1..3]", [2, 3], [1]),
    ("< 1, > 10", [0, 11], [5]),
    ('"a", "b"', ["a", "b"], ["c", None]),
    ('not("a", "b")', ["c", None], ["a", "b"]),
    ("not([1..3])", [4], [2]),
    ("not(null)", [1], [None]),
    ("null", [None], [1]),
    ("true", [True], [False, None]),
    ("false", [False], [True, None]),
    ("allowed", [1, 2], [3]),
    ("limit", [10], [9]),
    ("? > 5", [6], [5]),
    ("? > 5 and ? < 9", [6], [9, 5]),
    ("? > limit or ? = 1", [11, 1], [5]),
    ('starts with(?, "ab")', ["abc"], ["b", 1]),
    ("count(?) > 1", [[1, 2]], [[1], []]),
    ("?.total > 3", [{"total": 4}], [{"total": 3}, {}]),
    ("not(? > 5)", [5], [6]),
    ("some x in ? satisfies x > 1", [[1, 2]], [[1]]),
    ('date("2026-01-01")', [], ["2026-01-01"]),
    ("< now()", [], [1]),
    ("limit / 2", [5], [10]),
    ('"Москва"', ["Москва"], ["москва"]),
]


@pytest.mark.parametrize(("text", "passing", "failing"), CELLS, ids=[text for text, _, _ in CELLS])
def test_cell_lets_pass(text, passing, failing):
    tests = compile_unary_tests(text)
    context = {"limit": 10, "allowed": [1, 2]}
    assert [value for value in passing if not tests.matches(value, context)] == []
    assert [value for value in failing if tests.matches(value, context)] == []


def test_names_leave_out_the_input():
    assert compile_unary_tests("? > limit, allowed").names == {"limit", "allowed"}


def test_moment_of_the_evaluation_is_known(now):
    assert compile_unary_tests("<= now()").matches(now, {}, now=now) is True


@pytest.mark.parametrize("text", ["1,", "> ", "not(1", "1 2", "not()", ">> 1"])
def test_refused(text):
    with pytest.raises(FeelSyntaxError):
        compile_unary_tests(text)

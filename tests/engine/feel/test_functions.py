"""Calls: by position, by name, of values that are functions, with one item for a list and back."""

import pytest

from processes.engine.feel import FeelSyntaxError, Range, compile_expression
from processes.engine.feel.library import FUNCTIONS

CALLS = [
    ('substring(string: "foobar", start position: 3, length: 2)', "ob"),
    ('substring(start position: 3, string: "foobar")', "obar"),
    ('substring(string: "foobar", begin: 3)', None),
    ('substring(string: "foobar")', None),
    ('contains(match: "b", string: "abc")', True),
    ("before(point1: 1, point2: 2)", True),
    ("before(point: 1, range: [2..3])", True),
    ("includes(range: [1..3], point: 2)", True),
    ("during(range1: [2..3], range2: [1..4])", True),
    ("(function(a, b) a - b)(b: 1, a: 3)", 2),
    ("(function(a, b) a - b)(1)", None),
    ("(function(a, b) a - b)(a: 1, c: 2)", None),
    ("{sum: function(a, b) a * b, r: sum(3, 4)}.r", 12),
    ("{fact: function(n) if n <= 1 then 1 else n * fact(n - 1), r: fact(6)}.r", 720),
    ("{adder: function(n) function(m) n + m, r: adder(2)(3)}.r", 5),
    ("for f in [abs, floor] return f(-1.5)", [1.5, -2]),
    ("sort([[2, 1], [1]], function(a, b) count(a) < count(b))", [[1], [2, 1]]),
    ("{ops: {twice: function(x) x * 2}, r: ops.twice(4)}.r", 8),
    ("[{f: function(x) x + 1}][f(1) = 2][1].f(10)", 11),
    ('upper case(["a"])', "A"),
    ("count(5)", 1),
    ('upper case(["a", "b"])', None),
    ("get or else(null, 3)", 3),
    ("get or else(2, 3)", 2),
    ('get or else(missing, "none")', "none"),
    ("is defined(missing)", False),
    ("is defined(nothing)", True),
    ("is defined(record.a)", True),
    ("is defined(record.b)", False),
    ("is defined(record.b.c)", False),
    ("for x in [1] return is defined(x)", [True]),
    ("is empty([])", True),
    ('is empty("")', True),
    ("is empty({})", True),
    ("is empty(null)", True),
    ("is empty(0)", False),
    ("is empty([null])", False),
    ('is blank(" \\t")', True),
    ('is blank(" a")', False),
    ('trim("  a b ")', "a b"),
    ("partition([1, 2, 3, 4, 5], 2)", [[1, 2], [3, 4], [5]]),
    ("partition([1], 0)", None),
    ("duplicate values([1, 2, 1, 3, 2, 1])", [1, 2]),
    ('extract("a1b22", "[0-9]+")', ["1", "22"]),
    ('range("[1..10)") = [1..10)', True),
    ('range("(..5]")', Range(None, 5, False, True)),
    ('range("[\\"a\\"..\\"c\\"]").end', "c"),
    ('range("[@\\"2026-01-01\\"..@\\"2026-01-31\\"]").end.day', 31),
    ('range("[10..1]")', None),
    ('range("[..1]")', None),
    ('range("[1..x]")', None),
    ("last day of month(date(2024, 2, 1)).day", 29),
    ("(> 5).start", 5),
    ("3 in (< 5)", True),
    ("5 in (!= 5)", False),
    ("5 in (= 5)", True),
    ("[1, 2, 3][item in (2, 3)]", [2, 3]),
    ("1 in (2, 3) = false", True),
    ("(1 + 2) * 3 in (9)", True),
    ("4 in (1 + 1) * 2", True),
    ("2 in ([1, 2])[2]", True),
]


@pytest.mark.parametrize(("text", "value"), CALLS, ids=[text for text, _ in CALLS])
def test_call_gives(text, value):
    assert compile_expression(text).evaluate({"nothing": None, "record": {"a": None}}) == value


def test_result_of_a_call_does_not_depend_on_how_arguments_are_given():
    for name, signatures in FUNCTIONS.items():
        assert len({parameter.name for parameter in signatures[0].parameters}) == len(
            signatures[0].parameters
        ), name


def test_now_comes_from_the_caller(now):
    assert compile_expression("now()").evaluate({}, now=now) == now
    assert compile_expression("today() = date(now())").evaluate({}, now=now) is True
    assert compile_expression("now()").evaluate({}) is None


@pytest.mark.parametrize("name", ["random number", "print", "eval", "__import__"])
def test_function_that_does_not_exist_is_refused_when_read(name):
    with pytest.raises(FeelSyntaxError):
        compile_expression(f"{name}()")
    with pytest.raises(FeelSyntaxError):
        compile_expression(f"[1][1].x + (if true then 1 else {name}())")

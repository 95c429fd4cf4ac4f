"""Which variables an expression needs, how it finds them, and what Python values look like inside."""

from collections import UserDict
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum

import pytest

from processes.engine.feel import compile_expression

NAMES = [
    ("a + b", {"a", "b"}),
    ("record.amount > 3", {"record"}),
    ("for x in list return x + y", {"list", "y"}),
    ("some x in xs, y in x satisfies y > z", {"xs", "z"}),
    ("orders[total > limit]", {"orders", "total", "limit"}),
    ("[1, 2][item > 1]", set()),
    ("{a: 1, b: a + c}", {"c"}),
    ("{b: a, a: 1}", {"a"}),
    ("function(x) x + y", {"y"}),
    ("sum(amounts)", {"amounts"}),
    ("count > 5", {"count"}),
    ("сумма > 1 and Клиент.город = город", {"сумма", "Клиент", "город"}),
    ("is defined(a)", {"a"}),
    ("for i in 1..3 return partial", set()),
    ("partial", {"partial"}),
    ("`первое имя` + `x-y`", {"первое имя", "x-y"}),
    ("1 + 1", set()),
]


@pytest.mark.parametrize(("text", "names"), NAMES, ids=[text for text, _ in NAMES])
def test_free_names_are_what_the_context_must_hold(text, names):
    assert compile_expression(text).names == names


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("сумма * 2", Decimal(20)),
        ("Сумма", None),
        ("Клиент.Имя", "Аня"),
        ("`первое имя`", "Пётр"),
        ("Клиент.`второе имя`", "Б"),
        ("имя_2", 1),
        ("名前", "x"),
        ("naïve", True),
        ("count", 7),
        ("count + count([1, 2])", 9),
        ("date", "a variable"),
        ('get value(Клиент, "второе имя")', "Б"),
    ],
)
def test_names_have_any_letters_and_keep_their_case(text, value):
    context = {
        "сумма": 10,
        "Клиент": {"Имя": "Аня", "второе имя": "Б"},
        "первое имя": "Пётр",
        "имя_2": 1,
        "名前": "x",
        "naïve": True,
        "count": 7,
        "date": "a variable",
    }
    assert compile_expression(text).evaluate(context) == value


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


@pytest.mark.parametrize(
    ("given", "text", "value"),
    [
        (1, "x + 1", Decimal(2)),
        (0.1, "x + 0.2", Decimal("0.3")),
        (Decimal("0.10"), "x", Decimal("0.10")),
        (True, "x + 1", None),
        (Level.HIGH, "x = 3", True),
        (Colour.RED, 'x = "red"', True),
        ((1, 2), "x", [Decimal(1), Decimal(2)]),
        ({"a": [1]}, "x.a[1]", Decimal(1)),
        ({1: 2}, "x", {"1": Decimal(2)}),
        (UserDict(a=1), "x.a", Decimal(1)),
        (UserDict(a={"b": 2.5}), "x.a.b", Decimal("2.5")),
        ([{"a": 1}, {"a": 2}], "x.a", [Decimal(1), Decimal(2)]),
        (date(2026, 1, 2), "x.day", Decimal(2)),
        (float("nan"), "x", None),
        (float("inf"), "x", None),
        (10**40, "x", Decimal(10**40)),
    ],
)
def test_python_values_are_seen_as_feel_values(given, text, value):
    result = compile_expression(text).evaluate({"x": given})
    assert result == value
    assert type(result) is type(value)


def test_context_is_left_as_it_was():
    context = {"a": [1, {"b": 2}], "c": 3}
    compile_expression('[append(a, 4), context put(a[2], "b", 9), c]').evaluate(context)
    assert context == {"a": [1, {"b": 2}], "c": 3}


def test_unknown_name_is_null_and_noted():
    assert compile_expression("missing").evaluate_with_notes({}) == (
        None,
        ["There is no variable 'missing'."],
    )


def test_expression_knows_its_source():
    assert compile_expression("a + 1").source == "a + 1"
    assert repr(compile_expression("a + 1")) == "Expression('a + 1')"


def test_equal_texts_are_compiled_once():
    assert compile_expression("a + 1 > 2") is compile_expression("a + 1 > 2")

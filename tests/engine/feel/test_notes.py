"""Where a condition became null, the notes say why in words for people."""

import pytest

from processes.engine.feel import compile_expression

NOTES = [
    ("a + 1", "There is no variable 'a'."),
    ('"a" + 1', "'+' cannot combine a text and a number (string() makes a text of any value)."),
    ("1 / 0", "Division by zero."),
    ('1 < "a"', "A number and a text cannot be compared."),
    ('1 = "a"', "A number cannot be equal to a text."),
    ("{a: 1}.b", "There is no entry 'b'."),
    ("(1).year", "A number has no 'year'."),
    ("[1][3]", "The list has no position 3."),
    ("abs()", "abs() does not take these arguments."),
    ("abs(a: 1)", "abs() does not take these arguments."),
    ('abs("x")', "abs() cannot take a text as 'n'."),
    ("sum([1, true])", "sum() takes a list of numbers or of durations."),
    ("(function(x) x)(1, 2)", "The function takes 1 arguments, not 2."),
    ("{f: 1, r: f(1)}.r", "A number cannot be called."),
    ("sqrt(-1)", "sqrt() of a negative number."),
    ('number("x")', 'number() cannot read "x".'),
    ('date("x")', 'date() cannot read "x".'),
    ("date(2026, 2, 30)", "The result of date() lies outside of what its type can hold."),
    ('@"9999-12-31" + @"P1D"', "The result of '+' lies outside the calendar."),
    ("now()", "This evaluation was not told what time it is."),
    ('matches("a", "(")', "The regular expression cannot be used: a '(' is not closed."),
    (
        '@"2026-01-01T10:00:00" < @"2026-01-01T10:00:00Z"',
        "A local time and a time with a zone cannot be compared.",
    ),
    ("for x in null return x", "There is no list for 'x' to go through."),
    ('for x in 1.."a" return x', "A loop cannot go from a number to a text."),
    ("-true", "'-' cannot be put before a boolean."),
    ("is defined(a) and a > 1 or b", "There is no variable 'b'."),
]


@pytest.mark.parametrize(("text", "note"), NOTES, ids=[text for text, _ in NOTES])
def test_null_is_explained(text, note):
    value, notes = compile_expression(text).evaluate_with_notes({})
    assert value is None
    assert note in notes


def test_what_went_well_has_no_notes():
    assert compile_expression("a > 1 and b = null").evaluate_with_notes({"a": 2, "b": None}) == (True, [])


def test_one_note_for_one_reason():
    _, notes = compile_expression("for i in 1..50 return missing + i").evaluate_with_notes({})
    assert notes == ["There is no variable 'missing'.", "'+' cannot combine null and a number."]


def test_object_of_python_is_null_and_noted():
    value, notes = compile_expression("x").evaluate_with_notes({"x": object()})
    assert (value, notes) == (None, ["A value of the Python type 'object' has no meaning in FEEL."])

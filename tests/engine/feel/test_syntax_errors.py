"""A text that is no expression is refused with a sentence that says what was expected, and where."""

import pickle

import pytest

from processes.engine.feel import FeelError, FeelSyntaxError, compile_expression

REFUSED = [
    ("", 0, "An expression is missing: the text is empty (line 1, column 1)."),
    ("   ", 3, "An expression is missing: the text is empty (line 1, column 4)."),
    ("1 +", 3, "Expected an expression, but found the end of the text (line 1, column 4)."),
    ("1 + * 2", 4, "Expected an expression, but found '*' (line 1, column 5)."),
    ("(1 + 2", 6, "Expected ')' after the expression, but found the end of the text (line 1, column 7)."),
    ("1 2", 2, "Expected an operator or the end of the text, but found '2' (line 1, column 3)."),
    ("[1, 2", 5, "Expected ',' or ']' in the list, but found the end of the text (line 1, column 6)."),
    (
        "[1..2",
        5,
        "Expected ']', ')' or '[' after the range, but found the end of the text (line 1, column 6).",
    ),
    ("{a 1}", 4, "Expected ':' after the entry name 'a 1', but found '}' (line 1, column 5)."),
    (
        "{a: 1",
        5,
        "Expected '}' after the entries of the context, but found the end of the text (line 1, column 6).",
    ),
    ("{a: 1, a: 2}", 7, "The entry 'a' stands twice in one context (line 1, column 8)."),
    (
        "if a then b",
        11,
        "Expected 'else' after the first alternative, but found the end of the text (line 1, column 12).",
    ),
    ("if a b", 5, "Expected 'then' after the condition, but found 'b' (line 1, column 6)."),
    (
        "for x of [1] return x",
        6,
        "Expected 'in' after the name of the variable, but found 'of' (line 1, column 7).",
    ),
    ("for 1 in [1] return x", 4, "Expected the name of a variable, but found '1' (line 1, column 5)."),
    (
        "some x in [1] return x",
        14,
        "Expected 'satisfies' after the lists of 'some', but found 'return' (line 1, column 15).",
    ),
    ("a between 1 or 2", 12, "Expected 'and' between the two bounds, but found 'or' (line 1, column 13)."),
    ("a instance of colour", 14, "'colour' is not a type (line 1, column 15)."),
    ("a == 1", 2, "'==' is not FEEL: equality is written with a single '=' (line 1, column 3)."),
    ("a && b", 2, "The character '&' cannot stand here: write 'and' (line 1, column 3)."),
    ("a || b", 2, "The character '|' cannot stand here: write 'or' (line 1, column 3)."),
    (
        "!a",
        0,
        "The character '!' cannot stand here: write 'not(...)', or '!=' for inequality (line 1, column 1).",
    ),
    ("not a", 0, "A negation is written with parentheses: not(...) (line 1, column 1)."),
    ("a % 2", 2, "The character '%' cannot stand here: write 'modulo(a, b)' (line 1, column 3)."),
    ("'a'", 0, 'The character "\'" cannot stand here: texts stand in double quotes (line 1, column 1).'),
    ("${a}", 0, "The character '$' cannot stand here: '${...}' is not FEEL (line 1, column 1)."),
    ('"abc', 0, 'The text that begins here is never closed by " (line 1, column 1).'),
    ("1 /* 2", 2, "The comment that begins here is never closed by */ (line 1, column 3)."),
    ('"\\u00zz"', 1, "The escape '\\\\u' is not a character (line 1, column 2)."),
    ('"\\ud83d"', 1, "The text contains half of a surrogate pair (line 1, column 2)."),
    ('"\\u0000"', 1, "The escape '\\\\u0000' is not a character (line 1, column 2)."),
    ('@"tomorrow"', 0, '"tomorrow" is not a date, a time or a duration (line 1, column 1).'),
    ('@"2021-02-29"', 0, '"2021-02-29" is not a date, a time or a duration (line 1, column 1).'),
    ("f(a: 1, 2)", 8, "Expected the name of an argument, but found '2' (line 1, column 9)."),
    ("abs(n: 1, n: 2)", 11, "The argument 'n' is given twice (line 1, column 12)."),
    ("1(2)", 1, "Only functions can be called (line 1, column 2)."),
    (
        "function(x) external {}",
        12,
        "External functions are not allowed: an expression stays inside FEEL (line 1, column 13).",
    ),
    ("a.", 2, "Expected a name after '.', but found the end of the text (line 1, column 3)."),
    ("a[]", 2, "Expected a condition or a position inside '[...]', but found ']' (line 1, column 3)."),
    ("1 +\n  + 2", 6, "Expected an expression, but found '+' (line 2, column 3)."),
    ("summ(1)", 0, "There is no function 'summ'; did you mean 'sum'? (line 1, column 1)."),
    ("xyzzy(1)", 0, "There is no function 'xyzzy' (line 1, column 1)."),
    (
        "1 + uuid()",
        4,
        "An expression must give the same result every time: uuid() is not allowed (line 1, column 5).",
    ),
    (
        "random number()",
        0,
        "An expression must give the same result every time: random number() is not allowed (line 1, column 1).",
    ),
    (
        'test.contains("a")',
        0,
        "'.contains(...)' calls a method, and FEEL has only functions: write contains(value, ...) (line 1, column 1).",
    ),
    ("(1, 2)", 2, "Expected ')' after the expression, but found ',' (line 1, column 3)."),
    ("(!= 5)", 1, "'!=' and a value are a test, but no range (line 1, column 2)."),
]


@pytest.mark.parametrize(("text", "position", "message"), REFUSED, ids=[text for text, _, _ in REFUSED])
def test_refusal_is_a_sentence_with_a_place(text, position, message):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert (str(caught.value), caught.value.position) == (message, position)


def test_line_and_column_count_from_one():
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression("{\n  a: 1,\n  b: )\n}")
    assert (caught.value.line, caught.value.column) == (3, 6)


def test_error_survives_the_way_between_worker_processes():
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression("1 +")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.position, copy.line, copy.column) == (str(caught.value), 3, 1, 4)
    assert isinstance(copy, FeelError)


def test_refused_text_is_refused_again():
    for _ in range(2):
        with pytest.raises(FeelSyntaxError):
            compile_expression("1 +")

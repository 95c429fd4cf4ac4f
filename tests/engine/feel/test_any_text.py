"""Whatever is typed: either a sentence about what is wrong, or a value that can be stored."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from processes.engine.feel import (
    FeelError,
    FeelLimitError,
    FeelSyntaxError,
    compile_expression,
    compile_unary_tests,
    decode,
    encode,
    plain,
)
from processes.engine.feel.library import FUNCTIONS
from processes.engine.feel.signatures import Signature
from processes.engine.feel.values import Function, Range

CONTEXT = {"a": 1, "b": "x", "c": [1, {"a": 2}, None], "d": {"a": {"b": 0.5}}, "t": True, "n": None}
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
SIGNS = "? + - * / ** ( ) [ ] { } , : . .. < <= > >= = !="
KEYWORDS = (
    "if then else for in return some every satisfies and or not between instance of function list context"
)
TEXTS = ['"x"', '""', '"(a*)*b"']
MOMENTS = ['@"2026-01-31"', '@"P1M"', '@"PT1H"', '@"10:00:00Z"', '@"2026-01-01T10:00:00@Europe/Berlin"']
VALUES = "a b c d t n 0 1 -1 2.5 1e6000 -0.5 1e-6000 [] {} [1..3] (>2) null true false"
WORDS = [*f"{SIGNS} {KEYWORDS} {VALUES} x item partial".split(), *TEXTS, *MOMENTS]
soup = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
FUNCTION_VALUES = ["function(x) x", "(function(x, y) x < y)"]
operands = st.sampled_from([*VALUES.split(), *TEXTS, *MOMENTS, *FUNCTION_VALUES, "[1, [2]]", '["x", null]'])
FITTING = {
    str: [
        *TEXTS,
        "b",
        '"2026-01-31"',
        '"P1D"',
        '"10:00:00"',
        '"[1..2]"',
        '"1,5"',
        '"Europe/Berlin"',
        '"(x)|y*"',
    ],
    Decimal: ["a", "0", "1", "-1", "2.5", "1e6000", "1e-6000", "count(c)", "-3"],
    list: ["c", "[]", "[1, [2]]", "[3, 1, 2, 1]", '["x", null]', "[true, false]", '[@"P1D"]', "[{a: 1}]"],
    dict: ["d", "{}", "{x: {y: 1}}"],
    Range: ["[1..3]", "(>2)", "(1..2.5)", '[@"2026-01-01"..@"2026-01-31"]', '["a".."c"]'],
    Function: ["(function(x, y) x < y)", "max", "(function(x) x)", "(function(x, y) null)"],
}


def arguments_of(signature: Signature) -> st.SearchStrategy[str]:
    """A call of one signature, most arguments of a kind that it takes."""
    each = []
    for parameter in signature.parameters:
        fitting = [text for kind in parameter.kinds or () for text in FITTING.get(kind, MOMENTS)]
        each.append(st.sampled_from(fitting) if fitting else operands)
    required = st.tuples(*each).map(list)
    return st.builds(lambda found, cut: found[: len(found) - cut], required, st.sampled_from([0, 0, 0, 1]))


calls = st.sampled_from([one for name in sorted(FUNCTIONS) for one in FUNCTIONS[name]]).flatmap(
    lambda signature: arguments_of(signature).map(lambda given: f"{signature.name}({', '.join(given)})")
)
operators = st.sampled_from(
    ["+", "-", "*", "/", "**", "<", "<=", "=", "!=", "and", "or", "in", "between 1 and"]
)
trees = st.recursive(
    operands | calls,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, operators, inner),
        st.builds("({})[{}]".format, inner, inner),
        st.builds(
            "({}).{}".format, inner, st.sampled_from(["a", "year", "hours", "time offset", "start", "second"])
        ),
        st.builds("(for x in {} return {})".format, inner, inner),
        st.builds("(some x in {} satisfies x = {})".format, inner, inner),
        st.builds("(if {} then {} else {})".format, inner, inner, inner),
        st.builds("{{a: {}, e: {}}}".format, inner, inner),
        st.builds("count([{}, {}])".format, inner, inner),
        st.builds("string({})".format, inner),
        st.builds("-({})".format, inner),
    ),
    max_leaves=6,
)


def value_of(text: str):
    return compile_expression(text).evaluate(CONTEXT, now=NOW)


def refusal(read, text: str) -> FeelSyntaxError | None:
    try:
        read(text)
    except FeelSyntaxError as error:
        return error
    return None


@settings(max_examples=500)
@given(st.one_of(soup, st.text(max_size=40)))
def test_any_text_is_refused_with_a_place_or_has_a_value(text):
    for read in (compile_expression, compile_unary_tests):
        error = refusal(read, text)
        if error is not None:
            assert 0 <= error.position <= len(text)
            assert str(error).endswith(f"(line {error.line}, column {error.column}).")
    with suppress(FeelError):
        value_of(text)


@settings(max_examples=1000)
@given(trees)
def test_every_combination_has_a_value_that_can_be_stored(text):
    try:
        value = value_of(text)
    except (FeelLimitError, FeelSyntaxError):
        return
    if "function" not in text:
        stored = json.loads(json.dumps(encode(value)))
        assert encode(decode(stored)) == stored
        json.dumps(plain(value), allow_nan=False)

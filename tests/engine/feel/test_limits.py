"""However an expression is made, it ends: within its operations, its characters and its depth."""

import time

import pytest

from processes.engine.feel import (
    FeelLimitError,
    FeelSyntaxError,
    compile_expression,
    compile_unary_tests,
    translate_juel,
)
from processes.engine.feel.limits import MAX_DEPTH, MAX_SOURCE, MAX_WORK
from processes.engine.feel.runtime import Run

doubled = ", ".join(["a0: [1, 2]", *(f"a{n}: [a{n - 1}, a{n - 1}]" for n in range(1, 60))])
ENDLESS = {
    "a loop": "for x in 1..1000000000 return x",
    "a condition on a loop": "some x in 1..1000000000 satisfies x < 0",
    "loops in loops": "for a in 1..1000, b in 1..1000, c in 1..1000 return 1",
    "a function that calls itself": "{f: function(n) f(n + 1), r: f(1)}.r",
    "functions that call each other often": "{f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), r: f(25)}.r",
    "a text that doubles": "{"
    + ", ".join(['a0: "x"', *(f"a{n}: a{n - 1} + a{n - 1}" for n in range(1, 60))])
    + "}",
    "a list that doubles": "{"
    + ", ".join(["a0: [1]", *(f"a{n}: concatenate(a{n - 1}, a{n - 1})" for n in range(1, 60))])
    + "}",
    "a result that unfolds": "{" + doubled + "}.a59",
    "a text of what unfolds": "string({" + doubled + "}.a59)",
    "comparing what unfolds": "{" + doubled + ", r: a59 = [a58, a58]}.r",
    "flattening what unfolds": "flatten({" + doubled + "}.a59)",
    "a result too deep": "for i in 1..900 return if i = 1 then 1 else [partial[-1]]",
    "copies of the results so far": "for i in 1..50000 return partial",
    "a long text in many pieces": 'string join(for i in 1..50000 return "' + "x" * 300 + '")',
    "replacing with much": 'replace("' + "a" * 9000 + '", "(.*)", "' + "$1" * 900 + '")',
    "sorting by an expensive order": "sort(for i in 1..20000 return modulo(i * 7919, 10007), function(a, b) a < b)",
    "distinct values of many": "distinct values(for i in 1..100000 return i)",
    "the same large list again and again": "for i in 1..20000 return big.x",
    "comparing long texts again and again": "for i in 1..100000 return long = other",
}
CONTEXT = {"big": [{"x": n} for n in range(10_000)], "long": "a" * 900_000, "other": "a" * 899_999 + "b"}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_work_without_end_is_stopped(text):
    expression = compile_expression(text)
    started = time.process_time()
    with pytest.raises(FeelLimitError):
        expression.evaluate(CONTEXT)
    assert time.process_time() - started < 10  # a hundred times what it takes


DEEP = [
    "(",
    "[",
    "{a: ",
    "not(",
    "- (",
    "abs(",
    "if ",
    "1 in (",
    "1 in (1 + (",
    "[1..",
    "]",
    "(< ",
    "for x in ",
    "x[",
]


@pytest.mark.parametrize("opening", DEEP)
def test_text_that_nests_too_deeply_is_refused_before_the_stack_is(opening):
    with pytest.raises(FeelLimitError) as caught:
        compile_expression(opening * 1000)
    assert isinstance(caught.value, FeelSyntaxError)
    assert f"more than {MAX_DEPTH} levels" in str(caught.value)


@pytest.mark.parametrize(
    "text", ["-" * 500 + "1", "a" + ".b" * 500, "a" + "[1]" * 500, "x instance of " + "list<" * 500]
)
def test_high_trees_of_flat_text_are_refused(text):
    with pytest.raises(FeelLimitError):
        compile_expression(text)


def test_depth_below_the_limit_is_read():
    depth = MAX_DEPTH - 1
    assert compile_expression("(" * depth + "1" + ")" * depth).evaluate({}) == 1
    assert compile_expression("-" * 90 + "1").evaluate({}) == 1
    text = "0"
    for _ in range(90):
        text = f"if false then 1 else {text}"
    assert compile_expression(text).evaluate({}) == 0


def test_long_flat_text_is_read():
    assert compile_expression("1" + " + 1" * 4900).evaluate({}) == 4901
    assert compile_expression("true" + " and true" * 2000).evaluate({}) is True


@pytest.mark.parametrize("read", [compile_expression, compile_unary_tests, translate_juel])
def test_text_beyond_the_length_is_refused(read):
    with pytest.raises(FeelLimitError, match="at most 20,000 characters"):
        read("1" + " " * MAX_SOURCE)


BACKTRACKING = [
    ("(a*)*b", "a" * 5000),
    ("(a+)+$x", "a" * 3000),
    ("(a|a)*(a|aa)+$b", "a" * 5000),
    ("(.*)(.*)(.*)(.*)x", "a" * 3000),
    ("^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 3000),
]


@pytest.mark.parametrize(("pattern", "text"), BACKTRACKING)
def test_patterns_that_ruin_backtracking_engines_do_no_harm(pattern, text):
    started = time.process_time()
    assert compile_expression("matches(text, pattern)").evaluate({"text": text, "pattern": pattern}) is False
    assert time.process_time() - started < 10


@pytest.mark.parametrize("pattern", ["((a{1000}){1000}){1000}", "(" * 500 + ")" * 500, "a{1001}", "x" * 1001])
def test_patterns_too_large_give_null_and_a_note(pattern):
    value, notes = compile_expression("matches(text, pattern)").evaluate_with_notes(
        {"text": "a", "pattern": pattern}
    )
    assert value is None
    assert "regular expression cannot be used" in notes[0]


@pytest.mark.parametrize(
    "text",
    ["9999999 ** 9999999", "1e6144 * 10", "exp(1e10)", "1.1 ** 1e30", 'number("1e99999")', "-1e6144 * 10"],
)
def test_numbers_beyond_all_numbers_are_null(text):
    assert compile_expression(text).evaluate({}) is None


def test_work_is_counted_per_evaluation():
    expression = compile_expression("count(for x in 1..40000 return x)")
    for _ in range(3):
        assert expression.evaluate({}) == 40_000


def test_counter_stops_exactly_beyond_the_limit():
    run = Run({}, None)
    run.spend(MAX_WORK)
    with pytest.raises(FeelLimitError, match="200,000 operations"):
        run.spend(1)


def test_notes_are_bounded():
    _, notes = compile_expression(
        "[" + ", ".join(f"missing{n}" for n in range(100)) + "]"
    ).evaluate_with_notes({})
    assert len(notes) == 20

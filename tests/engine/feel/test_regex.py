"""The engine for regular expressions agrees with Python's, where both speak the same language."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.engine.feel import compile_expression

REPLACED = compile_expression('replace(text, pattern, "<$0>")')
FOUND = compile_expression("extract(text, pattern)")


def group(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({})".format, inner),
        st.builds("(?:{})".format, inner),
        st.builds("(?:{}|{})".format, inner, inner),
    )


atoms = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\d", "\\s", "[a-c1-]", "\\.", "^", "$"])
quantified = st.builds(
    "{}{}".format,
    atoms.filter(lambda atom: atom not in "^$"),
    st.sampled_from(["", "*", "+", "?", "*?", "+?", "{2}", "{1,2}"]),
)
patterns = st.recursive(
    st.lists(st.one_of(atoms, quantified), min_size=1, max_size=4).map("".join),
    lambda inner: st.lists(st.one_of(inner, group(inner)), min_size=1, max_size=3).map("".join),
    max_leaves=5,
)


@settings(max_examples=400)
@given(patterns, st.text("abc1 .\n", max_size=12))
def test_finds_what_python_finds(pattern, text):
    expected = [match.group() for match in re.finditer(pattern.replace("$", r"\Z"), text)]
    mine = FOUND.evaluate({"text": text, "pattern": pattern})
    # Python looks for an empty match right after another match; XPath and this engine go one further.
    assert [found for found in mine if found] == [found for found in expected if found] or "" in expected


@settings(max_examples=200)
@given(patterns, st.text("abc1 .", max_size=12))
def test_matches_when_python_does(pattern, text):
    expected = re.search(pattern.replace("$", r"\Z"), text) is not None
    assert (
        compile_expression("matches(text, pattern)").evaluate({"text": text, "pattern": pattern}) is expected
    )


CASES = [
    ('replace("2026-01-02", "(\\d+)-(\\d+)-(\\d+)", "$3.$2.$1")', "02.01.2026"),
    ('replace("ab", "(x)?a", "[$1]")', "[]b"),
    ('replace("a", "(a)", "$12")', "a2"),
    ('replace("a", "a", "\\\\$1")', "$1"),
    ('replace("aXbX", "x", "-", "i")', "a-b-"),
    ('replace("a.b", ".", "-", "q")', "a-b"),
    ('replace("a b", "a b", "-", "x")', "a b"),
    ('matches("a\\nb", "^b$", "m")', True),
    ('matches("a\\nb", "^b$")', False),
    ('matches("Ёлка", "^\\p{Lu}\\p{Ll}+$")', True),
    ('matches("ёлка", "^\\P{L}")', False),
    ('matches("hello", "[a-z-[aeiou]]{2}")', True),
    ('matches("aei", "[a-z-[aeiou]]")', False),
    ('matches("ПРИВЕТ", "привет", "i")', True),
    ('matches("abc", "(?=a)")', None),
    ('matches("abc", "(a)\\1")', None),
    ('matches("abc", "a", "z")', None),
    ('matches("abc", "[c-a]")', None),
    ('matches("abc", "a**")', None),
    ('matches("abc", "*a")', None),
    ('matches("abc", "a{2,1}")', None),
    ('matches("abc", "\\p{Foo}")', None),
    ('matches("abc", "a)")', None),
    ('matches("-", "[-a]")', True),
    ('matches("]", "[]]")', None),
    ('matches("]", "[\\]]")', True),
    ('split("a, b,c", ",\\s*")', ["a", "b", "c"]),
    ('split("", ",")', [""]),
]


@pytest.mark.parametrize(("text", "value"), CASES, ids=[text for text, _ in CASES])
def test_case(text, value):
    assert compile_expression(text).evaluate({}) == value


def test_replacement_of_nothing_stands_between_the_characters():
    assert compile_expression('replace("ab", "x*", "-")').evaluate({}) == "-a-b-"
    assert REPLACED.evaluate({"text": "abc", "pattern": "b"}) == "a<b>c"

"""Expressions of cases say in FEEL what they say in Python."""

from decimal import Decimal
from typing import Any

import pytest

from processes.engine.feel import compile_expression
from tests.conformance.neutral import to_feel

VALUES: dict[str, Any] = {
    "a": 1,
    "b": 2,
    "done": False,
    "test": "ab",
    "names": ["x", "y"],
    "way": {"to": "go"},
}


@pytest.mark.parametrize(
    "text",
    [
        "a == 1",
        "a != 1 or b >= 2",
        "a == 1 and not (b == 2 or done)",
        "0 < a < b",
        "0 < a < 1",
        "'a' in test",
        "'c' in test",
        "'x' in names and 'z' not in names",
        "not done",
        "done is False",
        "len(names) == 2 and len(test) == 2",
        "-a + b * 3 == 5",
        "b % 2 == 0 and b // 2 == 1",
        "names[0] == 'x' and names[-1] == 'y'",
        "way['to'] == 'go'",
        "'yes' if a == 1 else 'no'",
        "a / b >= 0.6",
        "max(a, b)",
        "[a, b, 3]",
        "b in [a, 3]",
        "None",
        "test == 'say \"no\"'",
    ],
)
def test_feel_agrees_with_python(text: str) -> None:
    expected = eval(text, {}, VALUES)
    given = compile_expression(to_feel(text)).evaluate(VALUES)
    assert plain(given) == expected


def test_what_has_no_form_in_feel_is_refused() -> None:
    with pytest.raises(ValueError, match="no form"):
        to_feel("open('x')")


def plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value)
    return [plain(item) for item in value] if isinstance(value, list) else value

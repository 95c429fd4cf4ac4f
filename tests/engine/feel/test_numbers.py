"""Numbers are decimals of 34 digits, whatever the decimal context of the thread says."""

import decimal
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.engine.feel import compile_expression

EXACT = [
    ("0.1 + 0.2 = 0.3", True),
    ("0.1 * 3 = 0.3", True),
    ("1.10 = 1.1", True),
    ("100 * 1.1", Decimal(110)),
    ("1 / 3", Decimal("0." + "3" * 34)),
    ("2 / 3", Decimal("0." + "6" * 33 + "7")),
    ("1 / 3 * 3 = 1", False),
    ("12345678901234567890 * 10 + 1", Decimal("123456789012345678901")),
    ("0.005 + 0.005", Decimal("0.01")),
    ("decimal(0.125, 2)", Decimal("0.12")),
    ("decimal(0.135, 2)", Decimal("0.14")),
    ("1e3", Decimal(1000)),
    ("2.5E-3", Decimal("0.0025")),
    ("0 ** 0", Decimal(1)),
    ("string(0.10 + 0.20)", "0.3"),
    ("string(1e20)", "100000000000000000000"),
    ("string(1.5e-7)", "0.00000015"),
    ("1.0 instance of number", True),
]


@pytest.mark.parametrize(("text", "value"), EXACT, ids=[text for text, _ in EXACT])
def test_arithmetic_is_decimal(text, value):
    result = compile_expression(text).evaluate({})
    assert result == value
    assert type(result) is type(value)


def test_decimal_context_of_the_thread_neither_matters_nor_changes():
    texts = [text for text, _ in EXACT] + [
        "modulo(10.1, 4.5)",
        "sqrt(2)",
        "stddev([2, 4, 7, 5])",
        "floor(-1.5555, 3)",
        "-1.23456789",
        '@"PT1.234567S" * 1.5',
        '@"10:00:00.123456".second + 0',
        "abs(-1.23456789)",
        'number("1.23456789")',
        "mean([1.11111, 2.22222])",
        'date and time("2026-01-01T10:00:00.5").second',
    ]
    expected = [compile_expression(text).evaluate({}) for text in texts]
    before = decimal.getcontext().copy()
    with decimal.localcontext(decimal.Context(prec=2, traps=[decimal.Inexact, decimal.Rounded])) as narrow:
        assert [compile_expression(text).evaluate({}) for text in texts] == expected
        compile_expression.cache_clear()
        assert [compile_expression(text).evaluate({"x": 1.23456789}) for text in texts] == expected
        assert not any(narrow.flags.values())
    assert decimal.getcontext().prec == before.prec


@given(st.integers(-(10**30), 10**30), st.integers(-(10**30), 10**30))
def test_whole_numbers_add_and_compare_exactly(a, b):
    context = {"a": a, "b": b}
    assert compile_expression("a + b").evaluate(context) == a + b
    assert compile_expression("a < b").evaluate(context) is (a < b)


cents = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@given(st.lists(cents, min_size=1, max_size=50))
def test_sums_of_money_lose_nothing(amounts):
    exact = sum(int(amount.scaleb(2)) for amount in amounts)
    assert compile_expression("sum(amounts) * 100").evaluate({"amounts": amounts}) == exact


@given(st.decimals(-(10**6), 10**6, places=3), st.decimals(-(10**3), 10**3, places=2).filter(bool))
def test_modulo_has_the_sign_of_the_divisor(dividend, divisor):
    rest = compile_expression("modulo(a, b)").evaluate({"a": dividend, "b": divisor})
    assert abs(rest) < abs(divisor)
    assert rest == 0 or (rest < 0) == (divisor < 0)
    assert ((dividend - rest) / divisor) % 1 == 0

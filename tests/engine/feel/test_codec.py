"""What is stored comes back: every value, through real JSON."""

import json
import string
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.engine.feel import (
    FeelError,
    FeelLimitError,
    Range,
    YearsMonths,
    compile_expression,
    decode,
    encode,
    plain,
)

zones = st.sampled_from(
    [
        None,
        UTC,
        timezone(timedelta(hours=5, minutes=45)),
        ZoneInfo("Europe/Moscow"),
        ZoneInfo("America/New_York"),
    ]
)
atoms = st.one_of(
    st.none(),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.integers(-(2**60), 2**60).map(Decimal),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    st.dates(),
    st.datetimes(
        min_value=datetime(1900, 1, 2),
        max_value=datetime(9999, 12, 30),
        timezones=zones,
        allow_imaginary=False,
    ),
    st.times(timezones=zones),
    st.timedeltas(),
    st.integers(-(10**9), 10**9).map(YearsMonths),
    st.builds(
        Range,
        st.integers().map(Decimal),
        st.none() | st.integers().map(Decimal),
        st.booleans(),
        st.booleans(),
    ),
)
keys = st.text(string.ascii_letters + "$_ яё", max_size=12) | st.sampled_from(
    ["$decimal", "$$date", "$", "$range"]
)
values = st.recursive(
    atoms, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)


def same(left, right) -> bool:
    """Equal in kind and value, the zone and the repeated hour included."""
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(item, right[key]) for key, item in left.items())
    if isinstance(left, datetime):
        # A time that clocks skip comes back as the moment it names.
        exists = left.tzinfo is None or left.astimezone(UTC).astimezone(left.tzinfo).replace(
            fold=0
        ) == left.replace(fold=0)
        return (
            left.utcoffset() == right.utcoffset() and left.replace(fold=0) == right.replace(fold=0)
        ) or not exists
    return left == right


@given(values)
def test_decoding_undoes_encoding(value):
    assert same(decode(json.loads(json.dumps(encode(value), allow_nan=False))), value)


@given(values)
def test_encoding_what_was_decoded_changes_nothing(value):
    stored = encode(value)
    assert encode(decode(stored)) == stored


@given(values)
def test_plain_json_is_json(value):
    json.dumps(plain(value), allow_nan=False)


SPELLINGS = [
    (None, None),
    (True, True),
    (1, 1),
    (Decimal("5.00"), 5),
    (Decimal("-0"), 0),
    (2**53, {"$decimal": "9007199254740992"}),
    (2**53 - 1, 2**53 - 1),
    (Decimal("0.10"), {"$decimal": "0.10"}),
    (0.1, {"$decimal": "0.1"}),
    ("текст", "текст"),
    (date(2026, 1, 2), {"$date": "2026-01-02"}),
    (datetime(2026, 1, 2, 3, 4, 5), {"$datetime": "2026-01-02T03:04:05"}),
    (datetime(2026, 1, 2, 3, tzinfo=UTC), {"$datetime": "2026-01-02T03:00:00Z"}),
    (
        datetime(2026, 1, 2, 3, tzinfo=ZoneInfo("Europe/Moscow")),
        {"$datetime": "2026-01-02T03:00:00+03:00@Europe/Moscow"},
    ),
    (time(10, 30), {"$time": "10:30:00"}),
    (timedelta(days=1, hours=2), {"$duration": "P1DT2H"}),
    (YearsMonths(14), {"$duration": "P1Y2M"}),
    (Range(1, None, False, False), {"$range": [1, None, False, False]}),
    ({"$date": "x", "a": [1]}, {"$$date": "x", "a": [1]}),
    ((1, 2), [1, 2]),
]


@pytest.mark.parametrize(("value", "stored"), SPELLINGS, ids=[repr(value) for value, _ in SPELLINGS])
def test_spelling_of(value, stored):
    assert encode(value) == stored
    assert type(encode(value)) is type(stored)


PLAIN = [
    (Decimal("5.00"), 5),
    (Decimal("0.10"), 0.1),
    (Decimal(10) ** 20, 10**20),
    (Decimal("1E+6000"), "1E+6000"),
    (Decimal("1E-6000"), 0.0),
    (date(2026, 1, 2), "2026-01-02"),
    (datetime(2026, 1, 2, 3, tzinfo=UTC), "2026-01-02T03:00:00Z"),
    (timedelta(hours=36), "P1DT12H"),
    (YearsMonths(-1), "-P1M"),
    ({"$a": [Decimal(1)]}, {"$a": [1]}),
]


@pytest.mark.parametrize(("value", "shown"), PLAIN, ids=[repr(value) for value, _ in PLAIN])
def test_plain_spelling_of(value, shown):
    assert plain(value) == shown
    assert type(plain(value)) is type(shown)


@pytest.mark.parametrize("value", [object(), {1, 2}, float("nan"), Decimal("Infinity"), b"bytes"])
def test_what_is_no_value_is_not_stored(value):
    with pytest.raises(FeelError):
        encode(value)


def test_function_is_not_stored():
    with pytest.raises(FeelError, match="Function"):
        encode(compile_expression("function(x) x").evaluate({}))


@pytest.mark.parametrize(
    "stored",
    [
        {"$decimal": "x"},
        {"$decimal": "NaN"},
        {"$decimal": 1},
        {"$date": "2026-13-01"},
        {"$date": None},
        {"$datetime": "2026-01-01"},
        {"$datetime": "2026-01-01T10:00:00+03:00@Nowhere/Land"},
        {"$duration": "1D"},
        {"$range": [1]},
        {"$unknown": 1},
        {"$date": "2026-01-01", "b": 1},
        {1, 2},
    ],
)
def test_json_that_was_never_written_is_refused(stored):
    with pytest.raises(FeelError):
        decode(stored)


@pytest.mark.parametrize("change", [encode, decode, plain])
def test_value_without_end_is_refused(change):
    value: list = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(FeelLimitError):
        change(value)

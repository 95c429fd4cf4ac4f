"""The kinds of fields: what is read back is what was written, and no input whatever breaks them."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from records.fields import KINDS
from records.models import Record, RecordField
from records.models.sections import check_choices

PIPES = Record(pk=7, caption="Pipes")


def field(kind, **options):
    return RecordField(code="x", label="X", kind=kind, **options)


def find(_field, pk):
    return PIPES if pk == 7 else None


def parse(kind, raw, **options):
    return KINDS[kind].parse(field(kind, **options), raw, find)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
anything = json_values | st.decimals() | st.dates() | st.datetimes()
choices = [["draft", "Draft"], ["signed", "Signed"]]


@pytest.mark.parametrize("kind", [code for code, _label in RecordField.Kind.choices])
@given(raw=anything.filter(lambda value: value is not None))
def test_any_input_is_refused_or_stored_in_one_form(kind, raw):
    options = {"choices": choices} if kind == "choice" else {}
    try:
        stored = parse(kind, raw, **options)
    except ValidationError:
        return
    if stored is not None:
        assert parse(kind, stored, **options) == stored
        assert KINDS[kind].to_value(stored) is not None


@given(
    number=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=9)
)
def test_a_number_loses_no_digit(number):
    assert KINDS["number"].to_value(parse("number", number)) == number
    assert KINDS["number"].to_value(parse("number", str(number))) == number


@given(day=st.dates())
def test_a_date_comes_back(day):
    assert KINDS["date"].to_value(parse("date", day)) == day
    assert KINDS["date"].to_value(parse("date", day.isoformat())) == day


@given(answer=st.booleans())
def test_an_answer_comes_back(answer):
    assert KINDS["boolean"].to_value(parse("boolean", answer)) is answer


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1))
def test_a_text_comes_back(text):
    assert KINDS["text"].to_value(parse("text", text)) == text


@pytest.mark.parametrize("raw", ["1e999999999", "NaN", "Infinity", "-sNaN", "1" * 61, True, [], "1,5"])
def test_no_numbers(raw):
    with pytest.raises(ValidationError):
        parse("number", raw)


@pytest.mark.parametrize(
    ("raw", "stored"),
    [("1.50", "1.5"), (Decimal("1E+3"), "1000"), ("-0", "0"), (0.1, "0.1"), (" 7 ", "7"), ("", None)],
)
def test_numbers_in_plain_digits(raw, stored):
    assert parse("number", raw) == stored


@pytest.mark.parametrize("raw", ["a\x00b", "\ud800", True, 1.5, []])
def test_texts_that_cannot_be_stored(raw):
    with pytest.raises(ValidationError):
        parse("text", raw)


def test_lines_stay_only_where_the_field_has_several():
    assert parse("text", "a\nb ") == "a b"
    assert parse("text", "a\nb ", multiline=True) == "a\nb"


@pytest.mark.parametrize("raw", [7, "7", {"id": 7, "caption": "forged"}, Decimal(7), PIPES])
def test_a_lookup_takes_an_id_in_any_form(raw):
    assert parse("lookup", raw) == {"id": 7, "caption": "Pipes"}


@pytest.mark.parametrize(
    "raw", [8, -7, 7.5, "x", {"caption": "Pipes", "id": [7]}, Decimal("1E+999999999"), True]
)
def test_a_lookup_refuses_what_is_no_visible_record(raw):
    with pytest.raises(ValidationError):
        parse("lookup", raw)


def test_values_are_shown_in_the_language_of_the_reader():
    def shown(kind, stored, **options):
        return KINDS[kind].display(field(kind, **options), stored)

    assert shown("number", "1234567.5") == "1,234,567.5"
    assert "Mar" in shown("date", "2026-03-01")
    assert shown("boolean", False) == "No"
    assert shown("choice", "signed", choices=choices) == "Signed"
    assert shown("choice", "gone", choices=choices) == "gone"
    assert shown("lookup", {"id": 7, "caption": "Pipes"}) == "Pipes"
    assert all(shown(kind, None, choices=choices) == "" for kind in KINDS)
    with translation.override("ru"):
        assert shown("number", "1234567.5").replace("\xa0", " ") == "1 234 567,5"
        assert "мар" in shown("date", "2026-03-01").lower()


@pytest.mark.parametrize("kind", ["number", "date", "boolean", "lookup"])
def test_a_value_left_by_a_field_of_another_kind_is_shown_and_worth_nothing(kind):
    assert KINDS[kind].to_value("once a text") is None
    assert KINDS[kind].display(field(kind), "once a text") == "once a text"


def test_a_moment_gives_the_day_it_has_here():
    assert parse("date", datetime(2026, 3, 1, 23, 30)) == "2026-03-01"
    assert parse("date", date(2026, 3, 1)) == "2026-03-01"


@pytest.mark.parametrize(
    "listed",
    [[], {}, "ab", [["a"]], [["a", "A", "B", "C"]], [["a", 1]], [["", "A"]], [["a", "A"], ["a", "B"]]],
)
def test_choices_are_pairs_with_codes_of_their_own(listed):
    with pytest.raises(ValidationError):
        check_choices(listed)

"""Expressions of the Camunda family become FEEL where FEEL says the same, and are refused where it cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.engine.feel import FeelLimitError, FeelSyntaxError, compile_expression, translate_juel

TRANSLATED = [
    ("${amount}", "amount", 5),
    ("#{amount}", "amount", 5),
    ("${ amount }", "amount", 5),
    ("${amount == 5}", "amount = 5", True),
    ("${amount != 5}", "amount != 5", False),
    ("${amount eq 5 and amount ne 6}", "amount = 5 and amount != 6", True),
    (
        "${amount lt 6 && amount le 5 && amount gt 4 && amount ge 5}",
        "amount < 6 and amount <= 5 and amount > 4 and amount >= 5",
        True,
    ),
    ("${amount > 9 || flag}", "amount > 9 or flag", True),
    ("${!flag}", "not(flag)", False),
    ("${not flag}", "not(flag)", False),
    ("${!(amount > 9)}", "not((amount > 9))", True),
    ("${!flag && amount == 1}", "not(flag) and amount = 1", False),
    ("${flag == true}", "flag = true", True),
    ("${nothing == null}", "nothing = null", True),
    ("${name == 'Anna'}", 'name = "Anna"', True),
    ('${name == "Anna"}', 'name = "Anna"', True),
    ("${'it\\'s \"x\"'}", '"it\'s \\"x\\""', 'it\'s "x"'),
    ("${'a}b'}", '"a}b"', "a}b"),
    ("${record.owner.name}", "record.owner.name", "Bob"),
    ("${record['owner'].name}", "record.owner.name", "Bob"),
    ("${record['два слова']}", "record.`два слова`", 1),
    ("${tags[0]}", "tags[1]", "a"),
    ("${amount + 1 - 2 * 3 / 4}", "amount + 1 - 2 * 3 / 4", 4.5),
    ("${(amount + 1) * 2}", "(amount + 1) * 2", 12),
    ("${10 div 4}", "10 / 4", 2.5),
    ("${amount % 3}", "modulo(amount, 3)", 2),
    ("${amount mod 3 == 2}", "modulo(amount, 3) = 2", True),
    ("${amount + 7 % 4 * 2}", "amount + modulo(7, 4) * 2", 11),
    ("${-amount + 1}", "-amount + 1", -4),
    ("${-(amount + 1)}", "-(amount + 1)", -6),
    ("${amount > 3 ? 'big' : 'small'}", 'if amount > 3 then "big" else "small"', "big"),
    ("${amount > 9 ? 1 : amount > 4 ? 2 : 3}", "if amount > 9 then 1 else if amount > 4 then 2 else 3", 2),
    ("${(flag ? 1 : 2) + 1}", "(if flag then 1 else 2) + 1", 2),
    ("${empty name}", "is empty(name)", False),
    ("${empty nothing}", "is empty(nothing)", True),
    ("${not empty tags}", "not(is empty(tags))", True),
    ("${empty record.missing}", "is empty(record.missing)", True),
    ("${amount > 1 == true}", "(amount > 1) = true", True),
    ("${1 == 1 == true}", "(1 = 1) = true", True),
    ("${amount == 5 || flag and !flag}", "amount = 5 or flag and not(flag)", True),
    ("${(amount == 5 || flag) && !flag}", "(amount = 5 or flag) and not(flag)", False),
    ("${true}", "true", True),
    ("${5}", "5", 5),
    ("${1.5}", "1.5", 1.5),
    ("${сумма >= 10}", "сумма >= 10", True),
    ("${between}", "`between`", "a keyword of FEEL"),
    ("${record.return}", "record.`return`", 2),
    ("Order", '"Order"', "Order"),
    ("", '""', ""),
    ('a "b" \\ c\n', '"a \\"b\\" \\\\ c\\n"', 'a "b" \\ c\n'),
    ("Order ${amount}!", '"Order " + get or else(string(amount), "") + "!"', "Order 5!"),
    ("${name}${amount}", 'get or else(string(name), "") + get or else(string(amount), "")', "Anna5"),
    ("${nothing}-", 'get or else(string(nothing), "") + "-"', "-"),
    ("costs $5 {really}", '"costs $5 {really}"', "costs $5 {really}"),
]
CONTEXT = {
    "amount": 5,
    "flag": True,
    "nothing": None,
    "name": "Anna",
    "record": {"owner": {"name": "Bob"}, "два слова": 1, "return": 2},
    "tags": ["a", "b"],
    "сумма": 10,
    "between": "a keyword of FEEL",
}


@pytest.mark.parametrize(("text", "feel", "value"), TRANSLATED, ids=[text for text, _, _ in TRANSLATED])
def test_translation_says_the_same(text, feel, value):
    assert translate_juel(text) == feel
    assert compile_expression(feel).evaluate(CONTEXT) == value


REFUSED = [
    ("${bean.method()}", 6, "'.method(...)' calls a method"),
    ("${bean.method(1).x}", 6, "'.method(...)' calls a method"),
    ("${execution.getVariable('x')}", 11, "'.getVariable(...)' calls a method"),
    ("${now()}", 2, "'now(...)' calls a function"),
    ("${fn:size(x)}", 4, "an operator or '}' was expected, not ':'"),
    ("${a = 5}", 4, "it assigns a value ('==' compares)"),
    ("${a", 0, "its '}' is missing"),
    ("${}", 2, "a value was expected, not '}'"),
    ("${a ==}", 6, "a value was expected, not '}'"),
    ("${(a}", 4, "')' was expected"),
    ("${a ? b}", 7, "':' was expected in the choice 'a ? b : c'"),
    ("${a[b]}", 3, "only a text or a whole number can stand in '[...]'"),
    ("${a.1}", 4, "a name was expected after '.'"),
    ("${a; b}", 3, "the character ';' has no meaning in it"),
    ("${x -> x + 1}", 5, "a value was expected, not '>'"),
    ("${a['`']}", 3, "this key cannot be written in FEEL"),
    ("Order ${a.b()}", 9, "'.b(...)' calls a method"),
]


@pytest.mark.parametrize(("text", "position", "reason"), REFUSED, ids=[text for text, _, _ in REFUSED])
def test_what_feel_cannot_say_is_refused_with_the_reason(text, position, reason):
    with pytest.raises(FeelSyntaxError) as caught:
        translate_juel(text)
    assert str(caught.value).startswith(f"This expression cannot be translated to FEEL: {reason}")
    assert caught.value.position == position


@pytest.mark.parametrize("opening", ["(", "!(", "a ? ", "-("])
def test_nesting_is_bounded(opening):
    with pytest.raises(FeelLimitError):
        translate_juel("${" + opening * 2000 + "}")


@given(st.text(max_size=50).filter(lambda text: "${" not in text and "#{" not in text and "\x00" not in text))
def test_text_without_expressions_is_itself(text):
    assert compile_expression(translate_juel(text)).evaluate({}) == text


@given(st.text("${}#ab.=('\"!?:+-[]0 ", max_size=30))
def test_any_text_is_translated_or_refused(text):
    try:
        feel = translate_juel(text)
    except FeelSyntaxError:
        return
    compile_expression(feel)


def test_the_first_instance_of_several_is_number_zero_in_the_camunda_family():
    feel = translate_juel("${loopCounter == 0}")
    assert feel == "(loopCounter - 1) = 0"
    assert compile_expression(feel).evaluate({"loopCounter": 1}) is True

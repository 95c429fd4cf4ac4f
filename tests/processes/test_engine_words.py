"""What the engine writes in English is read in Russian: every sentence it can say has its pattern."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from bpm_portal.catalogues import ROOT
from processes.engine.problems import problem
from processes.engine_words import in_words, sentence_of

ENGINE = Path(ROOT) / "processes" / "engine"
# Functions and exceptions that are given a sentence of their own, and where it stands among the arguments.
SAYING = {
    "FeelError": 0,
    "FeelLimitError": 0,
    "FeelSizeError": 0,
    "FeelSyntaxError": 0,
    "Incident": 0,
    "NotPossible": 1,
    "PatternError": 0,
    "expected": 0,
    "fail": 1,
    "note": 0,
    "refused": 0,
}
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
# Put at every placeholder: an end of its own that no pattern has.
VALUE = "xyz7"


@pytest.fixture(autouse=True)
def reads_russian():
    with translation.override("ru"):
        yield


def written(node):
    """A literal with VALUE at its placeholders; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{[a-z_]+\}", VALUE, node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else VALUE for part in node.values)
    return None


def sentences(tree, *, is_feel):
    """What is said in the nodes of a module: whole sentences, and how they call what they speak of (`what`)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "what":
            yield node.value
        if not isinstance(node, ast.Call):
            continue
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "what")
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        place = 0 if name == "problem" and is_feel else SAYING.get(name)
        if place is not None and len(node.args) > place:
            yield node.args[place]


def said_by_the_engine():
    """Every sentence written out in the engine, by file and line."""
    for path in sorted(ENGINE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in sentences(tree, is_feel="feel" in path.parts):
            sentence = written(node)
            # What only joins two sentences, or quotes a name, has no words of its own.
            if sentence and re.search(r"[a-z]{2} ", re.sub(r"“[^”]*”|xyz7", "", sentence)):
                yield pytest.param(sentence, id=f"{path.stem}:{node.lineno}")


@pytest.mark.parametrize("sentence", list(said_by_the_engine()))
def test_every_sentence_of_the_engine_is_known_in_russian(sentence):
    assert CYRILLIC.search(in_words(sentence)), sentence


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("There is no variable 'amount'.", "Переменной 'amount' нет."),
        ("A number cannot be equal to a text.", "Число и текст не могут быть равны."),
        (
            "There is no variable 'a'. There is no variable 'b'.",
            "Переменной 'a' нет. Переменной 'b' нет.",
        ),
        (
            (
                "No flow out of “Check” is true and there is no default: “yes” (a > 1) is null "
                "(There is no variable 'a'. Division by zero.); “no” (a < 1) is false."
            ),
            (
                "Ни одно условие потоков из «Check» не выполнено, а потока по умолчанию нет: «yes» (a > 1) — null "
                "(Переменной 'a' нет. Деление на ноль.); «no» (a < 1) — false."
            ),
        ),
        (
            "The script of “Count: all” has no value: Division by zero.",
            "Сценарий «Count: all»: нет значения. Деление на ноль.",
        ),
        (
            "The timer of “Wait”: The expression was stopped after 2,000,000 operations.",
            "Таймер «Wait»: Вычисление остановлено, предел операций: 2,000,000.",
        ),
        (
            "“Sign” could not open: the record 7 that it names does not exist.",
            "Не удалось открыть «Sign»: указанной записи (7) нет.",
        ),
        ("ConnectionError: the host said: no", "ConnectionError: the host said: no"),
        ("", ""),
    ],
)
def test_a_stored_incident_is_read_in_russian(english, russian):
    assert in_words(english) == russian


def test_a_reader_of_english_gets_what_is_stored():
    with translation.override("en"):
        assert in_words("Division by zero.") == "Division by zero."


def test_a_problem_of_a_diagram_is_told_with_its_words_and_values():
    found = problem(
        "expression_syntax",
        element="check",
        what="The condition",
        reason="Expected an expression, but found the end of the text (line 1, column 4).",
        text="a +",
    )
    assert sentence_of(found) == (
        "Условие («check»): не удалось разобрать. Ожидалось: выражение; найдено: конец текста "
        "(строка 1, позиция 4). Текст: a +"
    )


def test_why_a_file_is_no_xml_is_told_in_russian_too():
    refused = problem("not_xml", line=7, reason="not well-formed (invalid token)")
    with translation.override("ru"):
        assert sentence_of(refused) == "Файл — некорректный XML: недопустимый символ в разметке."


def test_a_name_that_happens_to_be_a_word_of_the_engine_stays():
    found = problem("not_executable", element="e1", construct="timer start event", name="signal")
    assert sentence_of(found) == "Элемент «signal» пока нельзя выполнить: начальное событие (таймер)."

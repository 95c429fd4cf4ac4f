"""Catalogues: merging keeps translations, checking finds what a reader would notice."""

import polib
import pytest
from django.core.management import CommandError, call_command

from bpm_portal.texts import Text, find_texts, merge, problems

DAYS = Text("%(n)d day", "%(n)d days", places=frozenset({"a.py"}))
SAVED = Text("Saved.", places=frozenset({"a.py", "b.html"}))


@pytest.fixture
def catalogue(tmp_path):
    """A catalogue of Russian with both texts translated."""
    path = tmp_path / "django.po"
    merged = merge([DAYS, SAVED], path, "ru")
    merged.find("Saved.").msgstr = "Сохранено."
    merged.find("%(n)d day").msgstr_plural = {0: "%(n)d день", 1: "%(n)d дня", 2: "%(n)d дней"}
    merged.save(str(path))
    return path


def change(path, msgid, **values):
    entries = polib.pofile(str(path))
    for name, value in values.items():
        setattr(entries.find(msgid), name, value)
    entries.save()


def test_a_complete_catalogue_has_no_problems(catalogue):
    assert problems([DAYS, SAVED], catalogue) == []


def test_merging_keeps_translations_adds_new_texts_and_drops_old_ones(catalogue):
    merged = merge([SAVED, Text("New", places=frozenset({"c.py"}))], catalogue, "ru")
    assert [(entry.msgid, entry.msgstr) for entry in merged] == [("Saved.", "Сохранено."), ("New", "")]


def test_merging_twice_changes_nothing(catalogue):
    before = catalogue.read_text()
    merge([DAYS, SAVED], catalogue, "ru").save(str(catalogue))
    assert catalogue.read_text() == before


@pytest.mark.parametrize(
    ("msgid", "values", "problem"),
    [
        ("Saved.", {"msgstr": ""}, "not translated"),
        ("Saved.", {"flags": ["fuzzy"]}, "fuzzy"),
        ("Saved.", {"obsolete": True}, "not in the catalogue"),
        ("%(n)d day", {"msgstr_plural": {0: "%(n)d день", 1: "", 2: "%(n)d дней"}}, "not translated"),
        ("%(n)d day", {"msgstr_plural": {0: "%(m)d день", 1: "%(n)d дня", 2: "%(n)d дней"}}, "placeholders"),
    ],
)
def test_what_a_reader_would_notice_is_found(catalogue, msgid, values, problem):
    change(catalogue, msgid, **values)
    assert any(problem in found for found in problems([DAYS, SAVED], catalogue))


def test_texts_that_nobody_says_any_more_are_found(catalogue):
    assert problems([DAYS], catalogue) == ["nobody says it any more: 'Saved.'"]


def test_the_project_s_own_texts_can_all_be_read():
    texts = {text.msgid: text for text in find_texts()}
    assert texts["Sign in"].places == {"templates/accounts/sign_in.html"}
    assert texts["%(n)d min"].plural == "%(n)d min"


def test_the_check_fails_and_says_what_to_do(monkeypatch, catalogue, capsys):
    command = "bpm_portal.management.commands.translations"
    monkeypatch.setattr(f"{command}.find_texts", lambda: [DAYS, Text("New")])
    monkeypatch.setattr(f"{command}.languages", lambda: {"ru": catalogue})
    with pytest.raises(CommandError, match="2 problems"):
        call_command("translations", "--check")
    call_command("translations", "--extract")
    assert "2 texts, 1 to translate" in capsys.readouterr().out


def test_a_sentence_of_the_engine_keeps_its_placeholders(tmp_path):
    path, sentence = tmp_path / "django.po", Text("“{element}” has no end.", places=frozenset({"a.py"}))
    merged = merge([sentence], path, "ru")
    merged.find(sentence.msgid).msgstr = "У «{name}» нет конца."
    merged.save(str(path))
    assert problems([sentence], path) == ["its placeholders differ: '“{element}” has no end.'"]

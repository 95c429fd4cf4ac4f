"""Texts of Python sources: found by any name gettext was given, refused where they are built at run time."""

import pytest

from bpm_portal.texts import Text, UnreadableError
from bpm_portal.texts.python import texts_of

IMPORTS = "from django.utils import translation\nfrom django.utils.translation import {}\n"


def texts(imports, code):
    return list(texts_of(IMPORTS.format(imports) + code, "module.py"))


@pytest.mark.parametrize(
    ("imports", "code", "expected"),
    [
        ("gettext", 'gettext("One")', Text("One")),
        ("gettext_lazy as _", '_("One " "and two")', Text("One and two")),
        ("gettext as say", 'say("One") % {}', Text("One")),
        ("ngettext", 'ngettext("%(n)d day", "%(n)d days", n)', Text("%(n)d day", "%(n)d days")),
        ("pgettext_lazy", 'pgettext_lazy("activity", "Completed")', Text("Completed", context="activity")),
        ("npgettext", 'npgettext("c", "a", "b", 2)', Text("a", "b", "c")),
        ("gettext", 'translation.gettext("Far")', Text("Far")),
    ],
)
def test_a_literal_text_is_found(imports, code, expected):
    (text,) = texts(imports, code)
    assert (text.msgid, text.plural, text.context) == (expected.msgid, expected.plural, expected.context)


def test_a_function_of_the_same_name_from_elsewhere_is_none_of_ours():
    assert list(texts_of('def _(x): ...\n_("No")\n', "module.py")) == []


def test_a_variable_is_marked_elsewhere():
    assert texts("gettext as _", "_(label)") == []


@pytest.mark.parametrize("argument", ['f"Hello {name}"', '"Hello " + name', ""])
def test_a_text_built_at_run_time_is_refused_with_its_line(argument):
    with pytest.raises(UnreadableError, match=r"module\.py:3"):
        texts("gettext as _", f"_({argument})")


def test_code_without_django_marks_its_texts_with_a_function_of_its_own():
    code = 'def gettext_noop(text): ...\n_ = gettext_noop\nWORDS = {"empty": _("The file is empty.")}\n'
    assert [text.msgid for text in texts_of(code, "module.py")] == ["The file is empty."]

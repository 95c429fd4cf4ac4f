"""Texts of templates: exactly the messages that Django will look up."""

import pytest
from django.template import Context, Template
from django.utils.translation import trans_real

from bpm_portal.texts import Text, UnreadableError
from bpm_portal.texts.templates import texts_of

SOURCES = [
    ('{% translate "Plain" %}', [Text("Plain")]),
    ("{% translate 'With \"quotes\"' as x %}", [Text('With "quotes"')]),
    ('{% translate "100% sure" %}', [Text("100%% sure")]),
    ('{% translate "May" context "month" %}', [Text("May", context="month")]),
    (
        "{% blocktranslate %}Hello {{ name }}, 5% off{% endblocktranslate %}",
        [Text("Hello %(name)s, 5%% off")],
    ),
    (
        "{% blocktranslate trimmed %}\n  Two\n  lines\n{% endblocktranslate %}",
        [Text("Two lines")],
    ),
    (
        "{% blocktranslate count n=2 %}{{ n }} step{% plural %}{{ n }} steps{% endblocktranslate %}",
        [Text("%(n)s step", "%(n)s steps")],
    ),
    ('{% if x == _("Yes") %}{{ _("No")|upper }}{% endif %}', [Text("Yes"), Text("No")]),
]


@pytest.mark.parametrize(("source", "expected"), SOURCES)
def test_every_way_to_mark_a_text_is_known(source, expected):
    found = list(texts_of(source, "page.html"))
    assert [(t.msgid, t.plural, t.context) for t in found] == [
        (t.msgid, t.plural, t.context) for t in expected
    ]


@pytest.mark.parametrize(("source", "expected"), SOURCES)
def test_what_is_found_is_what_django_looks_up(source, expected, monkeypatch):
    """A message that differs by one space from the one looked up would never be translated."""
    asked = set()

    class Spy(trans_real.DjangoTranslation):
        def __init__(self):
            self.plural = lambda n: int(n != 1)

        def gettext(self, message):
            asked.add(message.split("\x04")[-1])
            return message.split("\x04")[-1]

        def ngettext(self, one, many, number):
            asked.update((one, many))
            return one

    monkeypatch.setattr(trans_real, "translation", lambda language: Spy())
    monkeypatch.setattr(trans_real._active, "value", Spy(), raising=False)
    template = "{% load i18n %}" + source
    Template(template).render(Context({"name": "x", "x": "Yes"}))
    wanted = {text.msgid for text in expected} | {text.plural for text in expected if text.plural}
    assert wanted <= asked


def test_comments_hold_no_texts():
    source = '{# {% translate "No" %} #}{% comment %}{% translate "No" %}{{ _("No") }}{% endcomment %}'
    assert list(texts_of(source, "page.html")) == []


@pytest.mark.parametrize(
    "source",
    [
        "{% blocktranslate %}never ends",
        "{% blocktranslate %}{% if x %}a{% endif %}{% endblocktranslate %}",
    ],
)
def test_a_block_that_django_would_refuse_is_refused_with_its_line(source):
    with pytest.raises(UnreadableError, match=r"page\.html:1"):
        list(texts_of(source, "page.html"))

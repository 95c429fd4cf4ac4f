"""The catalogue of Russian is complete, and the administration has a Russian name for every field it shows."""

import re

import pytest
from django.contrib import admin
from django.utils import translation

from activities.models import Activity
from bpm_portal.texts import find_texts, languages, problems
from processes.models import ProcessInstance, ProcessStep

LATIN = re.compile(r"[A-Za-z]{3,}")
OURS = {"accounts", "activities", "notifications", "processes", "records"}


def test_every_text_is_translated_with_its_placeholders():
    assert problems(find_texts(), languages()["ru"]) == []


def shown_fields():
    for model in admin.site._registry:
        if model._meta.app_label in OURS:
            for field in model._meta.fields:
                if not field.auto_created and not field.primary_key:
                    yield pytest.param(field, id=f"{model.__name__}.{field.name}")


@pytest.mark.parametrize("field", list(shown_fields()))
def test_a_field_of_the_administration_has_a_russian_name(field):
    with translation.override("ru"):
        assert not LATIN.search(str(field.verbose_name))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "Вас ждёт 1 задача."),
        (3, "Вас ждут 3 задачи."),
        (5, "Вас ждёт 5 задач."),
        (21, "Вас ждёт 21 задача."),
    ],
)
def test_numbers_take_the_right_form(number, words):
    one, many = "%(counter)s task is waiting for you.", "%(counter)s tasks are waiting for you."
    with translation.override("ru"):
        assert translation.ngettext(one, many, number) % {"counter": number} == words


def test_the_same_english_word_agrees_with_what_it_is_said_of():
    with translation.override("ru"):
        assert str(Activity.Status.COMPLETED.label) == "Завершена"
        assert str(ProcessInstance.Status.COMPLETED.label) == "Завершён"
        assert str(ProcessStep.Status.COMPLETED.label) == "Выполнен"

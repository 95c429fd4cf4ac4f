"""What every kind of step promises; inherit the mixin to test a kind of your own."""

from typing import Any, ClassVar

import pytest
from django import forms
from django.template.loader import get_template

from activities.models import Activity
from bpm_portal.common.errors import Invalid
from processes import kinds
from processes.engine.feel import decode, encode
from tests.factories import NOW


class StepKindContract:
    """Set `code`, the `settings` of an element of that kind, a `good` answer and some `bad` ones."""

    code: ClassVar[str]
    settings: ClassVar[dict[str, Any]]
    good: ClassVar[dict[str, Any]]
    result: ClassVar[Any]
    bad: ClassVar[list[dict[str, Any]]]
    #: Who answers; a kind whose form looks things up for a person needs one.
    by: Any = None

    @property
    def kind(self) -> kinds.StepKind:
        """The registered kind."""
        return kinds.get(self.code)

    def answer(self, given: dict[str, Any]) -> kinds.Answer:
        """Check an answer as the services do."""
        return self.kind.answer(
            self.settings, **{"result": None, "variables": {}, "details": "", "by": self.by, **given}
        )

    def test_it_is_registered_once_under_its_code(self):
        assert kinds.all_kinds()[self.code] is self.kind
        with pytest.raises(ValueError, match=self.code):
            kinds.register(type(self.kind))

    def test_it_has_words_and_an_icon_for_people(self):
        assert str(self.kind.label)
        assert self.kind.icon

    def test_its_templates_exist(self):
        names = [self.kind.template, self.kind.inline(self.settings)]
        names += [self.kind.buttons_template] if self.kind.template else []
        for name in filter(None, names):
            assert get_template(name)

    def test_its_page_has_a_form_that_keeps_a_draft(self):
        form = self.kind.form(self.settings, initial={"details": "typed"}, by=self.by)
        assert isinstance(form, forms.Form)
        assert form.initial.get("details") == "typed"

    @pytest.mark.django_db
    def test_a_good_answer_gives_its_result_and_can_be_stored(self):
        answer = self.answer(self.good)
        assert answer.result == self.result
        for value in (answer.result, dict(answer.variables)):
            assert decode(encode(value)) == value

    @pytest.mark.django_db
    def test_bad_answers_are_refused_in_sentences(self):
        assert self.bad
        for given in self.bad:
            with pytest.raises(Invalid) as problem:
                self.answer(given)
            assert problem.value.message

    def test_it_makes_a_valid_activity_or_hangs_on_a_record(self):
        values = self.kind.activity_values(kinds.Opening("Name", self.settings, NOW))
        assert values["title"]
        assert values["category"] in Activity.Category.values
        assert values["due_at"] is None or values["due_at"] >= values["starts_at"]
        assert isinstance(self.kind.waits_on_activity(self.settings), bool)

    def test_the_api_can_describe_the_answer(self):
        schema = self.kind.schema(self.settings)
        assert schema["type"] == "object"
        assert "result" in schema["properties"]

"""The kinds that come with the portal keep the promises of a step kind."""

from datetime import date
from decimal import Decimal

from tests.contracts.step_kind import StepKindContract


class TestPerformTask(StepKindContract):
    """An activity with allowed results."""

    code = "perform-task"
    settings = {
        "result": [{"code": "ok", "label": "OK", "outcome": "success"}, {"code": "bad", "label": "Bad"}]
    }
    good = {"result": "ok", "details": "fine"}
    result = "ok"
    bad = [{}, {"result": ""}, {"result": "other"}, {"result": ["ok"]}]


class TestUserQuestion(StepKindContract):
    """One option of several."""

    code = "user-question"
    settings = {"option": [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No", "default": "true"}]}
    good = {"result": "yes"}
    result = "yes"
    bad = [{}, {"result": "maybe"}, {"result": ["yes", "no"]}, {"result": [["yes"]]}]


class TestUserQuestionWithSeveralAnswers(StepKindContract):
    """Several options, none required."""

    code = "user-question"
    settings = {"answer": "several", "required": "false", "option": [{"code": "a"}, {"code": "b"}]}
    good = {"result": ["b", "a"]}
    result = ["b", "a"]
    bad = [{"result": ["a", "c"]}, {"result": "c"}]


class TestForm(StepKindContract):
    """Fields and buttons."""

    code = "form"
    settings = {
        "field": [
            {"code": "day", "label": "Day", "type": "date", "required": "true"},
            {"code": "fee", "label": "Fee", "type": "number"},
            {"code": "size", "type": "choice", "choices": "s=Small; l=Large"},
        ],
        "button": [{"code": "go", "label": "Go"}, {"code": "stop", "label": "Stop", "validates": "false"}],
    }
    good = {"result": "go", "variables": {"day": "2026-03-02", "fee": "0.10", "size": "s"}}
    result = "go"
    bad = [
        {"result": "go"},
        {"result": "other", "variables": {"day": "2026-03-02"}},
        {"result": "go", "variables": {"day": "soon"}},
        {"result": "go", "variables": {"day": "2026-03-02", "size": "xl"}},
        {"result": "go", "variables": {"day": "2026-03-02", "price": 1}},
    ]

    def test_fields_become_exact_values(self):
        assert self.answer(self.good).variables == {
            "day": date(2026, 3, 2),
            "fee": Decimal("0.10"),
            "size": "s",
        }

    def test_a_button_that_does_not_validate_takes_an_empty_form(self):
        answer = self.answer({"result": "stop"})
        assert answer.result == "stop"

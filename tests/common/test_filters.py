"""What programs narrow lists by: a value that cannot be read is told by its name."""

import pytest
from django.test import Client

from tests import factories
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
IDS = ("steps/?record", "steps/?instance", "instances/?record", "activities/?record")
YES_NO = ("steps/?mine", "activities/?mine", "processes/?enabled")


@pytest.fixture
def ask(db):
    """What a superuser gets for `steps/?mine` and a value."""
    client = Client()
    client.force_login(UserFactory(is_superuser=True))
    return lambda question, value: client.get(f"/api/v1/{question}={value}")


@pytest.mark.parametrize("question", IDS)
@pytest.mark.parametrize("value", ["abc", "1.5", "NaN", "1e3", "-1e999", "9" * 5000])
def test_an_id_that_is_no_whole_number_is_refused(ask, question, value):
    """A whole number with an exponent of millions, once written out, held up the web server for ever."""
    answer = ask(question, value)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["detail"]) == [question.partition("?")[2]]


@pytest.mark.parametrize("question", IDS)
@pytest.mark.parametrize("value", ["0", "-1", str(2**63), "9" * 30])
def test_an_id_that_no_row_has_finds_nothing(ask, question, value):
    factories.HumanStepFactory()
    factories.ActivityFactory()
    answer = ask(question, value)
    assert (answer.status_code, answer.json()["results"]) == (200, [])


@pytest.mark.parametrize("question", YES_NO)
@pytest.mark.parametrize("value", ["maybe", "2", "null", "%D0%B4%D0%B0"])
def test_what_is_neither_yes_nor_no_is_refused(ask, question, value):
    answer = ask(question, value)
    assert (answer.status_code, list(answer.json()["detail"])) == (400, [question.partition("?")[2]])


@pytest.mark.parametrize("value", ["true", "True", "1", "yes"])
def test_every_way_to_say_yes_narrows_the_list(ask, value):
    """Ways that nobody understood showed everything, as if nothing had been asked."""
    factories.HumanStepFactory(assignee=UserFactory())
    assert ask("steps/?mine", "no").json()["results"] != []
    assert ask("steps/?mine", "").json()["results"] != []
    assert ask("steps/?mine", value).json()["results"] == []

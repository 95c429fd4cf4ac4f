"""What is typed on the page of a step is kept for who typed it, whoever else is at it."""

import pytest

from processes.services import handing

pytestmark = pytest.mark.django_db

QUESTION = 'portal:kind="user-question" portal:role="Sales managers"'
OPTION = '<portal:option code="yes" label="Yes"/>'


def typed(page) -> str:
    return page.context["form"]["details"].value()


@pytest.fixture
def asked(ask):
    """A question to a role, nobody has taken it."""
    return ask(QUESTION, OPTION)


def test_the_drafts_of_two_colleagues_do_not_overwrite_each_other(asked, visit, bob, carol):
    address = f"/steps/{asked.step.pk}/"
    for person, words in ((bob, "Bob's first"), (carol, "Carol's"), (bob, "Bob's")):
        assert visit(person).post(f"{address}draft/", {"details": words}).status_code == 204
    for person, words in ((bob, "Bob's"), (carol, "Carol's")):
        page = visit(person).get(address)
        assert (typed(page), page.context["typist"]) == (words, None)


def test_what_a_colleague_has_typed_is_shown_as_his(asked, visit, bob, carol):
    address = f"/steps/{asked.step.pk}/"
    visit(carol).post(f"{address}draft/", {"details": "Half a thought"})
    page = visit(bob).get(address)
    assert (typed(page), page.context["typist"]) == ("Half a thought", carol)
    assert "Carol has typed this and not sent it yet." in page.content.decode()


def test_who_sends_what_a_colleague_has_taken_meanwhile_keeps_what_was_typed(asked, visit, bob, carol, now):
    handing.take_step(step_id=asked.step.pk, by=bob, now=now)
    page = visit(carol).post(f"/steps/{asked.step.pk}/", {"result": "yes", "details": "A long reason"})
    assert (page.status_code, typed(page)) == (409, "A long reason")
    assert "Bob has taken this task." in page.content.decode()
    assert asked.again().is_pending


def test_an_open_page_hears_why_its_step_can_no_longer_be_answered(asked, visit, bob, carol, now):
    address = f"/steps/{asked.step.pk}/state/"
    assert visit(carol).get(address).json()["message"] == ""
    handing.take_step(step_id=asked.step.pk, by=bob, now=now)
    assert "Bob has taken this task." in visit(carol).get(address).json()["message"]
    assert visit(bob).get(address).json()["message"] == ""


def test_browsers_do_not_keep_the_page_for_who_goes_back_after_answering(asked, visit, bob):
    client = visit(bob)
    for address in (f"/steps/{asked.step.pk}/", f"/activities/{asked.step.activity_id}/"):
        assert "no-store" in client.get(address)["Cache-Control"]

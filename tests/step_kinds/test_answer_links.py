"""Answering from an e-mail: on a page that asks, once, by the right person, while the step waits."""

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from bpm_portal.common.errors import NotFound
from notifications.answer_links import LIVES, LinkUsed, answer_by_link, find_link, offer_link
from notifications.links import answer_url
from notifications.models import AnswerLink
from processes.errors import StepAlreadyClosed
from processes.services import steps
from processes.services.handing import reassign_step
from tests.processes.test_races import together

pytestmark = pytest.mark.django_db
APPROVAL = 'portal:kind="approval" portal:role="Sales managers"'
QUESTION = 'portal:kind="user-question" portal:role="Sales managers"'
OPTIONS = '<portal:option code="a" label="Paper"/><portal:option code="b" label="Screen" default="true"/>'


def page_of(link: AnswerLink, **query: str) -> str:
    address = answer_url(link.key, **query)
    return address[address.index("/links/") :]


@pytest.fixture
def asked(ask, contract, bob):
    """An approval, and bob's link to it."""
    found = ask(APPROVAL, record=contract)
    found.link = offer_link(step=found.step, user=bob, now=timezone.now())
    return found


def test_a_button_opens_a_page_that_asks_and_the_page_answers(asked, visit, bob) -> None:
    client, address = visit(bob), page_of(asked.link, result="approved")
    page = client.get(address).content.decode()
    assert "You are about to answer: “Approve”." in page
    assert 'value="approved"' in page
    assert 'value="rejected"' not in page
    assert "Contract 7" in page
    assert asked.again().is_pending, "to look changes nothing"
    done = client.post(page_of(asked.link), {"result": "approved", "details": "Fine"}, follow=True)
    step = asked.again()
    assert (step.status, step.result, step.details, step.closed_by) == ("completed", "approved", "Fine", bob)
    page = done.content.decode()
    assert "You have already answered by this link; it works once." in page
    assert "Result: Approved" in page


def test_a_question_begins_with_the_answer_of_the_button_that_was_clicked(ask, visit, bob) -> None:
    asked = ask(QUESTION, OPTIONS)
    link = offer_link(step=asked.step, user=bob, now=timezone.now())
    client = visit(bob)
    for query, chosen in (({"result": "a"}, "a"), ({}, "b"), ({"result": "zzz"}, "b")):
        form = client.get(page_of(link, **query)).context["form"]
        assert form["result"].value() == chosen
    refused = client.post(page_of(link), {"result": "zzz", "details": "kept"})
    assert (refused.status_code, "kept" in refused.content.decode()) == (400, True)
    link.refresh_from_db()
    assert (link.used_at, asked.again().is_pending) == (None, True), (
        "an answer that does not fit uses nothing up"
    )
    assert client.post(page_of(link), {"result": "a"}).status_code == 302
    assert asked.again().result == "a"


def test_a_comment_that_is_needed_is_asked_for(asked, visit, bob) -> None:
    refused = visit(bob).post(page_of(asked.link), {"result": "rejected"})
    assert refused.status_code == 400
    assert "Say why, in a sentence." in refused.content.decode()


@pytest.mark.parametrize("attributes", ['portal:kind="form"', 'portal:kind="perform-task"'])
def test_what_needs_the_portal_has_no_link(ask, bob, attributes) -> None:
    asked = ask(attributes + ' portal:role="Sales managers"', '<portal:button code="ok" label="Fine"/>')
    assert offer_link(step=asked.step, user=bob, now=timezone.now()) is None
    asked = ask(QUESTION + ' portal:answer="several"', OPTIONS)
    assert offer_link(step=asked.step, user=bob, now=timezone.now()) is None


def test_a_link_serves_the_person_to_whom_it_was_sent(asked, visit, bob, carol, mallory, admin) -> None:
    for person in (carol, mallory, admin):
        client = visit(person)
        assert client.get(page_of(asked.link)).status_code == 404
        assert client.post(page_of(asked.link), {"result": "approved"}).status_code == 404
    stranger = Client().get(page_of(asked.link))
    assert stranger["Location"].startswith("/sign-in/?next=/links/answer/")
    forged = page_of(asked.link).replace(asked.link.key, "x" * 24)
    assert visit(bob).get(forged).status_code == 404
    assert asked.again().is_pending


def test_a_link_that_comes_too_late_says_why(asked, visit, bob, carol, admin) -> None:
    """Expired, closed by somebody else, given to somebody else: nothing is done, and what was typed is kept."""
    client, answer = visit(bob), {"result": "approved", "details": "my thoughts"}
    AnswerLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = client.get(page_of(asked.link))
    assert "too old to answer" in page.content.decode()
    assert f'href="/steps/{asked.step.pk}/"' in page.content.decode()
    assert client.post(page_of(asked.link), answer).status_code == 409

    offer_link(step=asked.step, user=bob, now=timezone.now())  # a reminder makes it good again
    assert "too old" not in client.get(page_of(asked.link)).content.decode()
    reassign_step(step_id=asked.step.pk, assignee=carol, by=admin, now=timezone.now())
    assert "waits for somebody else now" in client.get(page_of(asked.link)).content.decode()
    late = client.post(page_of(asked.link), answer)
    assert (late.status_code, "my thoughts" in late.content.decode()) == (403, True)

    steps.complete_step(step_id=asked.step.pk, by=carol, now=timezone.now(), result="approved")
    for response in (client.get(page_of(asked.link)), client.post(page_of(asked.link), answer)):
        assert "Carol" in response.content.decode()
    assert AnswerLink.objects.get().used_at is None


def test_a_used_link_is_offered_no_more(asked, bob) -> None:
    assert offer_link(step=asked.step, user=bob, now=timezone.now()).key == asked.link.key
    now = timezone.now()
    answer_by_link(link=asked.link, data={"result": "approved"}, by=bob, now=now)
    assert offer_link(step=asked.step, user=bob, now=now) is None
    with pytest.raises(NotFound):
        find_link(token="nonsense", by=bob)
    assert asked.link.expires_at > now + LIVES / 2


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_the_same_moment_one_answers(asked, bob) -> None:
    """Both have read an unused link; the second waits for the row of the first one and finds it used."""
    now = timezone.now()
    clicks = [
        partial(
            answer_by_link, link=asked.link, data={"result": "approved", "details": text}, by=bob, now=now
        )
        for text in ("first", "second")
    ]
    outcomes = together(*clicks)
    assert sorted(type(o).__name__ for o in outcomes) == ["Completion", "LinkUsed"]
    assert asked.again().details in ("first", "second")


@pytest.mark.django_db(transaction=True)
def test_a_click_in_the_e_mail_and_one_on_the_page_at_the_same_moment_leave_one_answer(asked, bob) -> None:
    """The link locks its row and then the instance, the page the instance alone: no deadlock, the loser is told."""
    now = timezone.now()
    outcomes = together(
        partial(answer_by_link, link=asked.link, data={"result": "approved"}, by=bob, now=now),
        partial(steps.complete_step, step_id=asked.step.pk, by=bob, now=now, result="approved"),
    )
    lost = [o for o in outcomes if isinstance(o, Exception)]
    assert [type(o) for o in lost] in ([StepAlreadyClosed], [LinkUsed])
    link = AnswerLink.objects.get()
    assert (link.used_at is None) == (lost == [outcomes[0]]), "a link that lost is not used up"

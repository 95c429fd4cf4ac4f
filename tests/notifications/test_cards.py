"""A card that stands for several steps: it opens to each of them, and says how many it takes."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.views import cards
from processes.models import ProcessStep
from processes.services import handing
from processes.services.definitions import deploy_file
from processes.services.instances import start_process

LINES = Path(__file__).parent.parent / "diagrams" / "lines.bpmn"
pytestmark = pytest.mark.django_db


@pytest.fixture
def order(role, bob):
    """Starts an order with that many lines, each a step of bob's and carol's role; returns the facts of its card."""
    (version,) = deploy_file(source=LINES.read_bytes(), by=None, now=timezone.now())

    def start(lines: int) -> dict[str, object]:
        names = [f"#{n}." for n in range(lines)]
        instance = start_process(
            process=version.process, by=bob, now=timezone.now(), variables={"order": "A", "lines": names}
        )
        return {"instance": instance.pk, "element": "line", "role": role.pk}

    return start


@pytest.fixture
def browser(client):
    """`browser(bob)`: as htmx asks for him."""

    def sign_in(user):
        client.force_login(user)
        client.defaults["HTTP_HX_REQUEST"] = "true"
        return client

    return sign_in


def opened(client, card, **query) -> str:
    return client.get(reverse("notifications:steps"), {**card, **query}).content.decode()


def test_the_card_of_many_opens_to_a_card_for_each_in_portions(browser, bob, order):
    card = order(cards.STEPS + 2)
    bobs = browser(bob)
    whole = bobs.get(reverse("notifications:work")).content.decode()
    assert whole.count('class="work-card"') == 1
    assert f"{cards.STEPS + 2} pending" in whole
    html = opened(bobs, card)
    assert html.count('class="work-card"') == cards.STEPS
    assert "Check line #0." in html
    assert f"limit={cards.STEPS * 2}" in html
    assert opened(bobs, card, limit=cards.STEPS * 2).count('class="work-card"') == cards.STEPS + 2
    assert opened(bobs, card, later="1").count('class="work-card"') == 0
    assert opened(bobs, {**card, "instance": "x", "element": "\0"}).count('class="work-card"') == 0


def test_taking_all_is_a_choice_of_its_own_and_says_what_it_took(browser, bob, carol, order):
    card = order(3)
    bobs = browser(bob)
    html = bobs.get(reverse("notifications:work")).content.decode()
    assert "Take the next one" in html
    assert "Take all 3" in html
    first = ProcessStep.objects.pending().human().order_by("id")[0]
    handing.take_step(step_id=first.pk, by=carol, now=timezone.now())
    answer = bobs.post(reverse("notifications:take"), card)
    assert answer.status_code == 204
    assert "2 tasks are yours." in answer["HX-Trigger"]
    owners = ProcessStep.objects.pending().human().order_by("id").values_list("assignee", flat=True)
    assert list(owners) == [carol.pk, bob.pk, bob.pk]
    assert bobs.post(reverse("notifications:take"), card).status_code == 404


def test_who_was_slower_is_told_how_many_are_left(browser, bob, carol, order, monkeypatch):
    """A colleague takes the first one after the steps were read and before they are taken."""
    card = order(2)
    take = handing.take_steps

    def slower(*, step_ids, by, now):
        handing.take_step(step_id=step_ids[0], by=carol, now=now)
        return take(step_ids=step_ids, by=by, now=now)

    monkeypatch.setattr(handing, "take_steps", slower)
    answer = browser(bob).post(reverse("notifications:take"), card)
    assert "1 of 2 tasks are yours" in answer["HX-Trigger"]


def test_at_one_click_no_more_are_taken_than_the_button_says(browser, bob, order, monkeypatch):
    monkeypatch.setattr(cards, "TAKEN", 2)
    card = order(3)
    browser(bob).post(reverse("notifications:take"), card)
    assert ProcessStep.objects.pending().filter(assignee=bob).count() == 2


def test_nobody_opens_or_takes_the_card_of_others(browser, mallory, order):
    card = order(2)
    hers = browser(mallory)
    assert "Check line" not in opened(hers, card)
    assert "Check line" not in opened(hers, {**card, "role": "", "assignee": mallory.pk})
    assert hers.post(reverse("notifications:take"), card).status_code == 404
    assert not ProcessStep.objects.pending().filter(assignee=mallory).exists()

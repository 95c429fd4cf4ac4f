"""The page *Notifications*: what is chosen there is how one is told."""

from datetime import time

import pytest
from django.test import Client
from django.urls import reverse

from notifications.choosing import stop_mail, times_of
from notifications.models import Letter, Mail
from notifications.sorts import SORTS, Ways, ways_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ADDRESS = "/preferences/notifications/"


@pytest.fixture
def page(bob) -> Client:
    client = Client()
    client.force_login(bob)
    return client


def chosen(**changes) -> dict:
    usual = {f"{code}-mail": sort.usual.mail for code, sort in SORTS.items()}
    return {**usual, "digest_hour": "8", **changes}


def test_the_page_begins_with_what_suits_most(page, bob, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(13):
        text = page.get(ADDRESS).content.decode()
    boxes = sum(sort.usual.bell + sort.usual.browser for sort in SORTS.values())
    assert text.count("checked") == boxes + 5 + 7 + 1  # days of the daily e-mail, quiet days, the theme
    assert "has no e-mail address" in text


def test_what_was_chosen_is_kept_and_shown_again(page, bob, carol) -> None:
    data = chosen(**{"talk-bell": "on", "talk-mail": "never"}, digest_hour="17", digest_days=["0", "6"])
    data |= {"quiet_from": "22:00", "quiet_until": "06:30", "quiet_days": ["4"]}
    assert page.post(ADDRESS, data)["Location"] == ADDRESS
    assert ways_of([bob.pk])[bob.pk]["talk"] == Ways(True, False, Mail.NEVER)
    times = times_of(bob)
    assert (times.digest_hour, times.digest_days, times.quiet_days) == (17, [0, 6], [4])
    assert (times.quiet_from, times.quiet_until) == (time(22), time(6, 30))
    assert 'value="06:30"' in page.get(ADDRESS).content.decode()
    assert ways_of([carol.pk])[carol.pk]["talk"] == SORTS["talk"].usual
    page.post(ADDRESS, chosen())
    assert times_of(bob).quiet_from is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"quiet_from": "22:00"}, "Give both times, or neither."),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "another time than they begin"),
        ({"talk-mail": "hourly"}, "is-invalid"),
        ({"digest_hour": "24"}, "is-invalid"),
        ({"digest_days": ["7"]}, "7 is not one of the available choices"),
    ],
)
def test_what_does_not_fit_is_said_beside_it_and_nothing_is_kept(page, bob, wrong, said) -> None:
    response = page.post(ADDRESS, chosen(**{"step-mail": "at_once"}) | wrong)
    assert response.status_code == 400
    assert said in response.content.decode()
    assert ways_of([bob.pk])[bob.pk]["step"] == SORTS["step"].usual


def test_a_letter_that_could_not_be_sent_is_told(page, bob) -> None:
    bob.email = "bob@nowhere.example"
    bob.save()
    Letter.objects.create(
        user=bob, day=NOW.date(), since=NOW, made_at=NOW, send_at=NOW, status="failed", settled_at=NOW
    )
    assert "bob@nowhere.example could not be sent" in page.get(reverse("mail:preferences")).content.decode()


def test_e_mail_can_be_stopped_for_one_sort_and_for_all(bob) -> None:
    stop_mail(sort="talk", by=bob)
    ways = ways_of([bob.pk])[bob.pk]
    assert ways["talk"] == Ways(True, True, Mail.NEVER)
    assert ways["approval"] == SORTS["approval"].usual
    stop_mail(sort="", by=bob)
    assert {w.mail for w in ways_of([bob.pk])[bob.pk].values()} == {Mail.NEVER}

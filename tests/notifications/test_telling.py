"""Each sort of news comes by the ways that its reader has chosen."""

from datetime import time, timedelta

import pytest

from notifications.models import DeliveryTimes, Letter, Mail, NewsChoice, Notification
from notifications.sorts import SORTS
from notifications.telling import tell
from tests.factories import NOW, HumanStepFactory

pytestmark = pytest.mark.django_db


def news(user, kind="reminder", step=None) -> Notification:
    return Notification(user=user, kind=kind, step=step, data={"name": "Check paper"}, created_at=NOW)


def choose(user, sort: str, *, bell=False, browser=False, mail=Mail.NEVER) -> None:
    NewsChoice.objects.create(user=user, sort=sort, bell=bell, browser=browser, mail=mail)


@pytest.fixture
def bob(bob):
    bob.email = "bob@example.com"
    bob.save()
    return bob


def test_who_has_chosen_nothing_is_told_by_the_usual_ways(bob) -> None:
    (told,) = tell([news(bob)], now=NOW)
    assert (told.sort, told.is_hidden, told.pop_at) == ("reminder", False, NOW)
    letter = Letter.objects.get()
    assert (letter.user, letter.notification, letter.send_at) == (bob, told, NOW)


def test_a_step_that_asks_for_approval_is_news_of_another_sort_than_a_task(bob) -> None:
    approval = HumanStepFactory(assignee=bob, kind="approval")
    task, gone = (HumanStepFactory(assignee=bob, kind=kind) for kind in ("perform-task", "no-longer-there"))
    told = tell([news(bob, "step-assigned", step) for step in (approval, task, gone)], now=NOW)
    assert [entry.sort for entry in told] == ["approval", "step", "step"]
    assert [letter.notification.step for letter in Letter.objects.all()] == [approval]


@pytest.mark.parametrize("way", ["bell", "browser", "mail"])
def test_each_way_is_chosen_by_itself(bob, way) -> None:
    choose(bob, "reminder", **{way: Mail.AT_ONCE if way == "mail" else True})
    tell([news(bob)], now=NOW)
    entry = Notification.objects.get()
    came = {
        "bell": Notification.objects.visible_to(bob).exists(),
        "browser": entry.pop_at is not None,
        "mail": Letter.objects.exists(),
    }
    assert came == {name: name == way for name in came}


def test_what_is_wanted_by_no_way_is_not_written(bob, carol) -> None:
    for sort in SORTS:
        choose(bob, sort)
    told = tell([news(bob), news(carol)], now=NOW)
    assert [entry.user for entry in told] == [carol]
    assert not Letter.objects.exists(), "carol has no address"


def test_quiet_hours_put_off_e_mail_and_browser_but_not_the_bell(bob) -> None:
    DeliveryTimes.objects.create(user=bob, quiet_from=time(8), quiet_until=time(12))
    bob.time_zone = "Europe/Berlin"
    bob.save()
    (told,) = tell([news(bob)], now=NOW)
    later = NOW + timedelta(hours=2)  # ten in Berlin
    assert (told.pop_at, Letter.objects.get().send_at, told.is_hidden) == (later, later, False)


def test_telling_many_costs_no_more_statements_than_telling_one(
    bob, carol, django_assert_num_queries
) -> None:
    steps = [HumanStepFactory(assignee=bob, kind="approval") for _n in range(5)]
    with django_assert_num_queries(5):
        tell([news(user, "step-assigned", step) for step in steps for user in (bob, carol)], now=NOW)

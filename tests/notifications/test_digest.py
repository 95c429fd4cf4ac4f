"""The daily e-mail: at the hour of its reader, once a day, with what is overdue, due today and new."""

from datetime import timedelta

import pytest
from django.core import mail

from notifications.choosing import choose_times, choose_ways
from notifications.digest import make_digests
from notifications.letters import send_next_letter
from notifications.models import DeliveryTimes, Letter, Mail, Notification
from notifications.sorts import SORTS, Ways
from tests.factories import NOW, ActivityFactory, HumanStepFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EIGHT = NOW - HOUR  # on a Monday


@pytest.fixture
def bob(bob):
    bob.email = "bob@example.com"
    bob.save()
    return bob


def choose(user, **times) -> None:
    usual = DeliveryTimes()
    names = ("digest_hour", "digest_days", "quiet_from", "quiet_until", "quiet_days")
    choose_times(**{name: getattr(usual, name) for name in names} | times, by=user)


@pytest.mark.parametrize(
    ("moment", "zone", "times", "comes"),
    [
        (EIGHT, "UTC", {}, True),
        (EIGHT - timedelta(minutes=1), "UTC", {}, False),
        (EIGHT + 3 * HOUR, "UTC", {}, True),
        (EIGHT + 4 * HOUR, "UTC", {}, False),  # the worker stood still: not at night
        (EIGHT - HOUR, "Europe/Berlin", {}, True),
        (EIGHT - 2 * HOUR, "Europe/Berlin", {}, False),
        (EIGHT - DAY, "UTC", {}, False),  # a Sunday
        (EIGHT - DAY, "UTC", {"digest_days": [6]}, True),
        (EIGHT + 9 * HOUR, "UTC", {"digest_hour": 17}, True),
        (EIGHT, "UTC", {"digest_hour": 17}, False),
    ],
)
def test_it_comes_at_the_hour_and_on_the_days_of_its_reader(bob, moment, zone, times, comes) -> None:
    bob.time_zone = zone
    bob.save()
    if times:
        choose(bob, **times)
    assert make_digests(now=moment) == comes


def test_it_comes_once_a_day_whoever_looks(bob) -> None:
    assert [make_digests(now=EIGHT + timedelta(minutes=n)) for n in (0, 2, 4)] == [1, 0, 0]
    assert make_digests(now=EIGHT + DAY) == 1
    first, second = Letter.objects.order_by("day")
    assert (first.since, second.since) == (EIGHT - DAY, first.made_at)


def test_it_does_not_come_to_who_wants_nothing_daily_or_cannot_get_it(bob, carol, mallory) -> None:
    choose_ways(ways={code: Ways(True, True, Mail.AT_ONCE) for code in SORTS}, by=bob)
    mallory.email, mallory.is_active = "mallory@example.com", False
    mallory.save()
    assert make_digests(now=EIGHT) == 0
    choose_ways(ways={"talk": Ways(False, False, Mail.DAILY)}, by=bob)
    assert make_digests(now=EIGHT) == 1


def test_it_tells_what_is_overdue_due_today_and_new_and_how_much_more_there_is(bob, carol, role) -> None:
    def step(name, start, due=None, **performer):
        return HumanStepFactory(name=name, starts_at=NOW + start, due_at=due and NOW + due, **performer)

    mine = {"assignee": bob}
    step("Late", -3 * DAY, -HOUR, **mine)
    today = step("Today", -3 * DAY, 5 * HOUR, **mine)
    step("Fresh", -2 * HOUR, role=role)
    step("Long known", -3 * DAY, **mine)
    step("Tomorrow", DAY, **mine)
    step("Of another", -2 * HOUR, assignee=carol)
    make_digests(now=NOW)
    send_next_letter(now=NOW)
    (message,) = mail.outbox
    assert message.subject == "Your day: 1 overdue, 1 due today, 1 new"
    for text in (message.body, message.alternatives[0][0]):
        late, due, fresh = (text.index(name) for name in ("Late", "Today", "Fresh"))
        assert late < due < fresh
        assert "1 more task waits there" in text
        assert f"/steps/{today.pk}/" in text
        assert not {name for name in ("Long known", "Tomorrow", "Of another") if name in text}


def test_news_of_a_daily_sort_stand_in_it_until_read(bob) -> None:
    choose_ways(ways={"talk": Ways(False, False, Mail.DAILY)}, by=bob)
    ActivityFactory(owner=bob)
    common = {"user": bob, "kind": "activity-commented", "created_at": NOW - HOUR}
    for text, sort, read in (("hear", "talk", None), ("seen", "talk", NOW), ("loud", "reminder", None)):
        data = {"by": "Carol", "name": "Call", "text": text}
        Notification.objects.create(**common, data=data, sort=sort, read_at=read, is_hidden=True)
    make_digests(now=NOW)
    send_next_letter(now=NOW)
    text = mail.outbox[0].body
    assert "Carol about “Call”: hear" in text
    assert "seen" not in text
    assert "loud" not in text


def test_a_day_with_nothing_to_say_brings_no_e_mail(bob) -> None:
    HumanStepFactory(assignee=bob, starts_at=NOW + 2 * DAY)
    make_digests(now=NOW)
    assert send_next_letter(now=NOW)
    assert (Letter.objects.get().status, mail.outbox) == ("dropped", [])

"""The calendar behind a secret address: what stands in it, who gets it, and when nothing has changed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from activities.models import Activity, Participant
from notifications.calendar_feed import calendar_of, make_feed, revoke_feed
from notifications.models import CalendarFeed
from tests.factories import NOW, ActivityFactory, HumanStepFactory, RecordFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def portal(settings) -> None:
    settings.PORTAL_URL = "https://portal.example"


@pytest.fixture
def address(bob) -> str:
    return make_feed(by=bob, now=NOW).removeprefix("https://portal.example")


def events(user, now=NOW) -> dict[str, dict]:
    calendar = Calendar.from_ical(calendar_of(user, now=now))
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def test_what_is_mine_to_do_or_attend_is_an_event_that_other_calendars_read(bob, carol, role) -> None:
    call = ActivityFactory(
        title="Call; back, now\\later", owner=bob, due_at=NOW + HOUR, category="call", details="Ü" * 90 + "\nsecond",
        process_caption="Approval of 7",
    )  # fmt: skip
    invited = ActivityFactory(title="Meeting", owner=carol)
    Participant.objects.create(activity=invited, user=bob)
    ActivityFactory(title="Report", owner=bob, due_at=NOW + timedelta(days=3))
    ActivityFactory(title="Lunch", owner=bob, status="completed", closed_at=NOW)
    step = HumanStepFactory(
        assignee=bob,
        name="Approve",
        waits_on="record",
        activity=None,
        record=RecordFactory(),
        due_at=NOW + HOUR,
    )
    found = events(bob)
    assert set(found) == {call.title, "Meeting", "Report", "Done: Lunch", "Due: Approve"}
    event = found[call.title]
    assert event["uid"] == f"activity-{call.pk}@portal.example"
    assert (event.start, event.end, event["dtstamp"].dt) == (NOW, NOW + HOUR, call.created_at)
    assert event["url"] == f"https://portal.example/activities/{call.pk}/"
    assert event["description"].split("\n") == ["Approval of 7", "Ü" * 90, "second", event["url"]]
    assert (event["transp"], found["Report"]["transp"]) == ("OPAQUE", "TRANSPARENT")
    assert found["Meeting"].duration == timedelta(minutes=30)
    assert (found["Due: Approve"].end, found["Due: Approve"]["url"]) == (
        NOW + HOUR,
        f"https://portal.example/steps/{step.pk}/",
    )


def test_the_file_is_one_that_strict_readers_take(bob) -> None:
    ActivityFactory(title="Ж" * 200, owner=bob)
    content = calendar_of(bob, now=NOW)
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    calendar = Calendar.from_ical(content)
    assert (calendar["version"], calendar["method"], calendar["calscale"]) == ("2.0", "PUBLISH", "GREGORIAN")
    assert calendar["x-wr-calname"] == "BPM Portal: Bob"
    assert not calendar.errors
    assert b"DTSTART:20260302T090000Z" in lines


@pytest.mark.parametrize(
    "other",
    [
        {"in_calendar": False},
        {"status": "cancelled", "closed_at": NOW},
        {"starts_at": NOW - timedelta(days=90)},
        {"starts_at": NOW + timedelta(days=500)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_what_does_not_belong_into_a_calendar_is_left_out(bob, other) -> None:
    ActivityFactory(owner=bob, **other)
    assert events(bob) == {}


def test_nobody_finds_what_is_not_his(bob, carol, mallory, role) -> None:
    ActivityFactory(owner=bob)
    ActivityFactory(role=role)
    HumanStepFactory(assignee=bob, waits_on="record", activity=None, record=RecordFactory(), due_at=NOW)
    assert events(mallory) == {}
    assert events(carol) == {}, "what is of a role stands in no calendar of one person before it is taken"


def test_many_entries_cost_no_more_statements(bob, django_assert_num_queries) -> None:
    for _n in range(20):
        ActivityFactory(owner=bob)
    with django_assert_num_queries(2):
        calendar_of(bob, now=NOW)


def test_the_address_serves_without_signing_in_and_says_when_nothing_changed(bob, address) -> None:
    ActivityFactory(title="Call", owner=bob, starts_at=timezone.now())
    client = Client()
    first = client.get(address)
    assert (first.status_code, first["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert b"SUMMARY:Call" in first.content
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    zipped = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert client.get(address, headers={"If-None-Match": zipped["ETag"]}).status_code == 304
    Activity.objects.update(title="Call back")
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, b"SUMMARY:Call back" in changed.content) == (200, True)


def test_an_address_that_was_renewed_or_revoked_serves_no_more(bob, address) -> None:
    client = Client()
    feed = CalendarFeed.objects.get()
    assert feed.key in address
    assert address.split(".")[1] not in f"{feed.digest}", "the secret itself is kept nowhere"
    for wrong in (
        address.replace(feed.key, "0" * 16),
        address.replace(".ics", "x.ics"),
        f"/links/calendar/{feed.key}.ics",
    ):
        assert client.get(wrong).status_code == 404
    renewed = make_feed(by=bob, now=NOW).removeprefix("https://portal.example")
    assert (client.get(address).status_code, client.get(renewed).status_code) == (404, 200)
    bob.is_active = False
    bob.save()
    assert client.get(renewed).status_code == 404
    bob.is_active = True
    bob.save()
    revoke_feed(by=bob)
    assert client.get(renewed).status_code == 404


def test_the_page_shows_the_address_once(bob) -> None:
    client = Client()
    client.force_login(bob)
    page = "/preferences/notifications/"
    assert "Make a secret address" in client.get(page).content.decode()
    shown = client.post(f"{page}calendar/", follow=True).content.decode()
    feed = CalendarFeed.objects.get()
    assert f"https://portal.example/links/calendar/{feed.key}." in shown
    again = client.get(page).content.decode()
    assert "/links/calendar/" not in again
    assert "Make another address" in again
    client.post(f"{page}calendar/revoke/")
    assert not CalendarFeed.objects.exists()

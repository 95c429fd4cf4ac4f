"""`GET /api/v1/feed/` is exactly what the bell shows."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from notifications.api import read_cursor, write_cursor
from processes.feed import Position
from tests.factories import NOW, HumanStepFactory

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def client_of(user) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=user).key}")
    return client


def test_feed_has_the_count_and_the_groups_of_the_bell(bob, role) -> None:
    now = timezone.now()
    overdue = HumanStepFactory(assignee=bob, starts_at=now - 2 * HOUR, due_at=now - HOUR)
    today = HumanStepFactory(role=role, starts_at=now - HOUR)
    later = HumanStepFactory(assignee=bob, starts_at=now + 30 * HOUR)
    client = client_of(bob)
    body = client.get("/api/v1/feed/").json()
    assert body["count"] == 2
    assert {name: [item["step"] for item in items] for name, items in body["groups"].items()} == {
        "overdue": [overdue.pk],
        "today": [today.pk],
        "later": [],
    }
    assert body["next"] is None
    item = body["groups"]["today"][0]
    assert (item["kind"], item["instance"], item["role"], item["assignee"]) == (
        "perform-task",
        today.instance_id,
        role.pk,
        None,
    )
    assert item["url"] == f"/steps/{today.pk}/"
    everything = client.get("/api/v1/feed/?future=true").json()
    assert [item["step"] for item in everything["groups"]["later"]] == [later.pk]
    assert everything["count"] == 2


def test_today_is_the_day_of_the_reader_with_a_token_too(bob) -> None:
    """Behind a token no middleware has set the time zone."""
    zones = (
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
    )  # the first and the last to end the day: 25 hours apart
    now = timezone.now()
    HumanStepFactory(assignee=bob, starts_at=now + 13 * HOUR)
    client, counts = client_of(bob), []
    for zone in zones:
        type(bob).objects.filter(pk=bob.pk).update(time_zone=zone)
        counts.append(client.get("/api/v1/feed/").json()["count"])
        with timezone.override(zone):
            ends = timezone.localtime(now + 13 * HOUR).date() == timezone.localtime(now).date()
        assert counts[-1] == int(ends)


def test_pages_follow_each_other(bob) -> None:
    now = timezone.now()
    steps = [HumanStepFactory(assignee=bob, starts_at=now - n * HOUR) for n in (3, 2, 1)]
    client, found, query = client_of(bob), [], {"limit": "1", "future": "true"}
    while True:
        body = client.get("/api/v1/feed/", query).json()
        assert body["count"] == len([s for s in steps if s.starts_at <= now])
        found += [item["step"] for items in body["groups"].values() for item in items]
        if body["next"] is None:
            break
        query["cursor"] = body["next"]
    assert found == [step.pk for step in steps]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=x",
        "limit=201",
        "future=perhaps",
        "cursor=x",
        "cursor=MjAyNi0wMS0wMSAx",
    ],
)
def test_nonsense_is_refused(bob, query) -> None:
    answer = client_of(bob).get(f"/api/v1/feed/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_stranger_gets_401_and_mallory_an_empty_feed(bob, mallory) -> None:
    HumanStepFactory(assignee=bob)
    answer = APIClient().get("/api/v1/feed/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    body = client_of(mallory).get("/api/v1/feed/?future=true").json()
    assert (body["count"], body["groups"]) == (0, {"overdue": [], "today": [], "later": []})


def test_cursor_survives_the_address(bob) -> None:
    position = Position(NOW, 7, "überprüfen", 2, is_overdue=True)
    cursor = write_cursor(position)
    assert cursor is not None
    assert "=" not in cursor
    assert read_cursor(cursor) == position
    assert write_cursor(None) is None


def test_feed_filters_and_says_how_many_steps_a_card_stands_for(bob, role) -> None:
    start = timezone.now() - HOUR
    lines = HumanStepFactory(role=role, starts_at=start)
    HumanStepFactory(role=role, starts_at=start, instance=lines.instance)
    HumanStepFactory(assignee=bob, starts_at=start)
    body = client_of(bob).get(f"/api/v1/feed/?role={role.pk}").json()
    assert (body["count"], body["matching"]) == (3, 2)
    assert [(item["step"], item["members"]) for item in body["groups"]["today"]] == [(lines.pk, 2)]

"""What the browser tells: what came since it last asked, not in quiet hours, and only what is the reader's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Notification
from notifications.reading import milliseconds
from tests.factories import ProcessInstanceFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def news(user, pop_at, **more) -> Notification:
    data = {"name": "Call", "process": "Contract 7"}
    return Notification.objects.create(
        user=user, kind="reminder", data=data, created_at=timezone.now(), pop_at=pop_at, **more
    )


def ask(user, since=None) -> dict:
    client = Client()
    client.force_login(user)
    return client.get("/panel/pops/", {"since": milliseconds(since)} if since else {}).json()


def test_what_came_since_is_told_with_where_it_leads(bob, carol) -> None:
    now = timezone.now()
    told = news(bob, now - MINUTE)
    told.instance = ProcessInstanceFactory()
    told.save()
    hidden = news(bob, now - MINUTE, is_hidden=True, url="/activities/7/")
    news(bob, now - MINUTE, read_at=now)
    news(bob, None)
    news(bob, now - 20 * MINUTE)
    news(carol, now - MINUTE)
    answer = ask(bob, now - 5 * MINUTE)
    assert [entry["id"] for entry in answer["entries"]] == [told.pk, hidden.pk]
    first, second = answer["entries"]
    assert (first["text"], first["about"], first["url"]) == (
        "Reminder: “Call”.",
        "Contract 7",
        f"/log/{told.instance_id}/",
    )
    assert second["url"] == "/activities/7/"
    assert answer["next"] is None
    assert ask(bob)["entries"] == [], "a browser that asks for the first time begins now"


def test_an_entry_that_was_committed_late_is_still_told(bob) -> None:
    now = timezone.now()
    late = news(bob, now - timedelta(seconds=10))
    assert [entry["id"] for entry in ask(bob, now)["entries"]] == [late.pk]


def test_what_waits_for_the_end_of_quiet_hours_is_named_as_a_moment(bob) -> None:
    end = timezone.now() + 30 * MINUTE
    news(bob, end)
    answer = ask(bob, timezone.now() - MINUTE)
    assert (answer["entries"], answer["next"]) == ([], milliseconds(end))


@pytest.mark.parametrize("since", ["x", "-1", "9" * 15, "9" * 40, "1", ""])
def test_nonsense_and_long_ago_bring_no_flood(bob, since) -> None:
    for _n in range(8):
        news(bob, timezone.now() - MINUTE)
    news(bob, timezone.now() - timedelta(days=2))
    client = Client()
    client.force_login(bob)
    answer = client.get("/panel/pops/", {"since": since})
    assert answer.status_code == 200
    assert len(answer.json()["entries"]) <= 5

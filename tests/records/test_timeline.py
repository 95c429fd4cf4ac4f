"""The History of a record: activities, steps, e-mails and changes as one timeline."""

from datetime import timedelta

import pytest
from django.urls import reverse

from activities.models import ActivityConnection
from processes.models import ProcessStep
from records.services import change_record
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(as_bob, contract):
    """A page of the timeline as bob gets it: its entries as sort and text, and where the next page is."""

    def get(**query):
        response = as_bob.get(reverse("records:history", args=[contract.pk]), query)
        assert response.status_code == 200
        entries = [(entry.sort.code, entry.text) for entry in response.context["entries"]]
        return entries, response.context["next_cursor"], response.content.decode()

    return get


@pytest.fixture
def eventful(contract, open_step, bob, now):
    """From the latest to the first: a change, an e-mail, a step, a further connected call, a task done."""
    change_record(record=contract, values={"amount": 7}, by=bob, now=now + timedelta(hours=5))
    at = {hour: now + timedelta(hours=hour) for hour in range(5)}
    factories.ActivityFactory(title="Offer", category="email", record=contract, created_at=at[4])
    step = open_step(contract, assignee=bob)
    ProcessStep.objects.filter(pk=step.pk).update(status="completed", closed_at=at[3], closed_by=bob)
    further = factories.ActivityFactory(title="Call", category="call", created_at=at[2])
    ActivityConnection.objects.create(activity=further, record=contract)
    factories.ActivityFactory(
        title="Check", record=contract, created_at=at[0], status="completed", closed_at=at[1], closed_by=bob
    )
    return contract


ALL = [
    ("changes", "Amount: 100 → 7"),
    ("emails", "Offer"),
    ("steps", "Approve the contract"),
    ("activities", "Call"),
    ("activities", "Check"),
]


def test_everything_stands_in_one_order_of_time(page, eventful, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        entries, cursor, body = page()
    assert entries == ALL
    assert cursor == ""
    assert f"/activities/add/?record={eventful.pk}" in body


@pytest.mark.parametrize("only", ["activities", "steps", "emails", "changes"])
def test_one_sort_can_be_shown_alone(page, eventful, only):
    assert page(only=only)[0] == [entry for entry in ALL if entry[0] == only]


def test_pages_follow_each_other_though_all_happened_at_one_moment(page, contract, open_step, bob, now):
    for number in range(20):
        factories.ActivityFactory(title=f"Call {number:02}", record=contract, created_at=now)
        factories.ActivityFactory(
            title=f"Mail {number:02}", category="email", record=contract, created_at=now
        )
        open_step(contract, assignee=bob)
    seen, cursor, body = page()
    while cursor:
        further, cursor, body = page(cursor=cursor)
        assert "timeline-head" not in body
        seen += further
    assert len(seen) == 60
    assert len(set(seen)) == 41  # the steps all have one name
    assert page(cursor="nonsense")[0] == page()[0]


def test_a_step_of_others_is_not_told_and_mallory_is_told_nothing(page, contract, open_step, client, mallory):
    open_step(contract, assignee=factories.UserFactory(username="someone"))
    assert page()[0] == []
    assert "Nothing has happened here yet." in page()[2]
    client.force_login(mallory)
    assert client.get(reverse("records:history", args=[contract.pk])).status_code == 404

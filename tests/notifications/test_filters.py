"""The filters of the panel: what passes them, that they are remembered, and that programs see the same."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.models import Preference
from tests.factories import ActivityFactory, HumanStepFactory, RecordFactory
from tests.notifications.test_api import client_of

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def work(bob, role):
    """Three steps of bob's: one about a contract, one of his role, one that starts in two days."""
    now = timezone.now()
    record = RecordFactory(caption="Contract 7")
    return {
        "record": record,
        "about": HumanStepFactory(
            assignee=bob,
            name="Read it",
            starts_at=now - HOUR,
            activity=ActivityFactory(record=record),
            record_caption=record.caption,
        ),
        "of_role": HumanStepFactory(role=role, name="Any of us", starts_at=now - HOUR),
        "later": HumanStepFactory(assignee=bob, name="Far away", starts_at=now + 48 * HOUR),
    }


def choose(client, **filters) -> str:
    """Set filters; returns the panel, which fetches itself anew."""
    answer = client.post(reverse("notifications:filter"), filters)
    assert (answer.status_code, "panel-changed" in answer["HX-Trigger"]) == (204, True)
    return shown(client)


def shown(client, name="work") -> str:
    return client.get(reverse(f"notifications:{name}")).content.decode()


def test_a_filter_says_how_much_it_lets_pass_and_is_remembered_until_one_click_clears_it(client, bob, work):
    client.force_login(bob)
    html = choose(client, record=work["record"].pk)
    assert "Read it" in html
    assert "Any of us" not in html
    assert "1 of 2" in " ".join(html.split())
    assert "Take this filter away" in shown(client)
    both = choose(client, role=work["of_role"].role_id)
    assert "The filter hides all 2 tasks that wait for you." in " ".join(both.split())
    html = choose(client, process="", record="", role="")
    assert "Read it" in html
    assert "Any of us" in html
    assert "Clear the filters" not in html


def test_only_what_i_have_work_of_can_be_chosen(client, bob, mallory, work):
    client.force_login(bob)
    html = shown(client, "filters")
    for label in ("Contract 7", "Sales managers", work["about"].instance.process.name):
        assert label in html
    assert work["later"].instance.process.name not in html, "the future is not shown"
    client.force_login(mallory)
    assert "Contract 7" not in shown(client, "filters")
    answer = client.post(reverse("notifications:filter"), {"record": work["record"].pk})
    assert answer.status_code == 400
    assert "Contract 7" not in shown(client)
    assert not Preference.objects.filter(user=mallory).exists()


def test_a_filter_that_is_gone_filters_no_more(client, bob, work):
    client.force_login(bob)
    choose(client, record=work["record"].pk)
    work["about"].delete()
    work["record"].delete()
    assert "Any of us" in shown(client)


def test_programs_get_what_the_panel_shows_unless_they_ask_for_something_else(bob, role, work):
    Preference.objects.create(user=bob, show_future=True, role=role)
    api = client_of(bob)

    def steps(query: str = "") -> list[int]:
        body = api.get(f"/api/v1/feed/{query}").json()
        return sorted(item["step"] for items in body["groups"].values() for item in items)

    of_role, about, later = (work[name].pk for name in ("of_role", "about", "later"))
    body = api.get("/api/v1/feed/").json()
    assert (body["future"], body["filters"]["role"], body["matching"], body["count"]) == (True, role.pk, 1, 2)
    assert steps() == [of_role]
    assert steps("?role=") == sorted([of_role, about, later])
    assert steps("?role=&future=false") == sorted([of_role, about])
    assert steps(f"?record={work['record'].pk}") == [about]

"""The list: what it shows by default, its filters, order, pages and refreshes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests import factories
from tests.activities.pages import LIST, shown, text


class TestList:
    @pytest.fixture(autouse=True)
    def rows(self, role, alice, bob, carol, record, now):
        make, hour = factories.ActivityFactory, timedelta(hours=1)
        make(title="Late", owner=bob, due_at=now, category="call")
        make(title="Whenever", owner=bob, process_caption="Contract 7")
        make(title="Of the role", role=role, due_at=now + hour, starts_at=now + hour)
        make(title="Carol's", owner=carol, role=role, record=record, record_caption=record.caption)
        make(title="Done", owner=bob, status="completed", closed_at=now)
        make(title="Alice's", owner=alice)

    def test_shows_what_is_open_for_me_first_what_is_due(self, as_bob):
        assert shown(as_bob.get(LIST)) == ["Late", "Of the role", "Whenever"]

    @pytest.mark.parametrize(
        ("query", "titles"),
        [
            ("show=mine", ["Late", "Whenever"]),
            ("show=roles", ["Of the role"]),
            ("show=all&sort=title", ["Carol's", "Late", "Of the role", "Whenever"]),
            ("status=final", ["Done"]),
            ("status=any&sort=title", ["Done", "Late", "Of the role", "Whenever"]),
            ("status=completed", ["Done"]),
            ("category=call", ["Late"]),
            ("process=contract", ["Whenever"]),
            ("q=late", ["Late"]),
            ("show=all&q=ALPHA", ["Carol's"]),
            ("since=2026-03-03", []),
            ("until=2026-03-01", []),
            ("since=2026-03-02&until=2026-03-02", ["Late", "Of the role", "Whenever"]),
            ("sort=-title", ["Whenever", "Of the role", "Late"]),
            ("sort=-start", ["Of the role", "Whenever", "Late"]),
        ],
    )
    def test_the_address_filters_and_sorts(self, as_bob, query, titles):
        assert shown(as_bob.get(f"{LIST}?{query}")) == titles

    def test_an_address_that_makes_no_sense_shows_the_list_without_that_filter(self, as_bob):
        response = as_bob.get(f"{LIST}?show=x&status=y&since=soon&sort=colour&cursor=z&category=&q=%00")
        assert shown(response) == ["Late", "Of the role", "Whenever"]

    def test_dates_are_days_of_the_reader(self, as_bob, bob, now):
        bob.time_zone = "Asia/Tokyo"  # there it is the evening of March 2
        bob.save()
        factories.ActivityFactory(
            title="Early", owner=bob, starts_at=now.replace(hour=15, minute=30)
        )  # March 3, 0:30
        assert shown(as_bob.get(f"{LIST}?since=2026-03-03")) == ["Early"]

    def test_what_is_late_is_marked_by_a_word(self, as_bob):
        assert text(as_bob.get(f"{LIST}?q=late")).count("Overdue:") == 1
        assert "Overdue:" not in text(as_bob.get(f"{LIST}?q=whenever"))

    def test_refreshes_itself_with_the_filters_it_has(self, as_bob):
        response = as_bob.get(f"{LIST}?q=late&status=", headers={"HX-Request": "true"})
        body = text(response)
        assert 'hx-get="/activities/?q=late"' in body
        assert 'hx-trigger="work-changed from:body, activities-changed from:body"' in body
        assert "<html" not in body
        assert "HX-Push-Url" not in response.headers
        assert "HX-Request" in response["Vary"]

    def test_filtering_puts_the_filters_into_the_address_without_the_empty_ones(self, as_bob):
        headers = {"HX-Request": "true", "HX-Trigger": "filters"}
        response = as_bob.get(f"{LIST}?q=late&status=&show=mine", headers=headers)
        assert response["HX-Push-Url"] == "/activities/?q=late&show=mine"

    def test_pages_by_key_lose_and_repeat_nothing(self, as_bob, bob, now):
        factories.ActivityFactory.create_batch(60, owner=bob, due_at=now)
        factories.ActivityFactory.create_batch(60, owner=bob)
        seen, cursor = [], ""
        while True:
            response = as_bob.get(LIST, {"cursor": cursor})
            seen += [activity.pk for activity in response.context["page"]]
            cursor = response.context["page"].next_cursor
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == 123

    def test_costs_the_same_for_fifty_rows(self, as_bob, role, bob, record, django_assert_num_queries):
        factories.ActivityFactory.create_batch(
            50, owner=bob, role=role, record=record, record_caption="x", allowed_results=[{"code": "a"}]
        )
        with django_assert_num_queries(5):  # session, user, his roles, keys, rows
            response = as_bob.get(f"{LIST}?sort=start", headers={"HX-Request": "true"})
        assert len(shown(response)) == 50

    def test_empty_lists_say_what_to_do_next(self, as_bob, as_mallory):
        body = text(as_mallory.get(LIST))
        assert "Nothing waits for you." in body
        assert reverse("activities:add") in body
        body = text(as_mallory.get(f"{LIST}?show=all&status=any"))
        assert "Nothing matches these filters." in body

    def test_guests_are_asked_to_sign_in(self, client):
        response = client.get(LIST)
        assert response.status_code == 302
        assert reverse("accounts:sign-in") in response["Location"]

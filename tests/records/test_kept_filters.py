"""Saved filters: kept, shared with a role, counted in one statement, one of them to begin with."""

from datetime import timedelta

import pytest

from activities.finding import kept_list
from bpm_portal.common.errors import Forbidden, Invalid, NotFound
from bpm_portal.common.keyset import capped_counts
from records import services
from records.models import DefaultFilter, SavedFilter
from tests import factories
from tests.activities.pages import LIST, text

HTMX = {"HX-Request": "true"}
FILTERS = "/records/-/filters/activities/"


def count_each(user, queries):
    found = kept_list(user, "").find
    return capped_counts([found(query) for query in queries], cap=99)


@pytest.fixture
def as_bob(client, bob):
    """Bob's browser."""
    client.force_login(bob)
    return client


@pytest.fixture
def as_mallory(client, mallory):
    """Mallory's browser."""
    client.force_login(mallory)
    return client


def keep(by, now, name="Calls", role=None, **query):
    return services.save_filter(list_code="activities", name=name, query=query, role=role, by=by, now=now)


def chips(response):
    text(response)
    return {chip["filter"].name: chip["count"] for chip in response.context["chips"]}


class TestServices:
    def test_a_name_means_one_filter_of_its_owner(self, bob, carol, now):
        keep(bob, now, category="call")
        keep(bob, now, category="meeting")
        keep(carol, now, category="email")
        assert list(SavedFilter.objects.filter(owner=bob).values_list("query", flat=True)) == [
            {"category": "meeting"}
        ]
        assert SavedFilter.objects.count() == 2

    @pytest.mark.parametrize("name", ["", "  ", "x" * 61])
    def test_it_needs_a_name_that_fits(self, bob, now, name):
        with pytest.raises(Invalid):
            keep(bob, now, name=name)

    def test_it_is_shared_with_a_role_of_ones_own_only(self, bob, carol, mallory, role, now):
        with pytest.raises(Invalid):
            keep(mallory, now, role=role)
        kept = keep(bob, now, role=role)
        assert list(SavedFilter.objects.visible_to(carol)) == [kept]
        assert not SavedFilter.objects.visible_to(mallory).exists()

    def test_only_its_owner_deletes_it(self, bob, carol, mallory, role, now):
        kept = keep(bob, now, role=role)
        with pytest.raises(NotFound):
            services.delete_filter(filter_id=kept.pk, by=mallory)
        with pytest.raises(Forbidden):
            services.delete_filter(filter_id=kept.pk, by=carol)
        services.choose_default(filter_id=kept.pk, by=carol)
        services.delete_filter(filter_id=kept.pk, by=bob)
        assert not DefaultFilter.objects.exists()

    def test_it_outlives_the_role_that_it_was_shared_with(self, bob, carol, role, now):
        kept = keep(bob, now, role=role)
        role.delete()
        assert list(SavedFilter.objects.visible_to(bob)) == [kept]
        assert not SavedFilter.objects.visible_to(carol).exists()

    def test_choosing_the_default_again_gives_it_up(self, bob, now):
        kept = keep(bob, now)
        services.choose_default(filter_id=kept.pk, by=bob)
        assert DefaultFilter.objects.get(user=bob).filter == kept
        services.choose_default(filter_id=kept.pk, by=bob)
        assert not DefaultFilter.objects.exists()

    def test_there_is_an_end_to_them(self, bob, now):
        for number in range(30):
            keep(bob, now, name=str(number))
        keep(bob, now, name="1", q="again")
        with pytest.raises(Invalid):
            keep(bob, now, name="one more")


class TestCounts:
    QUERIES = [
        {},
        {"category": "call"},
        {"show": "roles"},
        {"show": "all", "status": "any", "q": "call"},
        {"since": "2026-03-03"},
        {"status": "nonsense"},
    ]

    def test_all_are_counted_in_one_statement(self, bob, role, now, django_assert_num_queries):
        factories.ActivityFactory.create_batch(3, owner=bob, category="call", title="Call")
        factories.ActivityFactory.create_batch(2, role=role, starts_at=now + timedelta(days=2))
        bob.has_perm("activities.view_activity")
        list(bob.groups.all())
        count_each(bob, [{}])
        with django_assert_num_queries(3):  # two for what bob sees altogether, one for all counts
            assert count_each(bob, self.QUERIES) == [5, 3, 2, 3, 2, 5]

    def test_they_go_no_further_than_the_cap(self, bob):
        factories.ActivityFactory.create_batch(105, owner=bob)
        assert count_each(bob, [{}]) == [100]

    def test_who_has_no_role_finds_nothing_of_roles(self, mallory):
        assert count_each(mallory, self.QUERIES) == [0] * len(self.QUERIES)


class TestPages:
    def test_the_present_filter_is_kept_under_a_name_and_shown_with_its_count(self, as_bob, bob):
        factories.ActivityFactory.create_batch(2, owner=bob, category="call")
        body = text(as_bob.get(f"{FILTERS}new/?category=call&status=&since=soon"))
        assert '<input type="hidden" name="category" value="call">' in body
        assert 'name="since"' not in body
        response = as_bob.post(f"{FILTERS}new/", {"name": "Calls", "category": "call"}, headers=HTMX)
        assert (response.status_code, response["HX-Trigger"]) == (204, '{"filters-changed": {}}')
        assert SavedFilter.objects.get().query == {"category": "call"}
        assert chips(as_bob.get(LIST)) == {"Calls": "2"}

    def test_the_chip_in_use_is_marked(self, as_bob, bob, now):
        keep(bob, now, category="call")
        assert 'aria-current="true"' in text(as_bob.get(f"{LIST}?category=call"))
        headers = HTMX | {"HX-Current-URL": f"http://testserver{LIST}?category=call&sort="}
        assert 'aria-current="true"' in text(as_bob.get(FILTERS, headers=headers))
        headers = HTMX | {"HX-Current-URL": f"http://testserver{LIST}?category=task"}
        assert 'aria-current="true"' not in text(as_bob.get(FILTERS, headers=headers))

    def test_what_is_wrong_stays_in_the_dialog(self, as_bob):
        body = text(
            as_bob.post(f"{FILTERS}new/", {"name": " ", "category": "call"}, headers=HTMX), status=400
        )
        assert 'value="call"' in body

    def test_a_role_that_is_not_ones_own_cannot_be_chosen(self, as_bob):
        other = factories.RoleFactory()
        text(as_bob.post(f"{FILTERS}new/", {"name": "x", "role": other.pk}, headers=HTMX), status=400)

    def test_the_list_begins_with_the_default_and_can_be_cleared(self, as_bob, bob, now):
        kept = keep(bob, now, category="call")
        as_bob.post(f"{FILTERS}{kept.pk}/default/", headers=HTMX)
        response = as_bob.get(LIST)
        assert (response.status_code, response["Location"]) == (302, f"{LIST}?category=call")
        text(as_bob.get(f"{LIST}?clear=1"))
        assert as_bob.get(f"{LIST}?clear=1", headers=HTMX).status_code == 200
        everything = keep(bob, now, name="Everything")
        as_bob.post(f"{FILTERS}{everything.pk}/default/", headers=HTMX)
        assert as_bob.get(LIST)["Location"] == f"{LIST}?clear=1"

    def test_a_default_that_is_no_longer_shared_is_forgotten(self, as_bob, bob, carol, role, now):
        kept = keep(carol, now, role=role)
        as_bob.post(f"{FILTERS}{kept.pk}/default/", headers=HTMX)
        keep(carol, now)
        text(as_bob.get(LIST))

    def test_the_dialog_lists_and_deletes(self, as_bob, bob, now):
        kept = keep(bob, now)
        assert "Calls" in text(as_bob.get(f"{FILTERS}manage/"))
        body = text(as_bob.post(f"{FILTERS}{kept.pk}/delete/", headers=HTMX))
        assert "Nothing is saved any more." in body

    def test_mallory_touches_no_filter_of_others(self, as_mallory, bob, role, now):
        kept = keep(bob, now, role=role)
        for action in ("delete", "default"):
            assert as_mallory.post(f"{FILTERS}{kept.pk}/{action}/", headers=HTMX).status_code == 404
        assert chips(as_mallory.get(LIST)) == {}

    def test_chips_cost_the_same_for_twelve(self, as_bob, bob, now, django_assert_num_queries):
        for number in range(12):
            keep(bob, now, name=str(number), q=str(number))
        with django_assert_num_queries(6):  # session, user, his roles, filters, counts, default
            as_bob.get(FILTERS, headers=HTMX)

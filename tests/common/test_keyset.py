"""Pages by key: complete, in order, one query each, whatever the cursor says."""

from datetime import timedelta

import pytest
from django.db.models.functions import Lower

from activities.models import Activity
from bpm_portal.common.keyset import capped_count, keyset_page
from tests.factories import NOW, ActivityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def activities():
    """Eleven activities, some of them at the same moment, some without a due date."""
    for n in range(11):
        ActivityFactory(
            title=f"Task {n:02}",
            starts_at=NOW + timedelta(hours=n // 3, microseconds=n // 2),
            due_at=None if n % 4 == 0 else NOW + timedelta(days=n // 2),
        )
    return Activity.objects.all()


def walk(queryset, order, size=3):
    """All pages forwards, then backwards from the last one."""
    pages = [keyset_page(queryset, cursor="", size=size, order=order)]
    while pages[-1].next_cursor:
        pages.append(keyset_page(queryset, cursor=pages[-1].next_cursor, size=size, order=order))
    back = [pages[-1]]
    while back[-1].previous_cursor:
        back.append(keyset_page(queryset, cursor=back[-1].previous_cursor, size=size, order=order))
    return pages, back[::-1]


@pytest.mark.parametrize(
    "order",
    [
        ("id",),
        ("-id",),
        ("starts_at", "id"),
        ("-starts_at", "-id"),
        ("starts_at", "-id"),
        ("due_at", "id"),
        ("-due_at", "-id"),
        ("-due_at", "title", "id"),
        ("owner__username", "-id"),
    ],
)
def test_the_pages_of_any_order_hold_every_row_once_and_in_order(activities, alice, order):
    Activity.objects.filter(title__endswith="3").update(owner=alice)
    expected = list(activities.order_by(*order))
    forwards, backwards = walk(activities, order)
    assert [row for page in forwards for row in page] == expected
    assert [row for page in backwards for row in page][-len(expected) :] == expected
    assert [len(page) for page in forwards] == [3, 3, 3, 2]


def test_an_annotation_may_sort_too(activities):
    queryset = activities.annotate(low=Lower("title"))
    forwards, _back = walk(queryset, ("-low", "-id"))
    assert [row.low for page in forwards for row in page] == sorted(
        (row.title.lower() for row in activities), reverse=True
    )


def test_rows_as_dictionaries_are_paged_as_well(activities):
    forwards, _back = walk(activities.values("id", "starts_at"), ("starts_at", "id"))
    assert sum(len(page) for page in forwards) == 11


def test_a_page_costs_one_query_and_compares_whole_rows(activities, django_assert_num_queries):
    first = keyset_page(activities, cursor="", size=4, order=("-starts_at", "-id"))
    with django_assert_num_queries(1) as captured:
        keyset_page(activities, cursor=first.next_cursor, size=4, order=("-starts_at", "-id"))
    sql = captured[0]["sql"]
    assert '("activities_activity"."starts_at", "activities_activity"."id") < (' in sql
    assert "OFFSET" not in sql


def test_rows_added_meanwhile_neither_repeat_nor_hide_a_row(activities):
    first = keyset_page(activities, cursor="", size=4, order=("-starts_at", "-id"))
    ActivityFactory(starts_at=NOW + timedelta(days=1))
    second = keyset_page(activities, cursor=first.next_cursor, size=4, order=("-starts_at", "-id"))
    assert [row.title for row in second] == ["Task 06", "Task 05", "Task 04", "Task 03"]


@pytest.mark.parametrize("cursor", ["nonsense", "WyJuIiwxXQ:1abc:xyz", "\x00", "ж"])
def test_a_cursor_that_is_not_ours_gives_the_first_page(activities, cursor):
    page = keyset_page(activities, cursor=cursor, size=4, order=("-id",))
    assert page.items[0].title == "Task 10"
    assert page.previous_cursor == ""


def test_a_cursor_of_another_order_gives_the_first_page(activities):
    first = keyset_page(activities, cursor="", size=4, order=("-id",))
    page = keyset_page(activities, cursor=first.next_cursor, size=4, order=("id",))
    assert page.items[0].title == "Task 00"


def test_an_empty_list_has_no_neighbours(db):
    page = keyset_page(Activity.objects.all(), cursor="", size=4, order=("-id",))
    assert (page.items, page.next_cursor, page.previous_cursor) == ([], "", "")


def test_counting_stops_at_the_cap(activities, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert capped_count(activities, cap=5) == 6
    assert capped_count(activities, cap=100) == 11

"""The calendar's page and what is moved on it."""

from datetime import timedelta

import pytest

from bpm_portal.common.errors import Conflict
from tests import factories
from tests.activities.pages import page, text

CALENDAR = "/activities/calendar/"
WEEK = f"{CALENDAR}?view=week&date=2026-03-02"
HTMX = {"HX-Request": "true"}


def titles(response):
    text(response)
    if "weeks" in response.context:
        return {bar.activity.title for week in response.context["weeks"] for bar in week.bars}
    blocks = [block for _day, blocks in response.context["columns"] for block in blocks]
    return {entry.activity.title for entry in (*response.context["bars"], *blocks)}


def move(client, activity, start, due="", **headers):
    values = {"starts_at": start, "due_at": due}
    return client.post(page(activity, "reschedule/"), values, headers=headers)


class TestWhatItShows:
    @pytest.fixture(autouse=True)
    def rows(self, role, alice, bob, carol, now):
        make = factories.ActivityFactory
        make(title="Mine", owner=bob, due_at=now + timedelta(hours=1))
        make(title="Of the role", role=role, starts_at=now + timedelta(days=1))
        make(title="Long", owner=bob, starts_at=now - timedelta(days=30), due_at=now + timedelta(days=2))
        make(title="Done", owner=bob, status="completed", closed_at=now)
        make(title="Cancelled", owner=bob, status="cancelled", closed_at=now)
        make(title="Hidden", owner=bob, in_calendar=False)
        make(title="Next month", owner=bob, starts_at=now + timedelta(days=40))
        make(title="Carol's", owner=carol, role=role)
        make(title="Alice's", owner=alice)

    def test_mine_and_my_roles_by_default(self, as_bob):
        assert titles(as_bob.get(WEEK)) == {"Mine", "Of the role", "Long", "Done"}

    @pytest.mark.parametrize("view", ["day", "week", "month"])
    def test_every_view_shows_the_day(self, as_bob, view):
        assert {"Mine", "Long", "Done"} <= titles(as_bob.get(f"{CALENDAR}?view={view}&date=2026-03-02"))

    @pytest.mark.parametrize(
        ("language", "day", "title"),
        [
            ("en", "2026-03-04", "2–6 Mar 2026"),
            ("ru", "2026-03-04", "2–6 марта 2026 г."),
            ("ru", "2026-04-02", "30 марта – 3 апреля 2026 г."),
            ("ru", "2026-12-30", "28 декабря 2026 г. – 1 января 2027 г."),
        ],
    )
    def test_a_week_is_called_by_its_days_as_short_as_can_be(self, as_bob, bob, language, day, title):
        bob.language = language
        bob.save()
        response = as_bob.get(f"{CALENDAR}?view=week&date={day}")
        assert response.context["title"].replace("\xa0", " ") == title

    def test_a_colleagues_as_far_as_one_sees_them(self, as_bob, carol, alice, role):
        assert titles(as_bob.get(f"{WEEK}&person={carol.pk}")) == {"Carol's"}
        assert titles(as_bob.get(f"{WEEK}&person={alice.pk}")) == set()
        assert titles(as_bob.get(f"{WEEK}&role={role.pk}")) == {"Of the role", "Carol's"}

    def test_an_address_that_makes_no_sense_shows_my_week_of_today(self, as_bob):
        for query in (
            "date=soon",
            "date=2026-02-31",
            "date=0001-01-01",
            "date=9999-12-31",
            "view=year",
            "person=x",
        ):
            response = as_bob.get(f"{CALENDAR}?{query}")
            text(response)
            assert response.context["shown"].view == "week"

    def test_what_is_done_or_late_is_told_by_words(self, as_bob):
        body = text(as_bob.get(WEEK))
        assert "Overdue:" in body
        assert "Completed:" in body

    def test_mallory_sees_an_empty_calendar(self, as_mallory, bob):
        assert titles(as_mallory.get(f"{WEEK}&person={bob.pk}")) == set()

    def test_refreshes_itself_and_leaves_the_address_alone(self, as_bob):
        response = as_bob.get(WEEK, headers=HTMX | {"HX-Trigger": "calendar"})
        body = text(response)
        assert 'hx-trigger="work-changed from:body, activities-changed from:body"' in body
        assert "<html" not in body
        assert "HX-Push-Url" not in response.headers
        response = as_bob.get(WEEK, headers=HTMX | {"HX-Trigger": "cal-next"})
        assert response["HX-Push-Url"] == WEEK


@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_costs_the_same_for_fifty_activities(as_bob, bob, role, now, view, django_assert_num_queries):
    factories.ActivityFactory.create_batch(25, owner=bob, due_at=now + timedelta(hours=1))
    factories.ActivityFactory.create_batch(25, role=role, due_at=now + timedelta(days=3))
    with django_assert_num_queries(5):  # session, user, his roles, keys, rows
        as_bob.get(f"{CALENDAR}?view={view}&date=2026-03-02", headers=HTMX)


def test_moving_one_changes_its_times_in_the_readers_zone(as_bob, bob, task):
    bob.time_zone = "Asia/Tokyo"
    bob.save()
    response = move(as_bob, task, "2026-03-03T09:15", "2026-03-03T10:00", **HTMX)
    assert (response.status_code, response["HX-Trigger"]) == (204, '{"activities-changed": {}}')
    task.refresh_from_db()
    assert task.starts_at.isoformat() == "2026-03-03T00:15:00+00:00"
    assert task.due_at.isoformat() == "2026-03-03T01:00:00+00:00"


def test_reminders_move_with_it(as_bob, task, now):
    task.remind_owner_at = now - timedelta(minutes=15)
    task.save()
    move(as_bob, task, "2026-03-03T09:00", "2026-03-03T10:00")
    task.refresh_from_db()
    assert task.remind_owner_at.isoformat() == "2026-03-03T08:45:00+00:00"


def test_a_managed_one_is_moved_by_its_manager(as_bob, bob, managed, manager):
    assert move(as_bob, managed, "2026-03-03T09:00", **HTMX).status_code == 204
    name, call = manager.calls[0]
    assert (name, call["activity_id"], call["due_at"], call["by"]) == ("reschedule", managed.pk, None, bob)


@pytest.mark.parametrize(
    ("start", "due"),
    [("", ""), ("soon", ""), ("2026-03-03T09:00", "2026-03-03T08:00"), ("2026-03-03T09:00", "x")],
)
def test_times_that_make_no_sense_are_refused_in_a_sentence(as_bob, task, start, due):
    before = task.starts_at
    body = text(move(as_bob, task, start, due, **HTMX), status=400)
    assert "start" in body
    task.refresh_from_db()
    assert task.starts_at == before


def test_what_was_closed_in_the_meantime_stays_and_says_by_whom(as_bob, task, now, alice):
    type(task).objects.filter(pk=task.pk).update(status="completed", closed_at=now, closed_by=alice)
    assert "Alice completed" in text(move(as_bob, task, "2026-03-03T09:00", **HTMX), status=409)


def test_nobody_moves_or_previews_what_is_not_his(client, task, mallory):
    client.force_login(mallory)
    assert move(client, task, "2026-03-03T09:00").status_code == 404
    assert client.get(page(task, "preview/")).status_code == 404


def test_the_preview_shows_what_matters_and_offers_other_times_to_whom_they_belong(
    as_bob, task, carol, client
):
    body = text(as_bob.get(page(task, "preview/")))
    assert task.title in body
    assert page(task, "reschedule/") in body
    type(task).objects.filter(pk=task.pk).update(status="completed", closed_at=task.starts_at)
    assert page(task, "reschedule/") not in text(as_bob.get(page(task, "preview/")))


def test_the_form_for_other_times_returns_to_the_page(as_bob, task):
    response = move(as_bob, task, "2026-03-03T09:00")
    assert (response.status_code, response["Location"]) == (302, page(task))


def test_a_click_on_free_time_fills_in_that_time(as_bob):
    body = text(as_bob.get("/activities/add/?start=2026-03-05T14:30"))
    assert 'value="2026-03-05T14:30"' in body
    assert 'value="2026-03-05T15:00"' in body
    assert "2026-03-05" not in text(as_bob.get("/activities/add/?start=nonsense"))


def test_a_refusal_of_the_process_reaches_the_reader(as_bob, managed, manager, monkeypatch):
    def refuse(**_call):
        raise Conflict("A worker carries it out.")

    monkeypatch.setattr(manager, "reschedule", refuse)
    assert "A worker carries it out." in text(move(as_bob, managed, "2026-03-03T09:00", **HTMX), status=409)

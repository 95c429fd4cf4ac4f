"""`/api/v1/statistics/`: finished instances per process and day."""

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.django_db
URL = "/api/v1/statistics/"
MIDNIGHT = datetime(2026, 3, 10, tzinfo=UTC)


def ask(client, **query):
    return client.get(URL, {"from": "2026-03-01", "to": "2026-03-31", **query})


def test_days_are_those_of_the_readers_clock(api, finished, bob):
    finished(MIDNIGHT - timedelta(hours=1), 2)
    finished(MIDNIGHT + timedelta(hours=1), 4)
    days = lambda: [(row["day"], row["completed"]) for row in ask(api(bob)).json()["results"]]  # noqa: E731
    assert days() == [("2026-03-09", 1), ("2026-03-10", 1)]
    type(bob).objects.filter(pk=bob.pk).update(time_zone="Asia/Tokyo")
    assert days() == [("2026-03-10", 2)]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ({"from": "0001-01-01"}, "from"),
        ({"to": "9999-12-31"}, "to"),
        ({"from": "yesterday"}, "from"),
        ({"process": "\0"}, "process"),
        ({"from": "2020-01-01"}, "from"),
    ],
)
def test_what_cannot_be_asked_is_told_by_its_name(api, bob, question, named):
    answer = ask(api(bob), **question)
    assert (answer.status_code, list(answer.json()["detail"])) == (400, [named])


def test_only_completed_instances_count_in_completions_and_durations(api, finished, bob):
    for hours in (1, 2, 9):
        finished(MIDNIGHT, hours)
    finished(MIDNIGHT, 500, status="cancelled")
    [row] = ask(api(bob)).json()["results"]
    assert (row["process"], row["completed"], row["cancelled"], row["failed"]) == ("sale", 3, 1, 0)
    assert (row["avg"], row["p50"]) == (4 * 3600, 2 * 3600)
    assert row["p90"] == pytest.approx(7.6 * 3600)


def test_failed_instances_stand_on_the_day_of_their_incident(api, failed, bob, now):
    [row] = ask(api(bob)).json()["results"]
    assert (row["process"], row["day"], row["failed"], row["completed"]) == ("stuck", "2026-03-02", 1, 0)
    assert row["avg"] is None


def test_the_range_and_the_process_narrow_it(api, finished, failed, bob):
    finished(MIDNIGHT, 1)
    assert len(ask(api(bob)).json()["results"]) == 2
    assert len(ask(api(bob), process="sale").json()["results"]) == 1
    assert ask(api(bob), to="2026-03-01").json() == {"from": "2026-03-01", "to": "2026-03-01", "results": []}


@pytest.mark.parametrize(
    "query", [{"from": "yesterday"}, {"from": "2026-04-01"}, {"from": "1990-01-01"}, {"to": "2026-02-30"}]
)
def test_a_range_that_makes_no_sense_is_refused(api, sale, bob, query):
    answer = ask(api(bob), **query)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert set(answer.json()["detail"]) <= {"from", "to"}


def test_a_stranger_sees_nothing(api, finished, mallory):
    finished(MIDNIGHT, 1)
    assert ask(api(mallory)).json()["results"] == []
    assert ask(api(mallory), process="sale").status_code == 404

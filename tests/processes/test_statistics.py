"""The statistics page and its file."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.urls import reverse

from processes.services import instances, statistics, steps
from tests.factories import ProcessInstanceFactory
from tests.processes.conftest import count_queries
from tests.processes.test_api_statistics import MIDNIGHT

pytestmark = pytest.mark.django_db
RANGE = {"first": "2026-03-01", "last": "2026-03-31"}


@pytest.fixture
def some(finished):
    """Two completed on one day, one on the next, one cancelled."""
    finished(MIDNIGHT + timedelta(hours=1), 1)
    finished(MIDNIGHT + timedelta(hours=2), 3)
    finished(MIDNIGHT + timedelta(days=1), 5)
    finished(MIDNIGHT, 100, status="cancelled")


def shown(client, **query):
    response = client.get(reverse("processes:statistics", query={**RANGE, **query}))
    assert response.status_code == 200
    return response.context


def test_the_cards_add_up(as_user, some, sale, bob):
    ProcessInstanceFactory(version=sale.versions.first(), status="failed")
    context = shown(as_user(bob))
    overall = context["overall"]
    assert (overall.completed, overall.cancelled) == (3, 1)
    assert (overall.average, overall.median) == (3 * 3600, 3 * 3600)
    assert (context["running"], context["failed"]) == (0, 1)
    [row] = context["rows"]
    assert (row["process"], row["total"].completed, row["open"]) == (sale, 3, (0, 1))


def test_the_charts_have_every_day_of_the_range(as_user, some, bob):
    charts = json.loads(shown(as_user(bob))["charts"])
    assert len(charts["days"]) == 31
    [series] = charts["completed"]
    assert series["label"] == "Sale"
    assert (sum(series["values"]), series["values"][9], series["values"][10]) == (3, 2, 1)
    average, median = charts["durations"]
    assert (average["values"][9], median["values"][10], median["values"][0]) == (2.0, 5.0, None)


def test_busy_processes_have_a_colour_of_their_own_and_the_rest_share_one(as_user, role, bob):
    for _number in range(9):
        one = ProcessInstanceFactory(
            status="completed", started_at=MIDNIGHT, ended_at=MIDNIGHT, duration=timedelta()
        )
        one.process.roles.add(role)
    labels = [s["label"] for s in json.loads(shown(as_user(bob))["charts"])["completed"]]
    assert len(labels) == 7
    assert labels[-1] == "Other processes"


def test_a_stranger_sees_no_numbers(as_user, some, mallory):
    context = shown(as_user(mallory))
    assert context["overall"] == statistics.NOTHING
    assert context["rows"] == []


def test_the_page_costs_the_same_however_much_was_done(
    as_user, some, finished, bob, django_assert_num_queries
):
    client, url = as_user(bob), reverse("processes:statistics", query=RANGE)
    with_few = count_queries(client, url)
    for days in range(5):
        finished(MIDNIGHT + timedelta(days=days), 1)
    with django_assert_num_queries(with_few):
        client.get(url)


def test_a_turned_or_endless_range_is_put_right(as_user, some, bob):
    context = shown(as_user(bob), first="2026-03-31", last="2026-03-01")
    assert (str(context["question"].first), str(context["question"].last)) == ("2026-03-01", "2026-03-31")
    endless = shown(as_user(bob), first="1990-01-01")["question"]
    assert (endless.last - endless.first).days == 730


def test_the_file_has_the_same_numbers(as_user, some, sale, bob):
    sale.name = "=cmd()"
    sale.save()
    response = as_user(bob).get(reverse("processes:statistics-export", query=RANGE))
    assert response.streaming
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["day"], row["completed"], row["cancelled"], row["average_s"]) for row in rows] == [
        ("2026-03-10", "2", "1", "7200.0"),
        ("2026-03-11", "1", "0", "18000.0"),
    ]
    assert rows[0]["caption"] == "'=cmd()"


def test_the_slowest_elements_come_first(as_user, stuck, bob, pending, now):
    instance = instances.start_process(process=stuck, by=bob, now=now)
    end = now + timedelta(hours=6)
    steps.complete_step(step_id=pending(instance)[0].pk, by=bob, now=end, result="right")
    instances.finish_instance(instance_id=instance.pk, now=end)
    [(owner, slow)] = shown(as_user(bob))["slowest"]
    assert (owner, slow.name, slow.number, slow.average) == (stuck, "Which way?", 1, 6 * 3600)

"""The statistics page and its file."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from processes.services import handing, instances, statistics, steps
from tests.factories import ProcessInstanceFactory, ProcessVersionFactory
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
    completed, durations = shown(as_user(bob))["charts"]
    assert len(completed.data["days"]) == 31
    [series] = completed.data["series"]
    assert series["label"] == "Sale"
    assert (sum(series["values"]), series["values"][9], series["values"][10]) == (3, 2, 1)
    average, median, _p90 = durations.data["series"]
    assert (average["values"][9], median["values"][10], median["values"][0]) == (2.0, 5.0, None)


def test_each_chart_has_its_numbers_as_a_table(as_user, some, bob):
    completed, durations = shown(as_user(bob))["charts"]
    assert (completed.head, completed.rows) == (["Day", "Sale"], [["2026-03-11", "1"], ["2026-03-10", "2"]])
    assert durations.rows[1] == ["2026-03-10", "2 h", "2 h", "2 h 48 min"]


def test_busy_processes_have_a_colour_of_their_own_and_the_rest_share_one(as_user, role, bob):
    for _number in range(9):
        one = ProcessInstanceFactory(
            status="completed", started_at=MIDNIGHT, ended_at=MIDNIGHT, duration=timedelta()
        )
        one.process.roles.add(role)
    labels = [series["label"] for series in shown(as_user(bob))["charts"][0].data["series"]]
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


@pytest.fixture
def walked(stuck, bob, pending, now):
    """Bob begins to answer after two hours, and is done after six; another one waits for him."""
    instance = instances.start_process(process=stuck, by=bob, now=now)
    [step] = pending(instance)
    steps.save_draft(step_id=step.pk, draft={"choose": "right"}, by=bob, now=now + timedelta(hours=2))
    end = now + timedelta(hours=6)
    steps.complete_step(step_id=step.pk, by=bob, now=end, result="right")
    instances.finish_instance(instance_id=instance.pk, now=end)
    instances.start_process(process=stuck, by=bob, now=now)
    return instance


def test_the_slowest_elements_come_first_and_waiting_is_told_from_working(as_user, walked, bob):
    context = shown(as_user(bob))
    [(owner, slow)] = context["slowest"]
    assert (owner, slow.name, slow.number, slow.average) == (walked.process, "Which way?", 1, 6 * 3600)
    assert (slow.taken, slow.waited, slow.worked) == (1, 2 * 3600, 4 * 3600)
    waits = context["charts"][-1]
    assert (waits.code, waits.rows) == ("waits", [["Which way?", "2 h", "4 h"]])


def test_what_is_answered_at_once_has_waited_all_the_time_instead_of_being_left_out(
    as_user, walked, stuck, bob, pending, now
):
    instance = instances.start_process(process=stuck, by=bob, now=now)
    [step] = pending(instance)
    end = now + timedelta(hours=4)
    steps.complete_step(step_id=step.pk, by=bob, now=end, result="right")
    instances.finish_instance(instance_id=instance.pk, now=end)
    [(_owner, slow)] = shown(as_user(bob))["slowest"]
    assert (slow.number, slow.taken, slow.average) == (2, 2, 5 * 3600)
    assert (slow.waited, slow.worked) == (3 * 3600, 2 * 3600), (
        "(2 + 4) / 2 until they began, (4 + 0) / 2 from then on"
    )


@pytest.mark.parametrize(
    ("heat", "warm", "label"),
    [("time", 5, "6 h"), ("count", 5, "1"), ("waiting", 5, "1"), ("nonsense", 5, "6 h")],
)
def test_the_diagram_is_warm_where_time_was_spent_much_was_done_or_tokens_stand(
    as_user, walked, bob, heat, warm, label
):
    context = shown(as_user(bob), process="stuck", heat=heat)
    marks = json.loads(context["heat_marks"])
    assert (marks["heat"]["choose"], marks["times"]["choose"]["text"]) == (warm, label)
    assert "heat_marks" not in shown(as_user(bob))


def test_one_version_is_counted_alone(as_user, finished, sale, bob):
    finished(MIDNIGHT, 1)
    newer = ProcessVersionFactory(process=sale, number=2, is_current=False)
    for _number in range(2):
        ProcessInstanceFactory(
            version=newer, status="completed", started_at=MIDNIGHT, ended_at=MIDNIGHT, duration=timedelta()
        )
    client = as_user(bob)
    assert shown(client, process="sale")["overall"].completed == 3
    assert shown(client, process="sale", version=newer.pk)["overall"].completed == 2
    other = ProcessVersionFactory()
    assert shown(client, process="sale", version=other.pk)["overall"].completed == 3  # of another process


def test_the_times_of_elements_are_a_file_too(as_user, walked, bob, mallory):
    url = reverse("processes:statistics-elements-export", query=RANGE)
    read = lambda user: list(  # noqa: E731
        csv.DictReader(io.StringIO(b"".join(as_user(user).get(url).streaming_content).decode("utf-8-sig")))
    )
    row = read(bob)[0]
    assert (row["process"], row["element"], row["waiting"]) == ("stuck", "choose", "1")
    assert (row["average_s"], row["until_taken_s"], row["from_then_s"]) == ("21600.0", "7200.0", "14400.0")
    assert read(mallory) == []


def test_who_takes_begins_and_who_is_given_has_not_begun(approval, contract, bob, carol, admin, now, pending):
    [step] = pending(instances.start_process(process=approval, by=bob, now=now, record=contract))
    began = lambda: type(step).objects.get(pk=step.pk).taken_at  # noqa: E731
    steps.save_draft(step_id=step.pk, draft={}, by=bob, now=now)
    assert began() == now
    steps.save_draft(step_id=step.pk, draft={}, by=bob, now=now + timedelta(hours=1))
    assert began() == now
    handing.reassign_step(step_id=step.pk, assignee=carol, by=admin, now=now)
    assert began() is None


def luminance(colour):
    """As WCAG 2.2 has it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_colours_of_charts_and_heat_can_be_told_from_what_they_stand_on():
    # Surfaces and words of static/css/portal.css, light and dark.
    surfaces, words = ("#ffffff", "#1a1c21"), ("#1f232b", "#e3e5ea")
    script = (settings.BASE_DIR / "static/js/charts.js").read_text()
    for theme, surface in zip(("light", "dark"), surfaces, strict=True):
        colours = re.findall(r'"(#\w{6})"', re.search(rf"{theme}: \[(.*?)\]", script)[1])
        assert len(colours) == 7
        assert all(contrast(colour, surface) >= 3 for colour in colours), theme
    style = (settings.BASE_DIR / "static/css/statistics.css").read_text()
    heats = re.findall(r"--heat-\d: light-dark\((#\w{6}), (#\w{6})\)", style)
    assert len(heats) == 5
    for heat in heats:
        assert all(contrast(colour, word) >= 4.5 for colour, word in zip(heat, words, strict=True)), heat

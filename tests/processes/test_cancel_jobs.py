"""Cancellations of many: each instance once, whatever dies; pause, stop, withdrawn rights, a result for every row."""

import csv
import io
from contextlib import suppress
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bpm_portal.common import working
from bpm_portal.common.errors import Conflict, Forbidden, Invalid
from processes import live
from processes.models import CancelItem, CancelJob, ProcessEvent, ProcessInstance
from processes.services import cancel_jobs, instances
from processes.services.cancel_preview import preview_cancel
from tests.factories import ProcessInstanceFactory
from tests.processes.conftest import allow, count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(stuck, bob, now):
    """Five that wait for bob."""
    return [instances.start_process(process=stuck, by=bob, now=now) for _number in range(5)]


@pytest.fixture
def carol(carol):
    """She may cancel."""
    return allow(carol, "cancel_processinstance")


@pytest.fixture
def job(many, carol, now):
    """Set out by carol."""
    chosen = ProcessInstance.objects.filter(pk__in=[one.pk for one in many])
    return cancel_jobs.start_cancel_job(instances=chosen, reason=" Wrong season ", by=carol, now=now)


class Killed(BaseException):
    """The worker is gone: nothing catches this, as nothing catches a signal."""


def results(job):
    return list(job.items.order_by("id").values_list("status", "problem"))


def cancellations():
    return ProcessEvent.objects.filter(kind="instance-cancelled").count()


def interrupt(monkeypatch, after, what):
    """Do `what` instead of the cancellation that follows so many."""
    number = 0

    def cancel(**arguments):
        nonlocal number
        number += 1
        if number == after + 1:
            what()
        instances.cancel_instance(**arguments)

    monkeypatch.setattr(cancel_jobs, "cancel_instance", cancel)


def test_all_are_cancelled_for_the_reason_in_the_name_of_whoever_asked(job, many, carol):
    cancel_jobs.run_cancel_jobs()
    assert results(job) == [("done", "")] * 5
    job.refresh_from_db()
    assert (job.status, job.claimed_until) == ("done", None)
    many[0].refresh_from_db()
    assert (many[0].status, many[0].cancelled_by, many[0].cancel_reason) == (
        "cancelled",
        carol,
        "Wrong season",
    )
    cancel_jobs.run_cancel_jobs()
    assert cancellations() == 5


def test_a_killed_worker_is_followed_by_another_one_and_each_is_cancelled_once(job, monkeypatch):
    def die():
        raise Killed

    interrupt(monkeypatch, 2, die)
    with suppress(Killed):
        cancel_jobs.run_cancel_jobs()
    assert [status for status, _problem in results(job)] == ["done", "done", "pending", "pending", "pending"]
    cancel_jobs.run_cancel_jobs()
    assert cancellations() == 2  # the dead one holds its lease until that ends
    CancelJob.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    cancel_jobs.run_cancel_jobs()
    assert results(job) == [("done", "")] * 5
    assert cancellations() == 5


def test_every_row_says_why_it_could_not_be_cancelled(job, many, carol, bob, now, monkeypatch):
    instances.cancel_instance(instance_id=many[0].pk, reason="before", by=bob, now=now)
    child = ProcessInstanceFactory(version=many[1].version, root=many[1])
    CancelItem.objects.create(job=job, instance=child)

    def fail():
        raise RuntimeError("out of paper")

    interrupt(monkeypatch, 2, fail)
    cancel_jobs.run_cancel_jobs()
    assert results(job) == [
        ("failed", "instance_ended"),
        ("done", ""),
        ("failed", "error"),
        ("done", ""),
        ("done", ""),
        ("failed", "conflict"),
    ]
    many[2].refresh_from_db()
    assert many[2].is_live


def test_a_right_that_is_withdrawn_meanwhile_is_gone_for_the_rest(job, carol, monkeypatch):
    monkeypatch.setattr(cancel_jobs, "CHUNK", 2)
    interrupt(monkeypatch, 1, carol.user_permissions.clear)
    cancel_jobs.run_cancel_jobs()
    assert results(job) == [("done", "")] * 2 + [("failed", "forbidden")] * 3


def test_it_pauses_and_goes_on(job, carol, now, monkeypatch):
    interrupt(monkeypatch, 1, lambda: cancel_jobs.pause_job(job=job, by=carol, now=now))
    cancel_jobs.run_cancel_jobs()
    assert [status for status, _problem in results(job)] == ["done", "done", "pending", "pending", "pending"]
    cancel_jobs.run_cancel_jobs()
    assert cancellations() == 2
    cancel_jobs.resume_job(job=job, by=carol, now=now)
    cancel_jobs.run_cancel_jobs()
    assert cancellations() == 5
    with pytest.raises(Conflict):
        cancel_jobs.resume_job(job=job, by=carol, now=now)


def test_what_is_left_when_it_stops_is_left_out_for_good(job, carol, bob, now):
    with pytest.raises(Forbidden):
        cancel_jobs.stop_job(job=job, by=bob, now=now)
    cancel_jobs.stop_job(job=job, by=carol, now=now)
    cancel_jobs.run_cancel_jobs()
    assert results(job) == [("skipped", "")] * 5
    assert cancellations() == 0


def test_a_long_one_is_left_to_the_next_task_in_between(job, monkeypatch):
    woken = []
    monkeypatch.setattr(cancel_jobs, "CHUNK", 2)
    monkeypatch.setattr(working, "PATIENCE", -1)
    monkeypatch.setattr(working, "wake", woken.append)
    cancel_jobs.run_cancel_jobs()
    assert (cancellations(), woken) == (2, [cancel_jobs.RUN])
    for _number in range(2):
        cancel_jobs.run_cancel_jobs()
    job.refresh_from_db()
    assert (job.status, cancellations()) == ("done", 5)


def test_open_pages_hear_of_its_progress_from_the_live_stream(job, carol, monkeypatch):
    heard = []
    monkeypatch.setattr(live, "_listeners", [heard.append])
    cancel_jobs.run_cancel_jobs()
    assert heard == [[carol.pk]]


def test_the_preview_counts_what_it_closes_whatever_the_number(
    many, carol, django_assert_num_queries, stuck, bob
):
    child = ProcessInstanceFactory(version=many[1].version, root=many[1])
    with django_assert_num_queries(7):  # six, and one for the rights
        preview = preview_cancel(instances=ProcessInstance.objects.all(), by=carol)
    assert (preview.roots, preview.children, preview.steps, preview.activities) == (5, 1, 5, 5)
    assert (preview.performers, preview.people, preview.last_id) == (["Bob"], 1, many[-1].pk)
    assert child.pk > preview.last_id


def test_instances_of_one_name_are_named_once_with_their_number(as_user, many, carol):
    ProcessInstance.objects.filter(pk=many[0].pk).update(caption="Another")
    preview = preview_cancel(instances=ProcessInstance.objects.all(), by=carol)
    assert (preview.captions, preview.named) == (["4 × Choose a way", "Another"], 5)
    page = as_user(carol).get(reverse("processes:cancel"), {"all": 1}).content.decode()
    assert "4 × Choose a way, Another</span>" in page
    one = preview_cancel(instances=ProcessInstance.objects.filter(pk=many[1].pk), by=carol)
    assert one.captions == ["Choose a way"]


def test_a_reason_is_asked_for_and_nothing_is_set_out_without_it(many, carol, now):
    with pytest.raises(Invalid):
        cancel_jobs.start_cancel_job(instances=ProcessInstance.objects.all(), reason=" ", by=carol, now=now)
    assert not CancelJob.objects.exists()


def test_all_that_match_the_filter_are_those_that_the_preview_saw(as_user, many, carol, stuck, bob, now):
    url = reverse("processes:cancel")
    page = as_user(carol).get(url, {"all": 1, "q": "choose"})
    assert "Cancel 5 instances?" in page.content.decode()
    late = instances.start_process(process=stuck, by=bob, now=now)
    fields = dict(page.context["fields"])
    assert fields == {"all": "1", "q": "choose", "last": many[-1].pk}
    answer = as_user(carol).post(url, {**fields, "reason": "x"})
    job = CancelJob.objects.get()
    assert answer["Location"] == reverse("processes:cancel-job", args=[job.pk])
    assert list(job.items.order_by("id").values_list("instance", flat=True)) == [one.pk for one in many]
    assert not job.items.filter(instance=late).exists()


def test_one_alone_is_cancelled_at_once(as_user, many, carol):
    url = reverse("processes:cancel")
    answer = as_user(carol).post(
        url, {"ids": many[0].pk, "reason": "By mistake"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204
    assert "work-changed" in answer["HX-Trigger"]
    again = as_user(carol).post(url, {"ids": many[0].pk, "reason": "By mistake"})
    assert again.status_code == 400
    assert (cancellations(), CancelJob.objects.count()) == (1, 0)


def test_the_page_follows_the_job_and_its_file_has_every_row(as_user, job, many, carol, bob, now):
    instances.cancel_instance(instance_id=many[0].pk, reason="before", by=bob, now=now)
    client, url = as_user(carol), reverse("processes:cancel-job", args=[job.pk])
    text = client.get(url).content.decode()
    assert 'hx-trigger="work-changed from:body"' in text
    assert "0 of 5" in text
    cost = count_queries(client, url)
    cancel_jobs.run_cancel_jobs()
    text = client.get(url, {"status": "failed"}).content.decode()
    assert "5 of 5" in text
    assert "It had already ended." in text
    assert "hx-trigger" not in text.partition('id="cancel-job"')[2].partition(">")[0]
    assert count_queries(client, url) == cost
    report = client.get(reverse("processes:cancel-report", args=[job.pk]))
    rows = list(csv.DictReader(io.StringIO(b"".join(report.streaming_content).decode("utf-8-sig"))))
    assert [row["result"] for row in rows] == ["Not cancelled", *["Cancelled"] * 4]


def test_nobody_without_the_right_sees_or_moves_a_job(as_user, job, mallory, bob):
    for user in (mallory, bob):
        client = as_user(user)
        for name in ("cancel-job", "cancel-report"):
            assert client.get(reverse(f"processes:{name}", args=[job.pk])).status_code == 403
        assert client.get(reverse("processes:cancel-jobs")).status_code == 403
        for move in ("pause", "resume", "stop"):
            assert client.post(reverse("processes:cancel-move", args=[job.pk, move])).status_code == 403
    job.refresh_from_db()
    assert job.status == "running"


def test_the_action_of_the_administration_takes_all_rows_of_its_filter(as_user, admin, many, stuck, bob, now):
    client, url = as_user(admin), reverse("admin:processes_processinstance_changelist") + "?status=running"
    chosen = {"action": "cancel_selected", "_selected_action": many[0].pk, "select_across": "1"}
    page = client.post(url, chosen)
    assert page.context["preview"].roots == 5
    fields = dict(page.context["fields"])
    instances.start_process(process=stuck, by=bob, now=now)
    assert "This field is required." in client.post(url, {**fields, "reason": ""}).content.decode()
    client.post(url, {**fields, "reason": "Over"})
    assert CancelJob.objects.get().items.count() == 5


def test_a_process_disabled_with_many_instances_leaves_most_of_them_to_the_worker(
    as_user, many, carol, bob, stuck, now
):
    many += [instances.start_process(process=stuck, by=bob, now=now) for _number in range(5)]
    carol = allow(carol, "disable_process")
    answer = as_user(carol).post(
        reverse("processes:disable", args=["stuck"]), {"running": "cancel", "reason": "Season over"}
    )
    job = CancelJob.objects.get()
    assert answer["Location"] == reverse("processes:cancel-job", args=[job.pk])
    assert CancelItem.objects.of_job(job).counts() == {"done": cancel_jobs.FIRST, "pending": 5}
    cancel_jobs.run_cancel_jobs()
    job.refresh_from_db()
    assert (job.status, job.reason, cancellations()) == ("done", "Season over", 10)


def test_where_nothing_runs_there_is_nothing_to_cancel(as_user, stuck, admin):
    url = reverse("processes:disable", args=["stuck"])
    answer = as_user(admin).post(url, {"running": "cancel", "reason": "Season over"})
    assert answer["Location"] == reverse("processes:process", args=["stuck"])
    assert not CancelJob.objects.exists()

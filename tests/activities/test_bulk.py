"""Bulk actions: asked once, done row by row through the services, each row with its own result."""

from datetime import timedelta

import pytest

from activities.models import Activity
from bpm_portal.common.errors import Conflict
from tests import factories
from tests.activities.pages import text

HTMX = {"HX-Request": "true"}


def address(action, run=False):
    return f"/activities/bulk/{action}/{'run/' if run else ''}"


def run(client, action, ids, **values):
    return client.post(address(action, run=True), {"ids": ids, **values}, headers=HTMX)


def results(response):
    text(response)
    return {result.title: result.refusal for result in response.context["results"]}


def statuses():
    return dict(Activity.objects.values_list("title", "status"))


def test_every_row_has_its_own_result_and_a_refused_one_stops_no_other(as_bob, bob, task, managed, now):
    closed = factories.ActivityFactory(title="Old", owner=bob, status="completed", closed_at=now)
    other = factories.ActivityFactory(title="Other", owner=bob)
    found = results(run(as_bob, "cancel", [task.pk, managed.pk, closed.pk, other.pk], reason="No need"))
    assert list(found) == [task.title, managed.title, "Old", "Other"]
    assert (found[task.title], found["Other"]) == ("", "")
    assert "belongs to a running process" in found[managed.title]
    assert "Nothing is left to do" in found["Old"]
    assert statuses() == {
        task.title: "cancelled",
        managed.title: "not_started",
        "Old": "completed",
        "Other": "cancelled",
    }
    assert Activity.objects.get(pk=task.pk).result_details == "No need"


def test_what_one_may_not_see_has_no_title_and_is_left_alone(as_mallory, as_bob, task, mallory):
    as_mallory.force_login(mallory)
    found = results(run(as_mallory, "complete", [task.pk]))
    assert found == {f"#{task.pk}": "It does not exist, or it is not yours to see."}
    assert statuses() == {task.title: "not_started"}


def test_managed_ones_that_offer_the_same_results_are_completed_with_one_of_them(
    as_bob, bob, managed, manager
):
    second = factories.ActivityFactory(
        title="Second", owner=bob, managed_by="fake", allowed_results=managed.allowed_results
    )
    ids = [managed.pk, second.pk]
    body = text(as_bob.get(address("complete"), {"ids": ids}, headers=HTMX))
    assert "Signed by the client" in body
    assert text(run(as_bob, "complete", ids, result="elsewhere"), status=400)
    assert results(run(as_bob, "complete", ids, result="signed", details="Both")) == {
        managed.title: "",
        "Second": "",
    }
    assert [(name, call["result"], call["details"]) for name, call in manager.calls] == [
        ("complete", "signed", "Both")
    ] * 2


def test_what_offers_different_results_is_not_completed_together(as_bob, task, managed, manager):
    ids = [task.pk, managed.pk]
    body = text(as_bob.get(address("complete"), {"ids": ids}, headers=HTMX))
    assert "offer different results" in body
    text(run(as_bob, "complete", ids, result="signed"), status=400)
    assert manager.calls == []
    assert set(statuses().values()) == {"not_started"}


def test_what_the_process_refuses_is_told_in_its_words(as_bob, managed, manager):
    manager.error = Conflict("Carol was faster.")
    assert results(run(as_bob, "complete", [managed.pk], result="signed")) == {
        managed.title: "Carol was faster."
    }


def test_postponing_takes_a_preset_or_a_moment(as_bob, task, managed, manager):
    before = task.starts_at
    results(run(as_bob, "postpone", [task.pk, managed.pk], preset="tomorrow-morning"))
    task.refresh_from_db()
    assert task.starts_at > before
    assert [name for name, _call in manager.calls] == ["postpone"]
    text(run(as_bob, "postpone", [task.pk], until=""), status=400)


def test_reassigning_gives_all_to_a_role(as_bob, task, managed, manager, role):
    results(run(as_bob, "reassign", [task.pk, managed.pk], role=role.pk))
    task.refresh_from_db()
    assert (task.owner, task.role) == (None, role)
    assert manager.calls[0][1]["role"] == role


def test_many_rows_run_in_batches_until_none_is_left(as_bob, bob):
    made = factories.ActivityFactory.create_batch(24, owner=bob)
    values = {"ids": [activity.pk for activity in made], "result": "reached"}
    seen, response = 0, None
    for finished in (10, 20, 24):
        response = as_bob.post(address("complete", run=True), values, headers=HTMX)
        body = text(response)
        seen += len(response.context["results"])
        assert response.context["finished"] == seen == finished
        assert ('hx-trigger="load"' in body) is (finished < 24)
        values |= {"ids": response.context["rest"], "total": 24, "refused": response.context["refused"]}
    assert "24 activities are done." in text(response)
    assert "activities-changed" in response.headers["HX-Trigger"]
    assert Activity.objects.filter(status="completed", result="reached").count() == 24


def test_the_number_of_queries_of_a_batch_grows_by_its_rows_alone(as_bob, bob, django_assert_num_queries):
    def measured(number):
        made = factories.ActivityFactory.create_batch(number, owner=bob)
        with django_assert_num_queries(500, exact=False) as captured:
            run(as_bob, "cancel", [activity.pk for activity in made])
        return len(captured)

    measured(1)
    one, two, five = measured(1), measured(2), measured(5)
    assert five - one == 4 * (two - one)


@pytest.mark.parametrize("ids", [[], ["x"], [10**30], ["-1"]])
def test_a_selection_of_nothing_does_nothing(as_bob, ids):
    assert results(run(as_bob, "cancel", ids)) == {}


def test_an_action_that_does_not_exist_is_not_found(as_bob, task):
    text(as_bob.get(address("explode"), {"ids": [task.pk]}), status=404)
    text(run(as_bob, "explode", [task.pk]), status=404)
    assert as_bob.get(address("cancel", run=True)).status_code == 405


def test_the_list_offers_boxes_for_what_is_open_only(as_bob, bob, task, now):
    factories.ActivityFactory(title="Old", owner=bob, status="completed", closed_at=now)
    body = text(as_bob.get("/activities/?status=any"))
    assert body.count('name="ids"') == 1
    assert f'value="{task.pk}"' in body


def test_until_can_be_a_moment_of_its_own(as_bob, task):
    moment = (task.starts_at + timedelta(days=2000)).strftime("%Y-%m-%dT%H:%M")
    results(run(as_bob, "postpone", [task.pk], until=moment))
    before = task.starts_at
    task.refresh_from_db()
    assert task.starts_at == before + timedelta(days=2000)

"""Starting, completing and cancelling."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from activities import services
from activities.errors import ActivityAlreadyClosed, CancelledByProcessOnly
from bpm_portal.common.errors import Conflict, Forbidden, Invalid, NotFound
from tests import factories
from tests.activities.conftest import RESULTS
from tests.patience import PATIENCE


def complete(activity, by, now, result="", details=""):
    return services.complete_activity(activity_id=activity.pk, result=result, details=details, by=by, now=now)


def test_completing_stores_the_result_who_and_when(task, bob, now):
    finished = complete(task, bob, now, result="reached", details="They will sign.")
    task.refresh_from_db()
    assert (finished.next_url, finished.count) == ("", None)
    assert (task.status, task.result, task.result_details) == ("completed", "reached", "They will sign.")
    assert (task.closed_by, task.closed_at) == (bob, now)


def test_second_person_to_finish_is_told_who_won(task, alice, bob, now):
    complete(task, bob, now, result="reached")
    with pytest.raises(ActivityAlreadyClosed) as refusal:
        complete(task, alice, now + timedelta(minutes=5), result="missed")
    assert refusal.value.detail["by"] == "Bob"
    assert refusal.value.detail["at"] == now.isoformat()
    assert refusal.value.status == 409
    assert "Bob completed this activity on 2 Mar 2026, 09:00." in refusal.value.message
    task.refresh_from_db()
    assert task.result == "reached"


def test_one_who_cancelled_is_named_as_such(task, alice, bob, now):
    services.cancel_activity(activity_id=task.pk, by=alice, now=now, reason="They called us.")
    with pytest.raises(ActivityAlreadyClosed, match="Alice cancelled this activity"):
        complete(task, bob, now)
    task.refresh_from_db()
    assert (task.status, task.result, task.result_details) == ("cancelled", "", "They called us.")


def test_only_offered_results_are_taken(bob, now):
    task = factories.ActivityFactory(owner=bob, allowed_results=RESULTS)
    for result in ("", "unheard-of"):
        with pytest.raises(Invalid) as refusal:
            complete(task, bob, now, result=result)
        assert "result" in refusal.value.detail
    complete(task, bob, now, result="later")
    task.refresh_from_db()
    assert task.result_label == "Ask again later"


def test_a_result_that_does_not_fit_its_column_is_refused_with_a_sentence(task, bob, now):
    with pytest.raises(Invalid):
        complete(task, bob, now, result="x" * 101)


def test_people_who_see_it_by_a_record_only_may_not_act(task, carol, record, now):
    task.record = record
    task.save()
    for act in (
        lambda: complete(task, carol, now),
        lambda: services.start_activity(activity_id=task.pk, by=carol, now=now),
        lambda: services.cancel_activity(activity_id=task.pk, by=carol, now=now),
    ):
        with pytest.raises(Forbidden):
            act()
    task.refresh_from_db()
    assert task.status == "not_started"


def test_mallory_does_not_even_learn_that_it_exists(task, managed, manager, mallory, now):
    for activity in (task, managed):
        for act in (
            lambda pk: services.complete_activity(activity_id=pk, result="", details="", by=mallory, now=now),
            lambda pk: services.start_activity(activity_id=pk, by=mallory, now=now),
            lambda pk: services.cancel_activity(activity_id=pk, by=mallory, now=now),
        ):
            with pytest.raises(NotFound):
                act(activity.pk)
    assert manager.calls == []


def test_role_members_and_administrators_may_act(role, carol, admin, alice, now):
    for by in (carol, admin):
        activity = factories.ActivityFactory(role=role, author=alice)
        complete(activity, by, now)
        activity.refresh_from_db()
        assert activity.closed_by == by


def test_a_managed_activity_is_completed_by_its_manager(managed, manager, bob, now):
    finished = complete(managed, bob, now, result="signed", details="At last.")
    assert (finished.next_url, finished.count) == ("/steps/8/", 4)
    assert manager.calls == [
        (
            "complete",
            {"activity_id": managed.pk, "result": "signed", "details": "At last.", "by": bob, "now": now},
        )
    ]


def test_what_the_manager_refuses_reaches_the_caller(managed, manager, bob, now):
    manager.error = Conflict()
    with pytest.raises(Conflict):
        complete(managed, bob, now, result="signed")


def test_a_managed_activity_cannot_be_cancelled_by_itself(managed, bob, admin, now):
    for by in (bob, admin):
        with pytest.raises(CancelledByProcessOnly, match="belongs to a running process"):
            services.cancel_activity(activity_id=managed.pk, by=by, now=now)


def test_starting_works_once_and_for_managed_ones_too(task, managed, bob, now):
    for activity in (task, managed):
        for _time in range(2):
            services.start_activity(activity_id=activity.pk, by=bob, now=now)
            activity.refresh_from_db()
            assert activity.status == "in_progress"


def test_what_is_final_does_not_start_again(task, bob, now):
    complete(task, bob, now)
    with pytest.raises(ActivityAlreadyClosed):
        services.start_activity(activity_id=task.pk, by=bob, now=now)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_finish_at_once_exactly_one_wins(role, bob, carol, alice, now):
    """All read an open row, then meet at its lock: who waits there must read again, or would overwrite."""
    activity = factories.ActivityFactory(role=role, author=alice)
    start, outcomes = threading.Barrier(6), []

    def finish(by, result):
        try:
            start.wait(timeout=PATIENCE)
            complete(activity, by, now, result=result)
            outcomes.append(("won", result))
        except ActivityAlreadyClosed as refusal:
            outcomes.append(("told", refusal.detail["by"]))
        finally:
            connection.close()

    people = [bob, carol, alice] * 2
    threads = [threading.Thread(target=finish, args=(by, f"result {i}")) for i, by in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE)
    won = [result for word, result in outcomes if word == "won"]
    told = {by for word, by in outcomes if word == "told"}
    activity.refresh_from_db()
    assert len(outcomes) == 6
    assert won == [activity.result]
    assert told == {str(activity.closed_by)}

"""One instance from its start to its completion, by services alone."""

from datetime import timedelta

import pytest

from activities.models import Activity
from bpm_portal.common.errors import Invalid
from processes.models import ProcessEvent, ProcessInstance, ProcessStep
from processes.services import instances, steps
from processes.tasks import sweep

pytestmark = pytest.mark.django_db


def pending(instance):
    return list(ProcessStep.objects.pending().filter(instance=instance).order_by("id"))


def test_a_contract_goes_through_task_question_and_form(approval, contract, bob, carol, now):
    instance = instances.start_process(process=approval, by=bob, now=now, record=contract)
    assert instance.caption == "Approval of Contract 7"
    [task] = pending(instance)
    assert (task.waits_on, task.assignee, task.due_at) == ("activity", bob, now + timedelta(days=1))
    activity = task.activity
    assert (activity.owner, activity.record, activity.process_caption) == (bob, contract, instance.caption)
    assert [r["code"] for r in activity.allowed_results] == ["ready", "drop"]

    with pytest.raises(Invalid):
        steps.complete_step(step_id=task.pk, by=bob, now=now, result="unheard of")
    done = steps.complete_step(step_id=task.pk, by=bob, now=now, result="ready", details="as agreed")
    activity.refresh_from_db()
    assert (activity.status, activity.result, activity.result_details) == ("completed", "ready", "as agreed")

    [question] = pending(instance)
    assert done.next_step_id == question.pk
    assert done.count == 1
    assert (question.assignee, question.role.name) == (None, "Sales managers")
    steps.complete_step(step_id=question.pk, by=carol, now=now, result="yes")

    [form] = pending(instance)
    assert (form.waits_on, form.record, form.activity) == ("record", contract, None)
    end = now + timedelta(hours=5)
    with pytest.raises(Invalid) as problem:
        steps.complete_step(step_id=form.pk, by=bob, now=now, result="signed", variables={"fee": "x"})
    assert set(problem.value.detail) == {"place", "fee"}
    steps.complete_step(
        step_id=form.pk, by=bob, now=end, result="signed", variables={"place": "Minsk", "fee": "12.50"}
    )
    instance.refresh_from_db()
    assert (instance.status, instance.ended_at, instance.duration) == ("running", end, None)
    assert instances.finish_instance(instance_id=instance.pk, now=end + timedelta(days=3))
    instance.refresh_from_db()
    assert (instance.status, instance.ended_at) == ("completed", end)
    assert instance.duration == timedelta(hours=5)
    assert not instances.finish_instance(instance_id=instance.pk, now=end)
    assert instance.variables == {
        "prepare": "ready", "decide": "yes", "sign": "signed", "place": "Minsk", "fee": {"$decimal": "12.5"},
    }  # fmt: skip
    assert not Activity.objects.filter(closed_at=None).exists()
    kinds = list(ProcessEvent.objects.filter(instance=instance).values_list("kind", flat=True))
    assert kinds[0] == "instance-started"
    assert kinds.count("step-completed") >= 3
    assert kinds[-2:] == ["instance-ended", "instance-completed"]


def test_the_sweep_finishes_what_no_worker_was_told_of(approval, contract, bob, now):
    instance = instances.start_process(process=approval, by=bob, now=now, record=contract)
    steps.complete_step(step_id=pending(instance)[0].pk, by=bob, now=now, result="ready")
    steps.complete_step(step_id=pending(instance)[0].pk, by=bob, now=now, result="no")
    sweep()
    assert ProcessInstance.objects.get().status == "completed"
    assert not ProcessEvent.objects.filter(published_at=None).exclude(kind="instance-completed").exists()

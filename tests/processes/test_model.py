"""The database has the last word: every rule it keeps is refused when broken and accepted when kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from activities.models import ActivityConnection, Participant
from processes.models import (
    CancelItem,
    CancelJob,
    DailySummary,
    ProcessDelivery,
    ProcessEvent,
    ProcessStart,
    ProcessVersionFile,
    SummaryZone,
)
from records.models import DefaultFilter, RecordField, RecordType, SavedFilter
from tests import factories as f
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
Make = Callable[[], Any]


def step(**values: Any) -> Make:
    """A step that waits on nothing unless told."""
    blank = {"waits_on": "", "activity": None, "record": None}
    return lambda: f.HumanStepFactory(**blank | {n: v() if callable(v) else v for n, v in values.items()})


def instance(**values: Any) -> Make:
    return lambda: f.ProcessInstanceFactory(**values)


def activity(**values: Any) -> Make:
    return lambda: f.ActivityFactory(**values)


def field(**values: Any) -> Make:
    """A text field of a section of its own unless told."""
    return lambda: RecordField.objects.create(
        **{"record_type": f.RecordTypeFactory(code="empty"), "code": "own", "label": "Own"}
        | {name: value() if callable(value) else value for name, value in values.items()}
    )


def twice(make: Callable[..., Any], same: Callable[[], dict[str, Any]], **differently: Any) -> Make:
    """Two rows alike, but for what differs in the second."""

    def make_two() -> None:
        values = same()
        make(**values)
        make(**values | differently)

    return make_two


def version_of_one_process() -> dict[str, Any]:
    return {"process": f.ProcessFactory(), "number": 1, "is_current": False}


def message_start() -> dict[str, Any]:
    return {"version": f.ProcessVersionFactory(), "element_id": "s", "waits_on": "message", "topic": "paid"}


def file_of_version() -> dict[str, Any]:
    return {"version": f.ProcessVersionFactory(), "name": "a.dmn", "source": b""}


def thrown() -> dict[str, Any]:
    event = ProcessEvent.objects.create(instance=f.ProcessInstanceFactory(), kind="message-thrown", at=NOW)
    return {"event": event, "kind": "message", "name": "paid", "at": NOW}


def current_version() -> dict[str, Any]:
    return {"process": f.ProcessFactory(), "is_current": True}


def contract_from_outside() -> dict[str, Any]:
    return {"record_type": f.RecordTypeFactory(), "external_id": "crm-7"}


def cancelled_one() -> dict[str, Any]:
    job = CancelJob.objects.create(reason="Over", created_at=NOW)
    return {"job": job, "instance": f.ProcessInstanceFactory()}


def job(**columns: Any) -> Make:
    return lambda: CancelJob.objects.create(reason="Over", created_at=NOW, **columns)


def item(**columns: Any) -> Make:
    return lambda: CancelItem.objects.create(**cancelled_one(), **columns)


def day() -> dict[str, Any]:
    version = f.ProcessVersionFactory()
    zone = SummaryZone.objects.create(name="UTC")
    return {"zone": zone, "process": version.process, "version": version, "day": NOW.date()}


def connection() -> dict[str, Any]:
    return {"activity": f.ActivityFactory(), "record": f.RecordFactory()}


def own_field() -> dict[str, Any]:
    return {"record_type": f.RecordTypeFactory(code="empty"), "code": "own", "label": "Own"}


def participant() -> dict[str, Any]:
    return {"activity": f.ActivityFactory(), "user": f.UserFactory()}


def own_filter() -> dict[str, Any]:
    return {"owner": f.UserFactory(), "list_code": "activities", "name": "Mine", "created_at": NOW}


def first_filter() -> dict[str, Any]:
    kept = SavedFilter.objects.create(**own_filter())
    return {"user": kept.owner, "list_code": "activities", "filter": kept}


DONE = {"status": "completed", "closed_at": NOW}
ENDED = {"ended_at": NOW + HOUR, "duration": HOUR}
A, R = f.ActivityFactory, f.RecordFactory

BROKEN: dict[str, list[Make]] = {
    "step_activity_exactly_when_it_waits_on_one": [
        step(waits_on="activity"),
        step(waits_on="timer", activity=A),
        step(activity=A),
        step(waits_on="record", record=R, activity=A),
        step(**DONE, waits_on="activity"),
    ],
    "step_record_exactly_when_it_waits_on_one": [
        step(waits_on="record"),
        step(waits_on="worker", record=R),
        step(record=R),
        step(waits_on="activity", activity=A, record=R),
    ],
    "step_closed_exactly_when_not_pending": [
        step(closed_at=NOW),
        *(step(status=status) for status in ("completed", "cancelled", "failed", "skipped")),
    ],
    "step_human_has_a_start": [
        step(waits_on="activity", activity=A, starts_at=None),
        step(waits_on="record", record=R, starts_at=None),
    ],
    "instance_completed_has_end_and_duration": [
        instance(status="completed", ended_at=NOW + HOUR),
    ],
    "instance_final_has_an_end": [instance(status="cancelled")],
    "instance_ends_after_its_start": [
        instance(ended_at=NOW - HOUR),
        instance(status="completed", ended_at=NOW - HOUR, duration=-HOUR),
    ],
    "version_number_once_per_process": [twice(f.ProcessVersionFactory, version_of_one_process)],
    "version_one_current": [twice(f.ProcessVersionFactory, current_version, number=2)],
    "version_file_once": [twice(ProcessVersionFile.objects.create, file_of_version)],
    "start_once_per_definition": [twice(ProcessStart.objects.create, message_start)],
    "start_timer_is_due": [
        lambda: ProcessStart.objects.create(
            version=f.ProcessVersionFactory(), element_id="s", waits_on="timer"
        )
    ],
    "delivery_once_per_event": [twice(ProcessDelivery.objects.create, thrown)],
    "cancel_job_ended_exactly_when_final": [
        job(status="done"),
        job(ended_at=NOW),
        job(status="paused", ended_at=NOW),
    ],
    "cancel_item_once": [twice(CancelItem.objects.create, cancelled_one)],
    "cancel_item_problem_exactly_when_failed": [item(status="failed"), item(status="done", problem="error")],
    "daily_summary_once": [twice(DailySummary.objects.create, day)],
    "activity_due_not_before_start": [activity(due_at=NOW - HOUR)],
    "activity_closed_exactly_when_final": [
        activity(status="completed"),
        activity(status="cancelled"),
        activity(closed_at=NOW),
        activity(status="in_progress", closed_at=NOW),
    ],
    "activity_result_only_when_final": [activity(result="ready"), activity(result_details="as agreed")],
    "activity_connection_once": [twice(ActivityConnection.objects.create, connection)],
    "participant_once": [twice(Participant.objects.create, participant)],
    "default_filter_once": [twice(DefaultFilter.objects.create, first_filter)],
    "kept_filter_name_once": [twice(SavedFilter.objects.create, own_filter)],
    "record_external_id_once_per_type": [twice(f.RecordFactory, contract_from_outside)],
    "record_field_code_once_per_type": [twice(RecordField.objects.create, own_field)],
    "record_field_lookup_has_a_type": [field(kind="lookup"), field(lookup_type=f.RecordTypeFactory)],
}

KEPT: dict[str, Make] = {
    "a step on an activity": step(waits_on="activity", activity=A),
    "a step on a record": step(waits_on="record", record=R),
    "a timer": step(waits_on="timer", starts_at=None),
    "a step of the engine alone": step(starts_at=None),
    "a closed step on an activity": step(**DONE, waits_on="activity", activity=A),
    "a cancelled step on a record": step(status="cancelled", closed_at=NOW, waits_on="record", record=R),
    "an incident": step(status="failed", closed_at=NOW, starts_at=None),
    "a running instance": instance(),
    "an instance past its end event": instance(ended_at=NOW + HOUR),
    "an instance that took no time": instance(status="completed", ended_at=NOW, duration=timedelta()),
    "a completed instance": instance(status="completed", **ENDED),
    "a cancelled instance": instance(status="cancelled", ended_at=NOW),
    "a failed instance": instance(status="failed"),
    "two versions": twice(f.ProcessVersionFactory, version_of_one_process, number=2),
    "an old and a current version": twice(
        f.ProcessVersionFactory, current_version, number=2, is_current=False
    ),
    "current versions of two processes": lambda: [f.ProcessVersionFactory(), f.ProcessVersionFactory()],
    "an activity that is due as it starts": activity(due_at=NOW),
    "a completed activity": activity(**DONE, result="ready", result_details="as agreed"),
    "a cancelled activity": activity(status="cancelled", closed_at=NOW, result_details="no need"),
    "an activity in progress": activity(status="in_progress"),
    "an activity with two connections": lambda: [
        ActivityConnection.objects.create(activity=activity, record=f.RecordFactory())
        for activity in [f.ActivityFactory()] * 2
    ],
    "two participants": lambda: [
        Participant.objects.create(activity=activity, user=f.UserFactory())
        for activity in [f.ActivityFactory()] * 2
    ],
    "two saved filters": twice(SavedFilter.objects.create, own_filter, name="Urgent"),
    "a filter of that name for another list": twice(
        SavedFilter.objects.create, own_filter, list_code="records:contract"
    ),
    "two records of no outside system": twice(f.RecordFactory, contract_from_outside, external_id=""),
    "records of one outside id in two sections": lambda: [
        f.RecordFactory(external_id="crm-7", record_type=f.RecordTypeFactory(code=code)) for code in "ab"
    ],
    "two starts by one event": twice(ProcessStart.objects.create, message_start, position=1),
    "the receivers of one signal": lambda: [
        ProcessDelivery.objects.create(**values, process=f.ProcessFactory())
        for values in [thrown()]
        for _ in range(2)
    ],
    "a job that is done": job(status="done", ended_at=NOW),
    "an instance that a job could not cancel": item(status="failed", problem="error"),
    "two days": twice(DailySummary.objects.create, day, day=NOW.date() + timedelta(days=1)),
    "two fields": twice(RecordField.objects.create, own_field, code="other"),
    "a lookup": field(kind="lookup", lookup_type=f.RecordTypeFactory),
}


@pytest.mark.parametrize(
    ("name", "make"),
    [(name, make) for name, makes in BROKEN.items() for make in makes],
    ids=[f"{name}-{number}" for name, makes in BROKEN.items() for number in range(len(makes))],
)
def test_a_broken_rule_is_refused_by_its_name(name, make) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        make()
    assert refusal.value.__cause__.diag.constraint_name == name


@pytest.mark.parametrize("make", KEPT.values(), ids=KEPT)
def test_what_keeps_the_rules_is_accepted(make) -> None:
    make()


def test_every_rule_is_in_the_table() -> None:
    rules = {
        constraint.name
        for app in ("processes", "activities", "records")
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
    }
    assert rules == set(BROKEN)


@pytest.mark.parametrize(
    ("make", "values"),
    [(f.ProcessFactory, {"key": "one"}), (RecordType.objects.create, {"code": "one"})],
    ids=["processes", "sections"],
)
def test_a_key_is_given_once(make, values) -> None:
    make(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**values)


@pytest.mark.parametrize(
    ("make", "relation"),
    [
        (f.HumanStepFactory, "activity"),
        (lambda: f.HumanStepFactory(waits_on="record", activity=None, record=f.RecordFactory()), "record"),
        (f.ProcessInstanceFactory, "version"),
        (f.ProcessInstanceFactory, "process"),
    ],
    ids=["activity of a step", "record of a step", "version of an instance", "process of an instance"],
)
def test_what_others_stand_on_cannot_be_deleted(make, relation) -> None:
    with pytest.raises(models.ProtectedError):
        getattr(make(), relation).delete()


@pytest.mark.parametrize("name", ["assignee", "role"])
def test_a_performer_who_is_deleted_leaves_the_step_to_the_unassigned(bob, role, name) -> None:
    left = f.HumanStepFactory(**{name: {"assignee": bob, "role": role}[name]})
    {"assignee": bob, "role": role}[name].delete()
    left.refresh_from_db()
    assert (left.assignee, left.role, left.is_pending) == (None, None, True)
    assert type(left).objects.unassigned().get() == left

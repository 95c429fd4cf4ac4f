"""Races on real PostgreSQL: a record is deleted while a process begins to need it."""

from functools import partial

import pytest

from bpm_portal.common.errors import Conflict, NotFound
from processes.models import ProcessInstance, ProcessStep
from processes.services import instances, steps
from processes.services.definitions import deploy_file
from records.models import Record
from records.services import delete_record
from tests.engine.drawing import end, extended, start, user, xml
from tests.factories import RecordFactory
from tests.processes.test_races import first_step, together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 15
NAMED = xml(
    start(),
    user("ask"),
    user(
        "odd", extended('<portal:button code="ok" label="Ok"/>'), portal_record="=which", portal_kind="form"
    ),
    end(),
    flows=["start ask", "ask odd", "odd end"],
)


def is_whole(step: ProcessStep, record: Record, deleted: object) -> bool:
    """The step has the record, which stayed, or it has gone and the step does not need it."""
    if isinstance(deleted, Conflict):
        return step.record_id == record.pk and Record.objects.filter(pk=record.pk).exists()
    assert deleted is None, deleted
    return step.record_id != record.pk and not Record.objects.filter(pk=record.pk).exists()


def test_a_step_that_opens_on_the_record_of_its_instance_while_that_is_deleted(approval, bob, now):
    # The deletion holds the record and wants the instance, the turn the other way round.
    for _round in range(ROUNDS):
        record = RecordFactory()
        instance = instances.start_process(process=approval, by=bob, now=now, record=record)
        steps.complete_step(step_id=first_step(instance).pk, by=bob, now=now, result="ready")
        question = first_step(instance)
        type(question.activity).objects.filter(pk=question.activity_id).update(record=None)
        done, deleted = together(
            partial(steps.complete_step, step_id=question.pk, by=bob, now=now, result="yes"),
            partial(delete_record, record=record, by=bob, now=now),
        )
        assert isinstance(done, steps.Completion), done
        assert is_whole(first_step(instance), record, deleted)


def test_a_step_that_opens_on_a_record_that_its_diagram_names_while_that_is_deleted(admin, now):
    [version] = deploy_file(source=NAMED, by=None, now=now)
    for _round in range(ROUNDS):
        record = RecordFactory()
        instance = instances.start_process(
            process=version.process, by=admin, now=now, variables={"which": record.pk}
        )
        done, deleted = together(
            partial(steps.complete_step, step_id=first_step(instance).pk, by=admin, now=now),
            partial(delete_record, record=record, by=admin, now=now),
        )
        assert isinstance(done, steps.Completion), done
        assert is_whole(ProcessStep.objects.get(instance=instance, element_id="odd"), record, deleted)


def test_a_process_that_starts_on_a_record_while_that_is_deleted(approval, bob, now):
    for _round in range(ROUNDS):
        record = RecordFactory()
        begun, deleted = together(
            partial(instances.start_process, process=approval, by=bob, now=now, record=record),
            partial(delete_record, record=record, by=bob, now=now),
        )
        if isinstance(begun, ProcessInstance):
            assert isinstance(deleted, Conflict), deleted
        else:
            assert isinstance(begun, NotFound), begun
            assert deleted is None, deleted

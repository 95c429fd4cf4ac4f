"""A role or a person is deleted while somebody's turn refers to them: a sentence, and nothing half done."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.db import connections, transaction

from bpm_portal.common.errors import Conflict
from processes.models import ProcessStep
from processes.services import handing, instances, steps
from tests.factories import RecordFactory, RoleFactory, UserFactory
from tests.faults.rig import blocked_backends
from tests.patience import until
from tests.processes.test_races import first_step

pytestmark = pytest.mark.django_db(transaction=True)


def meanwhile(delete, call):
    """What comes of the call when the deletion has begun before it and is through only after it."""

    def run():
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            delete()
            result = pool.submit(run)
            until(blocked_backends, "the turn waits for the deletion")
        return result.result()


@pytest.fixture
def question(approval, bob, now) -> ProcessStep:
    instance = instances.start_process(process=approval, by=bob, now=now, record=RecordFactory())
    steps.complete_step(step_id=first_step(instance).pk, by=bob, now=now, result="ready")
    return first_step(instance)


def test_who_completes_a_step_of_a_role_that_is_being_deleted_is_told(question, bob, now):
    office = RoleFactory(name="Office")
    bob.groups.add(office)
    ProcessStep.objects.filter(pk=question.pk).update(role=office, assignee=None)
    answer = partial(steps.complete_step, step_id=question.pk, by=bob, now=now, result="yes")
    told = meanwhile(Group.objects.get(pk=office.pk).delete, answer)
    assert isinstance(told, Conflict), told
    question.refresh_from_db()
    assert (question.status, question.role_id, question.activity.status) == ("pending", None, "not_started")


def test_who_gives_a_step_to_somebody_who_is_being_deleted_is_told(question, admin, bob, now):
    gone = UserFactory(username="gone")
    before = (question.assignee_id, question.role_id)
    give = partial(handing.reassign_step, step_id=question.pk, by=admin, now=now, assignee=gone)
    told = meanwhile(type(gone).objects.get(pk=gone.pk).delete, give)
    assert isinstance(told, Conflict), told
    question.refresh_from_db()
    assert (question.status, question.assignee_id, question.role_id) == ("pending", *before)

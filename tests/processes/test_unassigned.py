"""No pending step is without somebody who can do it, unless it is in the queue of the administrators."""

import pytest

from processes.models import ProcessStep
from tests.factories import ActivityFactory, HumanStepFactory, RoleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def leave(bob):
    """Bob leaves."""

    def leave_now():
        bob.is_active = False
        bob.save()

    return leave_now


def is_unassigned(step) -> bool:
    return ProcessStep.objects.unassigned().filter(pk=step.pk).exists()


def test_what_somebody_can_do_is_not_in_the_queue(bob, role, mallory):
    steps = [HumanStepFactory(assignee=bob), HumanStepFactory(role=role), HumanStepFactory(assignee=mallory)]
    steps.append(HumanStepFactory(assignee=bob, role=role))
    assert not any(map(is_unassigned, steps))


def test_what_is_nobodys_or_of_an_empty_role_is(db):
    assert is_unassigned(HumanStepFactory())
    assert is_unassigned(HumanStepFactory(role=RoleFactory()))


def test_what_somebody_had_who_has_left_is(bob, carol, role, leave):
    own, taken = HumanStepFactory(assignee=bob), HumanStepFactory(assignee=bob, role=role)
    of_role = HumanStepFactory(role=role)
    leave()
    assert is_unassigned(own)
    assert is_unassigned(taken), "a colleague cannot take what somebody has"
    assert not is_unassigned(of_role), "carol is still there"


def test_the_work_of_a_role_whose_last_member_has_left_is(bob, role, leave):
    step = HumanStepFactory(role=role)
    leave()
    assert is_unassigned(step)


def test_closed_steps_and_machine_steps_are_not(now):
    done = HumanStepFactory(status="completed", closed_at=now)
    timer = HumanStepFactory(waits_on="timer", activity=None)
    ActivityFactory()
    assert not any(map(is_unassigned, (done, timer)))

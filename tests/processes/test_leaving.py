"""People who leave, roles without members, managers that there are not: what becomes of their steps, rule by rule."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from notifications.forsaken import tell_of_forsaken_steps
from notifications.handlers import handle_events
from notifications.models import Notification
from processes import outbox
from processes.models import ProcessStep
from processes.services import handing, instances, steps
from processes.services.definitions import deploy_file
from tests.factories import HumanStepFactory, RoleFactory, SubstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db

ONE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:portal="urn:bpm-portal:bpmn:1"
 targetNamespace="urn:test"><process id="one" isExecutable="true" portal:roles="Sales managers">
 <startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>
 <userTask id="t" name="Check paper" %s/><sequenceFlow id="g" sourceRef="t" targetRef="e"/><endEvent id="e"/>
</process></definitions>"""


@pytest.fixture
def manager(db):
    """She administers processes."""
    user = UserFactory(username="manager")
    user.user_permissions.add(Permission.objects.get(codename="run_processinstance"))
    return user


@pytest.fixture
def opened(carol, now):
    """Start a process of one task; returns the step, with its events published."""

    def open_one(performer: str) -> ProcessStep:
        [version] = deploy_file(source=(ONE % performer).encode(), by=None, now=now)
        instance = instances.start_process(process=version.process, by=carol, now=now)
        assert handle_events in outbox._handlers
        outbox.publish(now=now)
        return ProcessStep.objects.pending().get(instance=instance)

    return open_one


def leave(user) -> None:
    user.is_active = False
    user.save()


def queue() -> list[ProcessStep]:
    return list(ProcessStep.objects.unassigned())


def told(user) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("id").values_list("kind", flat=True))


def test_no_manager_leaves_it_in_the_queue_and_administrators_are_told(opened, alice, manager) -> None:
    step = opened('portal:managerOf="alice"')
    assert (step.assignee, step.role, queue()) == (None, None, [step])
    assert told(manager) == ["step-unassigned"]


def test_a_role_without_members_keeps_it_and_the_first_member_finds_it_there(
    opened, manager, mallory, now
) -> None:
    team = RoleFactory(name="Team")
    step = opened('portal:role="Team"')
    assert (step.role, queue()) == (team, [step])
    tell_of_forsaken_steps(now=now)
    assert told(manager) == ["step-unassigned"]
    mallory.groups.add(team)
    assert queue() == []
    assert list(ProcessStep.objects.for_performer(mallory)) == [step]


def test_who_has_left_keeps_it_and_has_it_again_when_he_is_back(opened, bob, manager, now) -> None:
    leave(bob)
    step = opened('portal:assignee="bob"')
    assert (step.assignee, queue()) == (bob, [step])
    assert told(manager) == ["step-unassigned"]
    assert told(bob) == []
    bob.is_active = True
    bob.save()
    assert queue() == []
    steps.complete_step(step_id=step.pk, by=bob, now=now)


def test_his_substitute_has_it_from_the_beginning(opened, bob, dave) -> None:
    leave(bob)
    SubstitutionFactory(absent=bob, substitute=dave)
    step = opened('portal:assignee="bob"')
    assert list(ProcessStep.objects.for_performer(dave)) == [step]


def test_a_role_named_beside_him_has_it_instead(opened, bob, role) -> None:
    leave(bob)
    step = opened('portal:assignee="bob" portal:role="Sales managers"')
    assert (step.assignee, step.role, queue()) == (None, role, [])


def test_administrators_hear_once_of_work_whose_performer_leaves_later(bob, role, manager, now) -> None:
    own, of_role = HumanStepFactory(assignee=bob, name="Own"), HumanStepFactory(role=role)
    assert tell_of_forsaken_steps(now=now) == 0
    leave(bob)
    assert tell_of_forsaken_steps(now=now) == 2
    assert tell_of_forsaken_steps(now=now + timedelta(hours=1)) == 0
    entries = Notification.objects.filter(user=manager, kind="step-unassigned")
    assert {entry.step for entry in entries} == {own, of_role}


def test_administrators_hear_again_when_the_next_performer_leaves_too_and_are_not_asked_for_what_is_given(
    opened, bob, carol, manager, now
) -> None:
    leave(bob)
    step = opened('portal:assignee="bob"')
    assert told(manager) == ["step-unassigned"]
    handing.reassign_step(step_id=step.pk, assignee=carol, by=manager, now=now)
    outbox.publish(now=now)
    assert not Notification.objects.filter(user=manager).unread().exists(), "nobody has to be found any more"
    leave(carol)
    later = now + timedelta(hours=1)
    assert (tell_of_forsaken_steps(now=later), tell_of_forsaken_steps(now=later)) == (1, 0)
    assert told(manager) == ["step-unassigned"] * 2


def test_administrators_hear_again_when_who_had_come_back_leaves_once_more(opened, bob, manager, now) -> None:
    leave(bob)
    step = opened('portal:assignee="bob"')
    bob.is_active = True
    bob.save()
    assert tell_of_forsaken_steps(now=now) == 0
    leave(bob)
    assert (tell_of_forsaken_steps(now=now), queue()) == (1, [step])
    assert told(manager) == ["step-unassigned"] * 2


def test_many_are_assigned_at_once_with_a_result_for_each(client, bob, carol, opened, manager, now) -> None:
    leave(bob)
    step = opened('portal:assignee="bob"')
    done = opened('portal:assignee="carol"')
    steps.complete_step(step_id=done.pk, by=carol, now=now)
    address = reverse("processes:assign-many")
    client.force_login(manager)
    page = client.get(reverse("processes:unassigned")).content.decode()
    assert f'value="{step.pk}" form="assign-many"' in page
    answer = client.post(address, {"ids": [step.pk, done.pk, 10**17], "assignee": carol.pk})
    results = {result.pk: result.is_done for result in answer.context["results"]}
    assert results == {step.pk: True, done.pk: False, 10**17: False}
    assert "Refused" in answer.content.decode()
    step.refresh_from_db()
    assert step.assignee == carol
    assert client.post(address, {"ids": [step.pk]}).status_code == 400
    client.force_login(carol)
    assert client.post(address, {"ids": [step.pk], "assignee": carol.pk}).status_code == 403

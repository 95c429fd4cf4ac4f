"""A record that a diagram names by an expression reaches a performer only if somebody of the instance may see it."""

import pytest

from processes.engine_words import in_words
from processes.models import ProcessInstance, ProcessStep
from processes.services import instances, steps
from processes.services.definitions import deploy_file
from records.models import Record
from tests.factories import RecordFactory, RecordTypeFactory, RoleFactory

pytestmark = pytest.mark.django_db

NAMED = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:portal="urn:bpm-portal:bpmn:1"
 targetNamespace="urn:test"><process id="named" isExecutable="true" portal:roles="Sales managers">
 <startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="first"/>
 <userTask id="first" name="First" portal:kind="form" portal:assignee="mallory" portal:record="=x">
  <extensionElements><portal:button code="done" label="Done"/></extensionElements></userTask>
 <sequenceFlow id="g" sourceRef="first" targetRef="again"/>
 <userTask id="again" name="Again" portal:kind="form" portal:assignee="mallory" portal:record="=x">
  <extensionElements><portal:button code="done" label="Done"/></extensionElements></userTask>
 <sequenceFlow id="h" sourceRef="again" targetRef="e"/><endEvent id="e"/>
</process></definitions>"""


@pytest.fixture
def vault() -> Record:
    """A record of guards alone."""
    section = RecordTypeFactory(code="vault", name="Vault")
    section.roles.add(RoleFactory(name="Guards"))
    return RecordFactory(record_type=section, caption="Gold")


@pytest.fixture
def start(bob, mallory, now):
    """Bob starts the process with this record in a variable."""

    def started(record, by=bob) -> ProcessInstance:
        [version] = deploy_file(source=NAMED, by=None, now=now)
        return instances.start_process(process=version.process, by=by, now=now, variables={"x": record.pk})

    return started


def only_step(instance) -> ProcessStep:
    return ProcessStep.objects.get(instance=instance, status__in=ProcessStep.LIVE)


def test_what_the_starter_may_not_see_is_an_incident_that_says_so(start, vault, mallory) -> None:
    step = only_step(start(vault))
    assert (step.status, step.record) == ("failed", None)
    assert in_words(step.error) == (
        f"“First” could not open: whoever started the process may not see the record {vault.pk} that it names."
    )
    assert "Gold" not in step.error
    assert not Record.objects.visible_to(mallory).exists()


def test_what_the_starter_may_see_reaches_the_performer(start, vault, bob, mallory) -> None:
    vault.record_type.roles.add(bob.groups.get())
    step = only_step(start(vault))
    assert (step.status, step.record) == ("pending", vault)
    assert list(Record.objects.visible_to(mallory)) == [vault]


def test_what_an_earlier_step_was_about_is_trusted(start, vault, bob, mallory, now) -> None:
    vault.owner = bob
    vault.save()
    first = only_step(start(vault))
    vault.owner = None
    vault.save()
    mallory.__dict__.pop("_standing", None)
    steps.complete_step(step_id=first.pk, by=mallory, now=now, result="done")
    assert only_step(first.instance).record == vault


def test_a_retry_works_once_the_starter_may_see_it(start, vault, bob, admin, now) -> None:
    step = only_step(start(vault))
    vault.record_type.roles.add(bob.groups.get())
    steps.retry_step(step_id=step.pk, by=admin, now=now)
    step.refresh_from_db()
    assert step.status == "pending"


def test_an_instance_that_nobody_has_started_trusts_its_diagram(start, vault, admin, now) -> None:
    instance = start(vault)
    ProcessInstance.objects.filter(pk=instance.pk).update(starter=None)
    steps.retry_step(step_id=only_step(instance).pk, by=admin, now=now)
    assert only_step(instance).record == vault


def test_the_starter_goes_on_to_read_the_record_that_she_chose(
    approval, contract, alice, role, mallory, now
) -> None:
    alice.groups.add(role)
    instances.start_process(process=approval, by=alice, now=now, record=contract)
    alice.groups.clear()
    fresh = type(alice).objects.get(pk=alice.pk)
    assert list(Record.objects.visible_to(fresh)) == [contract]
    assert not Record.objects.visible_to(mallory).exists()

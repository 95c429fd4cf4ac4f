"""A process of one step of any kind, deployed and started; sections with records."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from django.test import Client

from processes.models import ProcessInstance, ProcessStep
from processes.services import instances
from processes.services.definitions import deploy_file
from records.models import RecordField
from tests.factories import NOW, RecordFactory, RecordTypeFactory

numbers = count(1)


def diagram(key: str, attributes: str, children: str = "", more: str = "") -> bytes:
    """A process of one user task, `task`, that members of *Sales managers* may start; `more` are further elements.

    What leads from them to the end is the flow `f3`.
    """
    incoming = "<incoming>f2</incoming>" + ("<incoming>f3</incoming>" if more else "")
    return f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
        xmlns:portal="urn:bpm-portal:bpmn:1" targetNamespace="urn:test">
      <process id="{key}" name="{key}" isExecutable="true" portal:roles="Sales managers">
        <startEvent id="start"><outgoing>f1</outgoing></startEvent>
        <sequenceFlow id="f1" sourceRef="start" targetRef="task"/>
        <userTask id="task" name="Do it" {attributes}>
          <extensionElements>{children}</extensionElements><incoming>f1</incoming><outgoing>f2</outgoing>
        </userTask>
        <sequenceFlow id="f2" sourceRef="task" targetRef="end"/>
        {more}
        <endEvent id="end">{incoming}</endEvent>
      </process></definitions>""".encode()


@dataclass
class Asked:
    """A step that waits, with its instance."""

    instance: ProcessInstance
    step: ProcessStep

    def again(self) -> ProcessStep:
        """The step as it is now, with its activity."""
        self.instance.refresh_from_db()
        self.step = ProcessStep.objects.select_related("activity", "record").get(pk=self.step.pk)
        return self.step


@pytest.fixture
def ask(role, bob):
    """Deploy a process of one step, start it, and give that step; `by` starts it (bob unless said otherwise)."""

    def deploy_and_start(
        attributes: str, children: str = "", *, by: Any = None, record: Any = None, **variables: Any
    ) -> Asked:
        source = diagram(f"asked_{next(numbers)}", attributes, children)
        process = deploy_file(source=source, by=None, now=NOW)[0].process
        instance = instances.start_process(
            process=process, by=by or bob, now=NOW, record=record, variables=variables
        )
        step = ProcessStep.objects.select_related("activity", "record").get(
            instance=instance, element_id="task"
        )
        return Asked(instance, step)

    return deploy_and_start


@pytest.fixture
def visit():
    """A test client that is signed in."""

    def client_of(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def contracts(role):
    """A section of which bob and carol have the role: subject (required), amount, state."""
    section = RecordTypeFactory()
    RecordField.objects.filter(record_type=section, code="subject").update(required=True)
    RecordField.objects.create(
        record_type=section, code="state", label="State", kind="choice",
        choices=[["draft", "Draft"], ["in_force", "In force"]],
    )  # fmt: skip
    return section


@pytest.fixture
def contract(contracts):
    """A contract of 100."""
    return RecordFactory(record_type=contracts, caption="Contract 7")

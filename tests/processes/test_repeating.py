"""Rows of activities that are done several times, wait for one of several events, or are begun by hand."""

import pytest

from bpm_portal.common.errors import Forbidden, NotFound
from processes import service_calls
from processes.errors import EngineRefused, StepAlreadyClosed
from processes.models import ProcessInstance, ProcessStep
from processes.services import instances, messages, steps, work
from processes.services.definitions import deploy_file
from tests.processes.conftest import allow

pytestmark = pytest.mark.django_db

FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:portal="urn:bpm-portal:bpmn:1" targetNamespace="urn:test">
 <message id="m" name="answer"/><signal id="sig" name="stop"/>
 <process id="p" name="P" isExecutable="true" portal:roles="Sales managers"><startEvent id="s"/>{}</process>
</definitions>"""
FLOW = '<sequenceFlow id="{0}-{1}" sourceRef="{0}" targetRef="{1}"/>'
MANY = (
    """<userTask id="ask" portal:assignee="=person"><extensionElements>
       <portal:result code="by-bob" label="Bob"/><portal:result code="by-carol" label="Carol"/></extensionElements>
       <multiInstanceLoopCharacteristics
       portal:collection="=people" portal:item="person"/></userTask><endEvent id="e"/>"""
    + FLOW.format("s", "ask")
    + FLOW.format("ask", "e")
)
GATE = """<eventBasedGateway id="g"/>
    <intermediateCatchEvent id="yes"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
    <intermediateCatchEvent id="no"><signalEventDefinition signalRef="sig"/></intermediateCatchEvent>
    <userTask id="after" portal:assignee="=starter"/><endEvent id="e"/>""" + "".join(
    FLOW.format(*ends.split()) for ends in ("s g", "g yes", "g no", "yes after", "no e", "after e")
)
AD_HOC = (
    """<adHocSubProcess id="box" portal:begin="by-hand"><completionCondition
       xsi:type="tFormalExpression">enough</completionCondition>
       <userTask id="a" portal:role="Sales managers"/></adHocSubProcess><endEvent id="e"/>"""
    + FLOW.format("s", "box")
    + FLOW.format("box", "e")
)


CALLS = (
    """<serviceTask id="call" portal:service="note"><multiInstanceLoopCharacteristics
       portal:collection="=people" portal:item="person"/></serviceTask><endEvent id="e"/>"""
    + FLOW.format("s", "call")
    + FLOW.format("call", "e")
)


@pytest.fixture
def begin(role, bob, now):
    def deploy_and_start(body: str, **variables: object) -> ProcessInstance:
        (version,) = deploy_file(source=FILE.format(body).encode(), by=None, now=now)
        return instances.start_process(process=version.process, by=bob, now=now, variables=variables)

    return deploy_and_start


def test_each_person_gets_a_step_and_the_answers_come_together(begin, bob, carol, now):
    instance = begin(MANY, people=["bob", "carol"])
    asked = ProcessStep.objects.filter(instance=instance, activity__isnull=False).order_by("id")
    assert [step.assignee for step in asked] == [bob, carol]
    body = ProcessStep.objects.get(instance=instance, scope=None, element_id="ask")
    assert {step.scope_id for step in asked} == {body.pk}
    for step, user in zip(reversed(asked), (carol, bob), strict=True):
        steps.complete_step(step_id=step.pk, by=user, now=now, result=f"by-{user.username}")
    instance.refresh_from_db()
    assert instance.ended_at == now
    assert instance.variables["ask"] == ["by-bob", "by-carol"]


def test_the_event_that_happens_takes_the_token_by_its_flow(begin, bob, now):
    instance = begin(GATE)
    gateway = ProcessStep.objects.get(instance=instance, element_id="g")
    assert (gateway.status, gateway.waits_on) == ("pending", "events")
    messages.send_message(name="answer", variables={}, by=bob, now=now)
    rows = {step.element_id: step for step in ProcessStep.objects.filter(instance=instance)}
    assert {name: rows[name].status for name in ("g", "yes", "no")} == {
        "g": "completed",
        "yes": "completed",
        "no": "cancelled",
    }
    assert (rows["yes"].flow_id, rows["no"].flow_id, rows["after"].assignee) == ("g-yes", "", bob)


def test_an_activity_is_begun_in_an_ad_hoc_sub_process(begin, admin, bob, carol, mallory, now):
    instance = begin(AD_HOC)
    box = ProcessStep.objects.get(instance=instance, element_id="box")
    for stranger in (mallory, carol):
        with pytest.raises(NotFound):
            steps.begin_element(step_id=box.pk, element_id="a", by=stranger, now=now)
    with pytest.raises(EngineRefused):
        steps.begin_element(step_id=box.pk, element_id="e", by=bob, now=now)
    steps.begin_element(step_id=box.pk, element_id="a", by=bob, now=now)
    with pytest.raises(Forbidden):
        steps.begin_element(
            step_id=box.pk, element_id="a", by=allow(carol, "cancel_processinstance"), now=now
        )
    inner = ProcessStep.objects.get(instance=instance, element_id="a")
    instances.set_variables(instance_id=instance.pk, values={"enough": True}, by=admin, now=now)
    inner.refresh_from_db()
    instance.refresh_from_db()
    assert (inner.status, instance.ended_at) == ("cancelled", now)  # the condition has become true
    with pytest.raises(StepAlreadyClosed):
        steps.begin_element(step_id=box.pk, element_id="a", by=bob, now=now)


@pytest.fixture
def noted():
    calls = []

    @service_calls.service("note")
    def note(call):
        calls.append(call.variables)

    yield calls
    service_calls.unregister("note")


def test_a_service_sees_the_item_of_its_instance(begin, noted, now):
    begin(CALLS, people=["x", "y"])
    while work.run_service_step(now=now):
        pass
    assert [(seen["person"], seen["loopCounter"], seen["people"]) for seen in noted] == [
        ("x", 1, ["x", "y"]),
        ("y", 2, ["x", "y"]),
    ]

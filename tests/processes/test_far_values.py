"""Values beyond what can be kept, counted or shown: refused at deploy or an incident, never an error of the server."""

import pytest

from processes.errors import DeployRefused
from processes.models import ProcessStep
from processes.services import instances
from processes.services.definitions import deploy_file
from tests.factories import RecordFactory

pytestmark = pytest.mark.django_db
MANY = (
    '<multiInstanceLoopCharacteristics xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><loopCardinality '
    'xsi:type="tFormalExpression">1e300</loopCardinality></multiInstanceLoopCharacteristics>'
)


def diagram(middle: str, before: str = "") -> bytes:
    """From the start over `m` to the end, for administrators to start."""
    return f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:test"
     xmlns:portal="urn:bpm-portal:bpmn:1">{before}<process id="far" isExecutable="true"><startEvent id="s"/>
     <sequenceFlow id="f" sourceRef="s" targetRef="m"/>{middle}<sequenceFlow id="g" sourceRef="m" targetRef="e"/>
     <endEvent id="e"/></process></definitions>""".encode()


def task(inside: str = "", **attributes: str) -> bytes:
    written = " ".join(f'portal:{name}="{value}"' for name, value in attributes.items())
    return diagram(f'<userTask id="m" name="Work" portal:assignee="bob" {written}>{inside}</userTask>')


def signal(name: str) -> bytes:
    waiting = '<intermediateCatchEvent id="m"><signalEventDefinition signalRef="n"/></intermediateCatchEvent>'
    return diagram(waiting, f'<signal id="n" name="{name}"/>')


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (task(MANY), "“Work” would have 1E+300 instances; more than 10,000 are refused."),
        (task(record="=-1e6000"), "“Work” could not open: the record ? that it names does not exist."),
        (task(record="=1.5"), "“Work” could not open: the record ? that it names does not exist."),
        (task(category="=&quot;tasks&quot;"), "“Work” could not open: there is no category “tasks”."),
        (task(duration="P7990Y"), "“Work” could not open: the year must be between 2 and 9998"),
        (
            task(duration="=duration(&quot;P7990Y&quot;)"),
            "“Work” could not open: the year must be between 2 and 9998",
        ),
        (
            task(dueDate="=date(&quot;9999-12-31&quot;)"),
            "“Work” could not open: the year must be between 2 and 9998",
        ),
        (signal(f"=&quot;{'s' * 201}&quot;"), "“m” waits for a name of more than 200 characters."),
    ],
)
def test_what_is_too_far_is_an_incident_of_its_element(admin, now, source, error):
    RecordFactory(id=1)
    [version] = deploy_file(source=source, by=None, now=now)
    instance = instances.start_process(process=version.process, by=admin, now=now)
    step = ProcessStep.objects.get(instance=instance, element_id="m")
    assert (step.status, step.error) == ("failed", error)


def test_a_whole_number_names_a_record_however_it_was_calculated(admin, now):
    record = RecordFactory(id=5)
    [version] = deploy_file(source=task(record="=2.5*2"), by=None, now=now)
    instance = instances.start_process(process=version.process, by=admin, now=now)
    assert ProcessStep.objects.get(instance=instance, element_id="m").activity.record == record


def test_a_category_that_there_is_not_is_refused_at_deploy(now):
    with pytest.raises(DeployRefused) as refused:
        deploy_file(source=task(category="tasks"), by=None, now=now)
    [problem] = refused.value.problems
    assert (problem.code, problem.element) == ("category_value", "m")
    assert problem.message == "“m” has the category “tasks”; it may be task, call, meeting, email."

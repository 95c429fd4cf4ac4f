"""Call activities: child instances begin, return, fail and are cancelled with the step that called them."""

from datetime import timedelta

import pytest
from django.utils import translation

from bpm_portal.common.errors import Conflict
from processes.children import MAX_DEPTH
from processes.engine_words import in_words
from processes.errors import DeployRefused
from processes.models import ProcessInstance, ProcessStep
from processes.services import instances, steps, timers
from processes.services.definitions import deploy_file

pytestmark = pytest.mark.django_db

FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:portal="urn:bpm-portal:bpmn:1" targetNamespace="urn:test">{}</definitions>"""
PARENT = """<process id="parent" name="Parent" isExecutable="true" portal:roles="Sales managers">
  <laneSet id="lanes"><lane id="lane" name="Sales managers"><flowNodeRef>call</flowNodeRef></lane></laneSet>
  <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="call"/>
  <callActivity id="call" name="Ask the others" calledElement="{called}">{mapping}</callActivity>
  <boundaryEvent id="late" attachedToRef="call"><timerEventDefinition><timeDuration>P1D</timeDuration>
  </timerEventDefinition></boundaryEvent>
  <sequenceFlow id="f2" sourceRef="call" targetRef="after"/><sequenceFlow id="f4" sourceRef="late" targetRef="e"/>
  <userTask id="after" portal:assignee="=starter"/>
  <sequenceFlow id="f3" sourceRef="after" targetRef="e"/><endEvent id="e"/></process>"""
CHILD = """<process id="child" name="Child" isExecutable="true">
  <startEvent id="cs"/><sequenceFlow id="c1" sourceRef="cs" targetRef="ask"/>
  <userTask id="ask" name="Ask"/>
  <sequenceFlow id="c2" sourceRef="ask" targetRef="count"/>
  <scriptTask id="count" scriptFormat="feel"><script>{total: amount + 1}</script></scriptTask>
  <sequenceFlow id="c3" sourceRef="count" targetRef="ce"/><endEvent id="ce"/></process>"""
MAPPING = """<extensionElements><portal:in source="=price * 2" target="amount"/>
  <portal:out source="total" target="answer"/></extensionElements>"""


def deploy(*processes, now):
    versions = deploy_file(source=FILE.format("".join(processes)).encode(), by=None, now=now)
    return {version.process.key: version.process for version in versions}


@pytest.fixture
def parent(role, now):
    """A process that calls another with mapped variables."""
    return deploy(PARENT.format(called="child", mapping=MAPPING), CHILD, now=now)["parent"]


def start(process, bob, now, **variables):
    instance = instances.start_process(process=process, by=bob, now=now, variables=variables)
    return instance, ProcessInstance.objects.filter(root=instance).first()


def waiting(instance):
    pending = ProcessStep.objects.pending().filter(instance=instance)
    return sorted(pending.values_list("element_id", flat=True))


def test_the_child_runs_as_an_instance_of_its_own_and_returns_what_is_mapped(parent, bob, now):
    instance, child = start(parent, bob, now, price=10)
    assert waiting(instance) == ["call", "late"]
    assert waiting(child) == ["ask"]
    assert (child.parent_step.element_id, child.starter, child.variables) == ("call", bob, {"amount": 20})
    ask = ProcessStep.objects.pending().get(instance=child)
    assert str(ask.role) == "Sales managers"  # the lane of the call activity reaches into the called process
    done = steps.complete_step(step_id=ask.pk, by=bob, now=now)
    assert ProcessStep.objects.get(pk=done.next_step_id).element_id == "after"  # my next step is the parent's
    instance.refresh_from_db()
    child.refresh_from_db()
    assert waiting(instance) == ["after"]
    assert instance.variables == {"price": 10, "answer": 21}
    assert child.ended_at == now
    assert instances.finish_instance(instance_id=child.pk, now=now)


def test_cancelling_the_parent_cancels_its_children_in_the_same_transaction(parent, bob, admin, now):
    instance, child = start(parent, bob, now, price=1)
    instances.cancel_instance(instance_id=instance.pk, reason="gone", by=admin, now=now)
    child.refresh_from_db()
    assert (child.status, waiting(child), waiting(instance)) == ("cancelled", [], [])


def test_an_interrupted_call_cancels_its_child_and_the_parent_goes_on(parent, bob, now):
    instance, child = start(parent, bob, now, price=1)
    late = now + timedelta(days=1)
    assert timers.fire_due_timers(now=late) == 1
    child.refresh_from_db()
    instance.refresh_from_db()
    assert (child.status, child.ended_at, waiting(child)) == ("cancelled", late, [])
    assert (waiting(instance), instance.ended_at) == ([], late)


def test_a_call_of_nothing_is_an_incident_that_a_deployment_and_a_retry_repair(role, bob, admin, now):
    process = deploy(PARENT.format(called="child", mapping=""), now=now)["parent"]
    instance, child = start(process, bob, now, amount=1)
    instance.refresh_from_db()
    call = ProcessStep.objects.get(element_id="call")
    assert (child, instance.status, call.status) == (None, "failed", "failed")
    assert "child" in call.error
    deploy(CHILD, now=now)
    steps.retry_step(step_id=call.pk, by=admin, now=now)
    [ask] = ProcessStep.objects.pending().filter(element_id="ask")
    steps.complete_step(step_id=ask.pk, by=bob, now=now)
    instance.refresh_from_db()
    assert (instance.status, waiting(instance)) == ("running", ["after"])
    assert instance.variables["total"] == 2  # without mappings everything comes back


def test_a_child_that_ends_at_once_returns_at_once(role, bob, now):
    quick = CHILD.replace('<userTask id="ask" name="Ask"/>', '<task id="ask"/>')
    process = deploy(PARENT.format(called="child", mapping=MAPPING), quick, now=now)["parent"]
    instance, child = start(process, bob, now, price=3)
    instance.refresh_from_db()
    assert waiting(instance) == ["after"]
    assert instance.variables["answer"] == 7
    assert child.ended_at == now


def test_a_call_of_a_process_that_only_events_begin_is_an_incident_that_keeps_what_was_done(
    role, bob, admin, now
):
    by_clock = CHILD.replace(
        '<startEvent id="cs"/>',
        '<startEvent id="cs"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></startEvent>',
    )
    before = PARENT.replace('targetRef="call"/>', 'targetRef="first"/>', 1).replace(
        "<userTask",
        '<userTask id="first" portal:assignee="=starter"/><sequenceFlow id="f0" sourceRef="first" targetRef="call"/>'
        "<userTask",
    )
    deploy(by_clock, now=now)
    process = deploy(before.format(called="child", mapping=""), now=now)["parent"]
    instance, _child = start(process, bob, now, amount=1)
    [first] = ProcessStep.objects.pending().filter(element_id="first")
    steps.complete_step(step_id=first.pk, by=bob, now=now)
    call = ProcessStep.objects.get(instance=instance, element_id="call")
    assert (call.status, call.error) == (
        "failed", "“Child” begins only by events, so that it cannot be called: give it a start event without one."
    )  # fmt: skip
    with translation.override("ru"):
        assert "вызвать" in in_words(call.error)
    deploy(CHILD, now=now)
    steps.retry_step(step_id=call.pk, by=admin, now=now)
    assert ProcessStep.objects.pending().filter(element_id="ask").exists()


def test_a_process_that_calls_itself_without_end_is_an_incident_of_its_call_until_it_is_mended(
    role, bob, admin, now
):
    process = deploy(PARENT.format(called="parent", mapping=""), now=now)["parent"]
    instance, _child = start(process, bob, now)
    deepest = ProcessInstance.objects.latest("id")
    assert ProcessInstance.objects.count() == MAX_DEPTH + 1
    assert (instance.status, deepest.status) == ("running", "failed")
    call = ProcessStep.objects.get(instance=deepest, element_id="call")
    assert call.error == "“Parent” is called 40 levels deep: do processes call each other without end?"
    with translation.override("ru"):
        assert "вызван" in in_words(call.error)
    mended = (
        CHILD.replace('id="child"', 'id="parent"')
        .replace("<userTask", "<task")
        .replace("{total: amount + 1}", "1")
    )
    deploy(mended, now=now)
    steps.retry_step(step_id=call.pk, by=admin, now=now)
    deepest.refresh_from_db()
    assert (deepest.status, waiting(deepest)) == ("running", ["after"])


def test_a_child_is_not_cancelled_by_itself(parent, bob, admin, now):
    _instance, child = start(parent, bob, now, price=1)
    with pytest.raises(Conflict, match="called by another"):
        instances.cancel_instance(instance_id=child.pk, reason="x", by=admin, now=now)
    assert waiting(child) == ["ask"]


GLOBAL_TASKS = """<globalUserTask id="ask" name="Ask"/>
  <globalScriptTask id="count" scriptLanguage="feel"><script>{total: amount + 1}</script></globalScriptTask>"""


def test_a_global_task_is_called_like_a_process(role, bob, now):
    caller = PARENT.format(called="ask", mapping="")
    process = deploy(caller, GLOBAL_TASKS, now=now)["parent"]
    instance, child = start(process, bob, now)
    [ask] = ProcessStep.objects.pending().filter(instance=child)
    assert (ask.element_id, ask.name, str(ask.role)) == ("ask", "Ask", "Sales managers")
    steps.complete_step(step_id=ask.pk, by=bob, now=now, result="done")
    instance.refresh_from_db()
    assert (waiting(instance), instance.variables["ask"]) == (["after"], "done")


def test_a_global_script_is_called_and_gives_what_it_has_computed(role, bob, now):
    caller = PARENT.format(called="count", mapping=MAPPING)
    process = deploy(caller, GLOBAL_TASKS, now=now)["parent"]
    instance, _child = start(process, bob, now, price=10)
    assert (waiting(instance), instance.variables["answer"]) == (["after"], 21)


def test_what_a_global_task_cannot_do_is_refused_with_its_line(role, now):
    script = '<globalScriptTask id="count" scriptLanguage="groovy"><script>x = 1</script></globalScriptTask>'
    with pytest.raises(DeployRefused) as refused:
        deploy(PARENT.format(called="count", mapping=""), "\n\n", script, now=now)
    [problem] = [each for each in refused.value.problems if each.severity == "error"]
    assert (problem.code, problem.element, problem.line) == ("expression_language", "count", 12)

"""The journal alone gives the same instance again: from real rows, made by people, workers, clocks and messages."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings

from bpm_portal.common.errors import BusinessError
from processes import service_calls
from processes.models import ProcessEvent, ProcessInstance, ProcessStep
from processes.service_calls import BpmnError
from processes.services import instances, messages, steps, timers, work
from processes.services.definitions import deploy_file
from processes.services.replaying import differences
from records.models import Record
from tests.engine.drawing import end, start, user, xml, xor
from tests.engine.wild import CHOICES, WILD, source
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LOOSE = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)
Waits = ProcessStep.WaitsOn


@pytest.fixture
def services():
    """`post` does its work, does not, or throws an error, as the variable `way` says."""

    @service_calls.service("post")
    def post(call):
        if call.variables["way"] == 1:
            raise BpmnError("W")
        if call.variables["way"] == 2 and call.attempt == 1:
            raise OSError("no paper")

    yield
    service_calls.unregister("post")


class Office:
    """Whatever can happen to the live steps of the instances of one process."""

    def __init__(self, process, admin):
        self.admin, self.now = admin, NOW
        self.root = instances.start_process(
            process=process, by=admin, now=self.now, variables={"way": 0, "go": False}
        )

    def move(self, choice):
        live = ProcessStep.objects.filter(status__in=ProcessStep.LIVE).exclude(
            waits_on__in=("tokens", "events")
        )
        live = list(live.select_related("instance").order_by("id"))
        if not live:
            return
        self.now += timedelta(minutes=1)
        try:
            with transaction.atomic():
                self._move(live[choice % len(live)], choice)
        except BusinessError:
            pass  # what is refused writes nothing

    def _move(self, step, choice):
        context = {"by": self.admin, "now": self.now}
        if step.status == ProcessStep.Status.FAILED:
            steps.retry_step(step_id=step.pk, **context)
        elif step.is_human:
            steps.complete_step(step_id=step.pk, variables={"way": choice % 3}, **context)
        elif step.waits_on == Waits.WORKER:
            work.run_service_step(step_id=step.pk, now=self.now)
        elif step.waits_on == Waits.TIMER:
            self.now = max(self.now, step.due_at)
            timers.fire_timer(step_id=step.pk, now=self.now)
        elif step.waits_on == Waits.MESSAGE:
            messages.send_message(name=step.topic, variables={"said": str(choice)}, **context)
        elif step.waits_on == Waits.SIGNAL:
            messages.throw_signal(name=step.topic, variables={}, **context)
        elif step.waits_on == Waits.CONDITION:
            values = {"go": not step.instance.variables.get("go")}
            instances.set_variables(instance_id=step.instance_id, values=values, **context)
        elif step.settings.get("begin") == "by-hand":
            steps.begin_element(step_id=step.pk, element_id=f"{step.element_id}-a", **context)


OTHER = xml(
    start(), user("ask", portal_role="Nobody yet"), end("end"), flows=["start ask", "ask end"]
).replace(b'<process id="p"', b'<process id="other" name="Other"')


@settings(LOOSE, max_examples=25)
@example(tree=("sequence", ["service", "call", "crowd"]), choices=[1, 1, 0, 0, 1, 2, 2, 2, 2, 2])
@example(tree=("handled", ["service", "service"]), choices=[4, 4, 4, 4, 4, 4, 4])
@given(tree=WILD, choices=CHOICES)
def test_the_journal_of_any_instance_gives_its_rows_again(services, admin, tree, choices):
    with transaction.atomic():
        deploy_file(source=OTHER, by=None, now=NOW)
        [version] = deploy_file(source=source(tree), by=None, now=NOW)
        office = Office(version.process, admin)
        for choice in choices:
            office.move(choice)
        for instance in ProcessInstance.objects.all():
            assert differences(instance) == []
        if choices[0] % 5 == 0 and ProcessInstance.objects.live().filter(pk=office.root.pk).exists():
            instances.cancel_instance(instance_id=office.root.pk, reason="tried", by=admin, now=office.now)
            for instance in ProcessInstance.objects.all():
                assert differences(instance) == []
        transaction.set_rollback(True)


FACTS = xml(
    start(),
    xor("which", default="which-end"),
    user("odd", portal_record="=which"),
    end(),
    flows=["start which", "which odd: record.amount > 50", "which end", "odd end"],
)


def test_what_a_record_said_then_and_what_could_not_open_are_played_again(contract, admin, now):
    [version] = deploy_file(source=FACTS, by=None, now=now)
    instance = instances.start_process(
        process=version.process, by=admin, now=now, record=contract, variables={"which": 0}
    )
    Record.objects.filter(pk=contract.pk).update(data={"amount": "1"})
    step = ProcessStep.objects.get(instance=instance, element_id="odd")
    assert step.error == "“odd” could not open: the record ? that it names does not exist."
    assert differences(refreshed(instance)) == []
    instances.set_variables(instance_id=instance.pk, values={"which": contract.pk}, by=admin, now=now)
    steps.retry_step(step_id=step.pk, by=admin, now=now)
    assert differences(refreshed(instance)) == []
    steps.complete_step(step_id=step.pk, by=admin, now=now)
    assert differences(refreshed(instance)) == []


def refreshed(instance):
    return ProcessInstance.objects.get(pk=instance.pk)


def test_a_row_that_was_changed_past_its_turn_is_found(failed, capsys):
    out = StringIO()
    call_command("replay", str(failed.pk), stdout=out)
    assert out.getvalue() == f"{failed.pk}: the rows are what the journal says\n"
    step = ProcessStep.objects.filter(instance=failed, status="completed").latest("id")
    ProcessStep.objects.filter(pk=step.pk).update(result={"$decimal": "7.5"}, attempts=4)
    ProcessInstance.objects.filter(pk=failed.pk).update(variables={"odd": 1})
    with pytest.raises(SystemExit):
        call_command("replay", str(failed.pk), stdout=out)
    said = out.getvalue()
    assert f"step {step.pk} ({step.element_id}): attempts: 4, by the journal 0" in said
    assert "variables: {'odd': 1}, by the journal" in said


def test_a_journal_from_before_commands_were_kept_says_so(failed):
    ProcessEvent.objects.filter(instance=failed).update(command=None)
    with pytest.raises(CommandError, match="older than the record of commands"):
        call_command("replay", str(failed.pk))

"""Start, deadline, reminder, background and recommendation: the same for every kind of step."""

from datetime import UTC, datetime, timedelta

import pytest

from processes import pages
from processes.models import ProcessStep
from processes.services import instances, steps
from processes.services.definitions import deploy_file
from tests.factories import NOW
from tests.step_kinds.conftest import diagram
from tests.step_kinds.test_page import Weighing

KINDS = {
    "perform-task": ("", ""),
    "user-question": ("", '<portal:option code="yes" label="Yes"/>'),
    "edit-record": ('portal:recordType="contract"', ""),
    "form": ("", '<portal:button code="go" label="Go"/>'),
    "page": ('portal:page="weighing"', ""),
    "send-email": ('portal:to="ann@example.com"', ""),
    "approval": ("", ""),
}


@pytest.fixture(autouse=True)
def weighing():
    """The page of the steps of the kind `page`."""
    pages.register(Weighing)
    yield
    pages.unregister("weighing")


@pytest.fixture(params=KINDS)
def open_step(request, ask, contracts):
    """Open a step of every kind with further attributes."""
    attributes, children = KINDS[request.param]

    def open_one(more: str = "", **start) -> ProcessStep:
        of_kind = f'portal:kind="{request.param}" portal:role="Sales managers" {attributes} {more}'
        return ask(of_kind, children, **start).step

    return open_one


def test_it_starts_at_once_and_has_no_deadline_where_nothing_is_said(open_step):
    step = open_step()
    assert (step.starts_at, step.due_at, step.is_background, step.name) == (NOW, None, False, "Do it")


def test_it_starts_later_and_is_due_after_its_duration(open_step):
    step = open_step('portal:startIn="PT4H" portal:duration="P1D" portal:remindBefore="PT1H"')
    assert (step.starts_at, step.due_at) == (NOW + timedelta(hours=4), NOW + timedelta(hours=28))
    subject = step.activity or step
    assert (subject.starts_at, subject.due_at) == (step.starts_at, step.due_at)
    assert reminder_of(step) == NOW + timedelta(hours=27)


def test_a_reminder_is_never_in_the_past(open_step):
    assert reminder_of(open_step('portal:duration="PT1H" portal:remindBefore="P2D"')) == NOW


def test_timing_background_and_recommendation_may_be_expressions(open_step):
    step = open_step(
        'portal:duration="=duration(&quot;P&quot; + string(days) + &quot;D&quot;)" portal:background="=days &gt; 1"'
        ' portal:recommendation="=&quot;Weigh &quot; + thing"',
        days=2,
        thing="pipes",
    )
    assert step.status == "pending", step.error
    assert (step.due_at, step.is_background, step.name) == (NOW + timedelta(days=2), True, "Weigh pipes")
    assert step.activity is None or step.activity.title == "Weigh pipes"


@pytest.mark.parametrize(
    ("due", "moment"),
    [
        ("2026-03-05", datetime(2026, 3, 5, 23, 59, tzinfo=UTC)),
        ("2026-03-05T12:00:00+02:00", datetime(2026, 3, 5, 10, 0, tzinfo=UTC)),
        ("=today() + duration(&quot;P1D&quot;)", datetime(2026, 3, 3, 23, 59, tzinfo=UTC)),
        ("=now() + duration(&quot;PT2H&quot;)", NOW + timedelta(hours=2)),
        ("2025-01-01", NOW),  # never before it starts
    ],
)
def test_a_deadline_may_be_a_date(ask, due, moment):
    step = ask(f'portal:kind="approval" portal:role="Sales managers" portal:dueDate="{due}"').step
    assert step.status == "pending", step.error
    assert step.due_at == moment


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("duration", "soon"), ("duration", "-P1D"), ("startIn", "-PT1H"), ("dueDate", "soon")],
)
def test_what_is_no_time_is_an_incident(open_step, attribute, value):
    step = open_step(f'portal:{attribute}="=given"', given=value)
    assert step.status == "failed"
    assert value in step.error


def test_a_step_in_the_background_does_not_open_by_itself(role, bob, now):
    parallel = """<userTask id="next" portal:kind="approval" portal:role="Sales managers" portal:background="true">
      <incoming>f4</incoming><outgoing>f3</outgoing></userTask>
      <sequenceFlow id="f4" sourceRef="start" targetRef="next"/>
      <sequenceFlow id="f3" sourceRef="next" targetRef="end"/>"""
    source = diagram("two_steps", 'portal:kind="perform-task" portal:role="Sales managers"', more=parallel)
    source = source.replace(b"<outgoing>f1</outgoing>", b"<outgoing>f1</outgoing><outgoing>f4</outgoing>")
    process = deploy_file(source=source, by=None, now=now)[0].process
    instance = instances.start_process(process=process, by=bob, now=now)
    first = instance.steps.get(element_id="task")
    done = steps.complete_step(step_id=first.pk, by=bob, now=now, result="done")
    assert (done.next_step_id, done.count) == (None, 1)


def reminder_of(step: ProcessStep):
    """When the performer is reminded: the activity knows, or the step itself."""
    return step.activity.remind_owner_at if step.activity else step.remind_at

"""Dave stands in for bob: what processes ask of bob reaches him, and what he does is done on behalf of bob."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activities.models import Activity
from bpm_portal.accounts.models import Substitution, User
from bpm_portal.accounts.substitution import standing_of
from bpm_portal.common.errors import Forbidden, NotFound
from processes import feed
from processes.errors import StepAlreadyClosed, StepTaken
from processes.models import ProcessEvent, ProcessStep
from processes.services import handing, instances, steps
from processes.services.journal import in_words
from processes.services.work import run_service_step
from records.models import Record
from tests.factories import ActivityFactory, RecordTypeFactory, SubstitutionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(bob, dave) -> Substitution:
    """Bob is away, dave stands in."""
    return SubstitutionFactory(absent=bob, substitute=dave)


@pytest.fixture
def task(approval, contract, bob, now) -> ProcessStep:
    """Bob's own one."""
    instance = instances.start_process(process=approval, by=bob, now=now, record=contract)
    return ProcessStep.objects.pending().get(instance=instance)


@pytest.fixture
def question(task, bob, now) -> ProcessStep:
    """The unclaimed one of his role that follows it."""
    done = steps.complete_step(step_id=task.pk, by=bob, now=now, result="ready")
    return ProcessStep.objects.get(pk=done.next_step_id)


def fresh(user) -> User:
    return User.objects.get(pk=user.pk)


def waits_for(user, now) -> list[int]:
    standing = standing_of(fresh(user), now)
    shown = feed.read_feed(standing=standing, now=now, tz=timezone.get_current_timezone(), future=True)
    return [item.step_id for item in shown]


def test_the_step_of_bob_reaches_dave_while_he_stands_in(task, away, dave, mallory, now) -> None:
    assert (waits_for(dave, now), waits_for(mallory, now)) == ([task.pk], [])
    assert list(ProcessStep.objects.for_performer(fresh(dave))) == [task]
    assert list(Activity.objects.for_performer(fresh(dave))) == [task.activity]
    assert list(Record.objects.visible_to(fresh(dave))) == [task.activity.record]
    away.delete()
    assert waits_for(dave, now) == []
    assert not ProcessStep.objects.visible_to(fresh(dave)).exists()
    assert not Record.objects.visible_to(fresh(dave)).exists()
    with pytest.raises(NotFound):
        steps.complete_step(step_id=task.pk, by=fresh(dave), now=now, result="ready")


def test_what_dave_does_is_bobs_and_written_down_as_done_on_his_behalf(task, away, bob, dave, now) -> None:
    done = steps.complete_step(step_id=task.pk, by=dave, now=now, result="ready")
    task.refresh_from_db()
    assert (task.assignee, task.closed_by, task.closed_for) == (bob, dave, bob)
    activity = Activity.objects.get(pk=task.activity_id)
    assert (activity.owner, activity.closed_by, activity.closed_for) == (bob, dave, bob)
    assert done.next_step_id is not None, "the question of bob's role reaches dave too"
    events = ProcessEvent.objects.filter(kind="step-completed", step=task)
    [entry] = in_words(events.select_related("step", "by", "on_behalf_of"), now=now)
    assert entry.who == "Dave on behalf of Bob"


def test_an_unclaimed_step_of_his_role_becomes_bobs_when_dave_does_it(question, away, bob, dave, now) -> None:
    assert waits_for(dave, now) == [question.pk]
    steps.complete_step(step_id=question.pk, by=dave, now=now, result="yes")
    question.refresh_from_db()
    assert (question.assignee, question.closed_by, question.closed_for) == (bob, dave, bob)
    assert Activity.objects.get(pk=question.activity_id).owner == bob


def test_dave_may_take_it_and_then_it_is_his(task, away, bob, dave, now) -> None:
    handing.take_step(step_id=task.pk, by=dave, now=now)
    task.refresh_from_db()
    assert (task.assignee, Activity.objects.get(pk=task.activity_id).owner) == (dave, dave)
    assert ProcessEvent.objects.get(kind="step-taken").on_behalf_of == bob
    away.delete()
    steps.complete_step(step_id=task.pk, by=fresh(dave), now=now, result="ready")
    task.refresh_from_db()
    assert (task.closed_by, task.closed_for) == (dave, None)


def test_what_a_colleague_of_bob_has_taken_is_not_daves(question, away, carol, dave, now) -> None:
    handing.take_step(step_id=question.pk, by=carol, now=now)
    assert waits_for(dave, now) == []
    with pytest.raises(StepTaken):
        handing.take_step(step_id=question.pk, by=fresh(dave), now=now)
    with pytest.raises(Forbidden):
        handing.give_back_step(step_id=question.pk, by=fresh(dave), now=now)


def test_dave_gives_back_to_the_role_what_bob_had_taken(question, away, bob, dave, now) -> None:
    handing.take_step(step_id=question.pk, by=bob, now=now)
    handing.give_back_step(step_id=question.pk, by=dave, now=now)
    question.refresh_from_db()
    assert question.assignee is None


def test_the_one_who_comes_second_is_told_who_did_it_in_whose_name(task, away, bob, dave, now) -> None:
    steps.complete_step(step_id=task.pk, by=dave, now=now, result="ready")
    with pytest.raises(StepAlreadyClosed) as late:
        steps.complete_step(step_id=task.pk, by=fresh(bob), now=now, result="ready")
    assert late.value.detail["by"] == "Dave on behalf of Bob"


def test_a_step_of_bob_who_has_left_reaches_dave_until_it_is_reassigned(
    task, away, bob, dave, carol, admin, now
) -> None:
    bob.is_active = False
    bob.save()
    assert waits_for(dave, now) == [task.pk]
    assert list(ProcessStep.objects.unassigned()) == [task], "administrators see it all the same"
    handing.reassign_step(step_id=task.pk, by=admin, assignee=carol, now=now)
    assert waits_for(dave, now) == []


def test_what_bob_has_noted_for_himself_does_not_reach_dave(away, bob, dave, role) -> None:
    own = ActivityFactory(owner=bob)
    of_role = ActivityFactory(role=role)
    found = Activity.objects.visible_to(fresh(dave))
    assert not found.filter(pk__in=[own.pk, of_role.pk]).exists()


def test_dave_gets_none_of_the_other_rights_of_bobs_roles(away, approval, role, dave) -> None:
    section = RecordTypeFactory(code="contract")
    section.roles.add(role)
    assert approval not in type(approval).objects.startable_by(fresh(dave))
    assert section not in type(section).objects.visible_to(fresh(dave))


def test_an_answer_that_the_worker_carries_out_is_still_on_behalf_of_bob(
    deploy, away, bob, dave, now
) -> None:
    process = deploy("letter")
    instance = instances.start_process(process=process, by=bob, now=now)
    step = ProcessStep.objects.pending().get(instance=instance)
    letter = {"to": "customer@example.org", "subject": "Your order", "body": "It is on its way."}
    steps.complete_step(step_id=step.pk, by=dave, now=now, variables=letter)
    Substitution.objects.all().delete()
    assert run_service_step(now=now + timedelta(minutes=1), step_id=step.pk)
    step.refresh_from_db()
    assert (step.status, step.closed_by, step.closed_for) == ("completed", dave, bob)


def test_the_pages_say_for_whom_dave_acts(client, question, away, dave) -> None:
    client.force_login(dave)
    panel = client.get("/panel/").content.decode()
    assert "for Bob" in panel
    assert "You stand in for Bob" in client.get(f"/steps/{question.pk}/").content.decode()
    groups = client.get("/api/v1/feed/").json()["groups"]
    [item] = [item for items in groups.values() for item in items]
    assert (item["step"], item["on_behalf_of"]) == (question.pk, "bob")
    assert [row["id"] for row in client.get("/api/v1/steps/?mine=true").json()["results"]] == [question.pk]

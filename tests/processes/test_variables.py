"""Administrators set variables of running instances."""

import pytest

from bpm_portal.common.errors import Forbidden
from processes.errors import InstanceEnded
from processes.models import Process, ProcessEvent, ProcessStep
from processes.services import instances, steps
from processes.services.definitions import deploy_file
from tests.engine.drawing import conditional, end, node, start, user, xml
from tests.factories import NOW

CONDITIONED = xml(
    start(),
    user("a"),
    node("boundaryEvent", "b", conditional("amount > 10"), attachedToRef="a"),
    user("c"),
    end(),
    flows=["start a", "a end", "b c", "c end"],
)


@pytest.fixture
def instance(db, admin):
    """It waits at `a`, until `amount` is above ten."""
    [version] = deploy_file(source=CONDITIONED, by=None, now=NOW)
    return instances.start_process(
        process=Process.objects.get(pk=version.process_id), by=admin, now=NOW, variables={"amount": 1}
    )


def waiting() -> list[str]:
    return list(ProcessStep.objects.pending().human().values_list("element_id", flat=True))


def test_a_condition_that_comes_true_moves_the_instance(instance, admin, now) -> None:
    instances.set_variables(instance_id=instance.pk, values={"amount": 7}, by=admin, now=now)
    assert waiting() == ["a"]
    instances.set_variables(instance_id=instance.pk, values={"amount": 12}, by=admin, now=now)
    assert waiting() == ["c"]
    instance.refresh_from_db()
    assert instance.variables == {"amount": 12}


def test_the_journal_tells_who_set_what(instance, admin, now) -> None:
    instances.set_variables(instance_id=instance.pk, values={"note": "x", "amount": 2}, by=admin, now=now)
    event = ProcessEvent.objects.get(kind="variables-set")
    assert (event.by, event.data) == (admin, {"names": "amount, note"})


@pytest.mark.parametrize("who", ["bob", "mallory"])
def test_only_administrators_may(instance, now, request, who: str) -> None:
    with pytest.raises(Forbidden):
        instances.set_variables(
            instance_id=instance.pk, values={"amount": 12}, by=request.getfixturevalue(who), now=now
        )
    assert waiting() == ["a"]


def test_an_instance_that_has_ended_keeps_its_variables(instance, admin, now) -> None:
    [step] = ProcessStep.objects.pending().human()
    steps.complete_step(step_id=step.pk, by=admin, now=now)
    with pytest.raises(InstanceEnded):
        instances.set_variables(instance_id=instance.pk, values={"amount": 12}, by=admin, now=now)

"""Administrators set variables of running instances."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import escape

from bpm_portal.common.errors import Forbidden
from processes.errors import InstanceEnded
from processes.models import Process, ProcessEvent, ProcessStep
from processes.services import instances, steps
from processes.services.definitions import deploy_file
from processes.services.journal import in_words
from tests.engine.drawing import conditional, end, node, start, user, xml
from tests.factories import NOW
from tests.processes.conftest import allow

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


def history(client, instance):
    """By variable: each value, the latest first, with where it came from and whoever did it."""
    response = client.get(reverse("processes:instance", args=[instance.pk], query={"tab": "variables"}))
    rows = response.context["variables"]
    changes = {row.name: [row.latest, *row.earlier] if row.latest else [] for row in rows}
    return {name: [(c.text, c.source, c.who) for c in found] for name, found in changes.items()}


def test_each_value_keeps_when_by_which_step_and_whom_it_came_to_be(
    instance, admin, alice, client, now
) -> None:
    later = now + timedelta(minutes=1)
    instances.set_variables(
        instance_id=instance.pk,
        values={"amount": 1, "note": "x"},
        by=allow(alice, "run_processinstance"),
        now=later,
    )
    instances.set_variables(instance_id=instance.pk, values={"amount": Decimal("7.5")}, by=admin, now=later)
    step = ProcessStep.objects.pending().human().get()
    steps.complete_step(step_id=step.pk, by=admin, now=later, result=None, variables={"note": "done"})
    client.force_login(admin)
    found = history(client, instance)
    assert found["amount"] == [("7.5", "Set by hand", "Admin"), ("1", "Start of the process", "Admin")]
    assert found["note"] == [("done", "a", "Admin"), ("x", "Set by hand", "Alice")]
    written = ProcessEvent.objects.filter(kind="variables-written")
    assert not written.filter(published_at=None).exists()  # nobody has to hear of it
    assert "“a” has set: " in " ".join(entry.text for entry in in_words(written.select_related("step", "by")))


def test_of_a_long_value_the_history_keeps_the_beginning(instance, admin, client, now) -> None:
    instances.set_variables(instance_id=instance.pk, values={"note": "y" * 10_000}, by=admin, now=now)
    client.force_login(admin)
    [(text, _source, _who)] = history(client, instance)["note"]
    assert text.startswith('"yyy')
    assert len(text) < 5000


def dialog_of(instance):
    return reverse("processes:variable", args=[instance.pk])


def tab_of(client, instance):
    return client.get(reverse("processes:instance", args=[instance.pk], query={"tab": "variables"}))


def test_an_administrator_sets_a_variable_on_the_page_of_the_instance(instance, admin, client) -> None:
    client.force_login(admin)
    assert f"{dialog_of(instance)}?name=amount" in tab_of(client, instance).content.decode()
    assert 'value="amount"' in client.get(dialog_of(instance), {"name": "amount"}).content.decode()
    answer = client.post(dialog_of(instance), {"name": "amount", "value": "5 + 7"}, follow=True)
    assert "The variable “amount” is set." in answer.content.decode()
    assert waiting() == ["c"]
    instance.refresh_from_db()
    assert instance.variables == {"amount": 12}


def test_whoever_may_not_is_not_offered_it(instance, bob, client) -> None:
    instance.starter = bob
    instance.save()
    client.force_login(bob)
    assert dialog_of(instance) not in tab_of(client, instance).content.decode()
    assert client.get(dialog_of(instance)).status_code == 403


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("amount", "twelve", "“twelve” is no value. Write texts in quotation marks."),
        ("amount", '"twelve', ""),
        ("amount", "function(x) x", ""),
        ("amount", "", "required"),
        ("1st", "12", "no digit first"),
    ],
)
def test_what_is_no_value_keeps_the_dialog_with_what_was_typed(
    instance, admin, client, name, value, problem
) -> None:
    client.force_login(admin)
    answer = client.post(dialog_of(instance), {"name": name, "value": value})
    assert answer.status_code == 400
    assert problem in answer.content.decode()
    assert escape(value) in answer.content.decode()
    instance.refresh_from_db()
    assert instance.variables == {"amount": 1}


def test_nothing_is_set_once_the_instance_has_ended(instance, admin, client, now) -> None:
    steps.complete_step(step_id=ProcessStep.objects.pending().human().get().pk, by=admin, now=now)
    client.force_login(admin)
    assert client.post(dialog_of(instance), {"name": "amount", "value": "12"}).status_code == 409


def test_programs_set_variables_too(instance, admin, bob, api) -> None:
    url = reverse("instance-variables", args=[instance.pk])
    assert api(bob).post(url, {"variables": {"amount": 12}}, format="json").status_code == 404
    assert api(admin).post(url, {"variables": [12]}, format="json").status_code == 400
    answer = api(admin).post(url, {"variables": {"amount": 12}}, format="json")
    assert answer.json()["variables"] == {"amount": 12}
    assert waiting() == ["c"]

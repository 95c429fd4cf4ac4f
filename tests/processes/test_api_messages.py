"""`/api/v1/messages/` and `/api/v1/signals/`: events from outside."""

import pytest

from processes import service_calls
from processes.models import Process, ProcessInstance
from processes.services import instances

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine(role, deploy):
    """Begins with the message `goods ordered`."""
    service_calls.service("warehouse")(lambda call: "A1")
    yield deploy("machine")
    service_calls.unregister("warehouse")


def send(client, name, **body):
    return client.post("/api/v1/messages/", {"name": name, **body}, format="json")


def test_a_message_starts_the_process_that_begins_with_it(api, machine, bob):
    answer = send(api(bob), "goods ordered", correlation="", variables={"order": 17})
    instance = ProcessInstance.objects.get()
    assert (answer.status_code, answer.json()) == (200, {"instances": [instance.pk]})
    assert (instance.process, instance.starter, instance.variables) == (machine, bob, {"order": 17})


def test_a_message_that_nobody_waits_for_is_not_found(api, machine, bob, mallory):
    for client, name in ((api(bob), "goods lost"), (api(mallory), "goods ordered")):
        answer = send(client, name)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert name in answer.json()["message"]
    assert not ProcessInstance.objects.exists()


def test_a_disabled_process_takes_no_message(api, machine, bob):
    Process.objects.update(enabled=False)
    answer = send(api(bob), "goods ordered")
    assert (answer.status_code, answer.json()["code"]) == (409, "process_disabled")


def test_a_signal_that_nobody_waits_for_is_not_found(api, machine, bob):
    answer = api(bob).post("/api/v1/signals/", {"name": "goods ordered"}, format="json")
    assert answer.status_code == 404
    assert "signal" in answer.json()["message"]


def test_a_message_needs_a_name(api, machine, bob):
    answer = api(bob).post("/api/v1/messages/", {}, format="json")
    assert (answer.status_code, list(answer.json()["detail"])) == (400, ["name"])


@pytest.fixture
def orders(role, deploy, bob, now):
    """Two instances that wait for the payment of order 1 and of order 2."""
    process = deploy("waiting_for_news")
    return [
        instances.start_process(process=process, by=bob, now=now, variables={"order": str(number)})
        for number in (1, 2)
    ]


def waiting_at(instance):
    return list(instance.steps.filter(status="pending").values_list("element_id", flat=True))


def test_a_message_reaches_the_one_step_that_its_key_names(api, orders, bob):
    first, second = orders
    answer = send(api(bob), "paid", correlation="2", variables={"sum": 40})
    assert answer.json() == {"instances": [second.pk]}
    second.refresh_from_db()
    assert (waiting_at(first), waiting_at(second)) == (["payment"], ["shipping"])
    assert second.variables["sum"] == 40
    assert send(api(bob), "paid", correlation="2").status_code == 404
    assert send(api(bob), "paid").status_code == 404  # which order it is about is not said


def test_a_step_without_a_key_takes_a_message_with_any_the_oldest_first(api, orders, bob):
    first, second = orders
    for number in ("1", "2"):
        send(api(bob), "paid", correlation=number)
    assert send(api(bob), "shipped", correlation="whatever").json() == {"instances": [first.pk]}
    assert send(api(bob), "shipped").json() == {"instances": [second.pk]}


def test_a_signal_reaches_everybody_who_waits_for_it(api, orders, bob):
    client = api(bob)
    for number in ("1", "2"):
        send(client, "paid", correlation=number)
        send(client, "shipped")
    answer = client.post("/api/v1/signals/", {"name": "stop everything"}, format="json")
    assert answer.json() == {"instances": [instance.pk for instance in orders]}
    assert [waiting_at(instance) for instance in orders] == [[], []]


def test_strangers_reach_nobody(api, orders, mallory):
    assert send(api(mallory), "paid", correlation="1").status_code == 404
    assert waiting_at(orders[0]) == ["payment"]


def test_the_starter_reaches_his_instance_though_he_may_start_no_more(api, orders, bob, role):
    bob.groups.remove(role)
    assert send(api(bob), "paid", correlation="1").json() == {"instances": [orders[0].pk]}

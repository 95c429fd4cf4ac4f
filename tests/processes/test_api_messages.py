"""`/api/v1/messages/` and `/api/v1/signals/`: events from outside."""

import pytest

from processes import service_calls
from processes.models import Process, ProcessInstance

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

"""The broken portal, the processes that run in it, and what must be true in the end."""

from collections.abc import Callable, Iterator
from datetime import UTC, timedelta

import pytest
from celery import Celery
from django.utils import timezone

from activities.models import Activity
from bpm_portal.accounts.models import User
from bpm_portal.embedded import Servers
from processes import outbox
from processes.models import Process, ProcessInstance, ProcessStep
from processes.services import statistics
from processes.services.definitions import deploy_file
from tests.factories import NOW
from tests.faults.rig import Rig
from tests.infrastructure.conftest import open_folder
from tests.processes.conftest import DIAGRAMS

ONCE = ("instance-started", "instance-ended", "instance-completed")


@pytest.fixture(scope="package")
def broker() -> Iterator[Servers]:
    """A broker of these tests' own that keeps nothing on disk."""
    with open_folder() as folder, Servers(folder, {"DATABASE_URL": "given"}, durable=False) as servers:
        yield servers


@pytest.fixture
def rig(broker, transactional_db, tmp_path, monkeypatch, request) -> Iterator[Rig]:
    """Nothing of it runs yet; what the test itself does wakes its workers."""
    broker.revive()
    rig = Rig(broker, tmp_path)
    with Celery(broker=rig.env["REDIS_URL"]) as messages:
        messages.conf.broker_transport_options = {"socket_timeout": 5, "socket_connect_timeout": 2}
        monkeypatch.setattr(outbox, "current_app", messages)
        monkeypatch.setattr(outbox, "_quiet_until", 0.0)
        yield rig
        rig.stop()
    print(rig.logs())  # noqa: T201 - pytest shows it where a test has failed


@pytest.fixture
def deploy(rig, role) -> Callable[[str], Process]:
    """Deploy a diagram of tests/diagrams by its name; its service is the one in `tests.faults.app`."""

    def deploy_by_name(name: str) -> Process:
        return deploy_file(source=(DIAGRAMS / f"{name}.bpmn").read_bytes(), by=None, now=NOW)[0].process

    return deploy_by_name


def pending(instance: ProcessInstance, element_id: str) -> ProcessStep | None:
    """The pending step of an element, if the token is there."""
    return ProcessStep.objects.pending().filter(instance=instance, element_id=element_id).first()


def is_completed(*instances: ProcessInstance) -> bool:
    """All of them are."""
    ids = [instance.pk for instance in instances]
    return not ProcessInstance.objects.filter(pk__in=ids).exclude(status="completed").exists()


def assert_ended_once(*instances: ProcessInstance) -> None:
    """Each has ended once, at the time of its end event; nothing of it is left open, half done or untold."""
    for instance in instances:
        instance.refresh_from_db()
        steps = ProcessStep.objects.filter(instance=instance)
        assert instance.status == "completed"
        assert instance.ended_at == steps.get(element_id="end").closed_at
        assert instance.duration == instance.ended_at - instance.started_at
        assert not steps.exclude(status="completed").exists()
        elements = list(steps.values_list("element_id", flat=True))
        assert len(elements) == len(set(elements)), elements
        events = list(instance.events.values_list("kind", flat=True))
        assert [events.count(kind) for kind in ONCE] == [1, 1, 1], events
        for step in steps.exclude(waits_on=""):
            assert step.events.filter(kind="step-completed").count() == 1
        for activity in Activity.objects.filter(steps__instance=instance):
            assert activity.status == "completed"


def assert_counted_once(user: User, *instances: ProcessInstance) -> None:
    """The statistics count these instances and no others, with the durations that their rows have."""
    today = timezone.now().date()
    report = statistics.report(statistics.Question(user, today - timedelta(days=1), today, UTC))
    assert [total.completed for total in report.totals] == [len(instances)]
    seconds = [instance.duration.total_seconds() for instance in instances]
    assert report.overall.average == pytest.approx(sum(seconds) / len(seconds))

"""Deployed diagrams for the tests of processes."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from processes.models import Process, ProcessStep
from processes.services import instances, steps
from processes.services.definitions import deploy_file
from tests.factories import (
    NOW,
    ProcessFactory,
    ProcessInstanceFactory,
    ProcessVersionFactory,
    RecordFactory,
)

DIAGRAMS = Path(__file__).parent.parent / "diagrams"


def allow(user, *codenames):
    """Give the user permissions; returns him as the database has him now."""
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return type(user).objects.get(pk=user.pk)


def count_queries(client, url):
    """How many queries the page takes."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.fixture
def deploy(db):
    """Deploy a diagram of tests/diagrams by its name; returns the process."""

    def deploy_by_name(name: str) -> Process:
        return deploy_file(source=(DIAGRAMS / f"{name}.bpmn").read_bytes(), by=None, now=NOW)[0].process

    return deploy_by_name


@pytest.fixture
def approval(role, deploy):
    """A task, a question, a form: started by members of the role on a contract."""
    return deploy("approval")


@pytest.fixture
def contract(db):
    """The record that it is about."""
    return RecordFactory(caption="Contract 7")


@pytest.fixture
def stuck(role, deploy):
    """A question whose answers lead to nobody (left), to the end (right) or into an incident (back)."""
    return deploy("stuck")


@pytest.fixture
def pending(db):
    """The pending steps of an instance, in the order of their birth."""
    return lambda instance: list(ProcessStep.objects.pending().filter(instance=instance).order_by("id"))


@pytest.fixture
def failed(stuck, bob, pending, now):
    """An instance that bob has led into an incident."""
    instance = instances.start_process(process=stuck, by=bob, now=now)
    steps.complete_step(step_id=pending(instance)[0].pk, by=bob, now=now, result="back")
    instance.refresh_from_db()
    return instance


@pytest.fixture
def as_user(client):
    """`as_user(bob)`: his browser."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def sale(role):
    """A process without a diagram, for statistics."""
    process = ProcessFactory(key="sale", name="Sale")
    process.roles.add(role)
    return process


@pytest.fixture
def finished(sale):
    """`finished(end, hours)`: one more instance of it, which took that long."""
    version = ProcessVersionFactory(process=sale)

    def finish(end, hours, status="completed"):
        length = timedelta(hours=hours)
        return ProcessInstanceFactory(
            version=version,
            status=status,
            started_at=end - length,
            ended_at=end,
            duration=length if status == "completed" else None,
        )

    return finish


@pytest.fixture
def api(db):
    """`api(user)`: a program that acts for this user by a token."""

    def client_of(user) -> APIClient:
        token, _is_new = Token.objects.get_or_create(user=user)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
        return client

    return client_of

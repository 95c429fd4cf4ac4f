"""Deployed diagrams for the tests of processes."""

from pathlib import Path

import pytest

from processes.models import Process
from processes.services.definitions import deploy_file
from tests.factories import NOW, RecordFactory

DIAGRAMS = Path(__file__).parent.parent / "diagrams"


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

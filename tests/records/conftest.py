"""Sections for these tests: contracts of accounts, worked with by the Sales managers."""

import pytest

from processes.models import Process, ProcessInstance, ProcessStep, ProcessVersion
from records.models import RecordField
from tests import factories


@pytest.fixture
def accounts(role):
    """A section of accounts with a caption made from the name."""
    section = factories.RecordTypeFactory(
        code="account", name="Account", name_plural="Accounts", caption_template="{name}", fields=None
    )
    section.fields.all().delete()
    RecordField.objects.create(record_type=section, code="name", label="Name", required=True, in_list=True)
    section.roles.add(role)
    return section


@pytest.fixture
def contracts(role, accounts):
    """A section with a field of each kind; the caption is typed."""
    section = factories.RecordTypeFactory(code="contract")
    rows = [
        {"code": "signed_on", "label": "Signed on", "kind": "date"},
        {"code": "urgent", "label": "Urgent", "kind": "boolean"},
        {
            "code": "stage",
            "label": "Stage",
            "kind": "choice",
            "choices": [["draft", "Draft"], ["signed", "Signed"]],
            "in_list": True,
        },
        {"code": "account", "label": "Account", "kind": "lookup", "lookup_type": accounts, "in_list": True},
    ]
    for number, row in enumerate(rows):
        RecordField.objects.create(record_type=section, position=200 + number, **row)
    section.roles.add(role)
    return section


@pytest.fixture
def contract(contracts):
    """A contract of nobody."""
    return factories.RecordFactory(record_type=contracts, caption="Delivery of pipes")


@pytest.fixture
def account(accounts):
    """Alpha Ltd."""
    return factories.RecordFactory(record_type=accounts, caption="Alpha Ltd", data={"name": "Alpha Ltd"})


@pytest.fixture
def open_step(now):
    """A function `(record, assignee=None) -> ProcessStep`: a pending step that waits on the record."""

    def make(record, assignee=None):
        process, _created = Process.objects.get_or_create(
            key="check", defaults={"name": "Check", "created_at": now}
        )
        version, _created = ProcessVersion.objects.get_or_create(
            process=process, number=1, defaults={"source": b"", "digest": "x", "deployed_at": now}
        )
        instance = ProcessInstance.objects.create(
            process=process, version=version, caption="Check of the contract", started_at=now
        )
        return ProcessStep.objects.create(
            instance=instance,
            element_id="approve",
            element_type="userTask",
            name="Approve the contract",
            kind="form",
            waits_on="record",
            record=record,
            assignee=assignee,
            opened_at=now,
            starts_at=now,
        )

    return make


@pytest.fixture
def as_bob(client, bob):
    """Bob's browser."""
    client.force_login(bob)
    return client

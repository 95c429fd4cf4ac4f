"""What reading pending work costs in statements, however much of it there is."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db
STEPS = "processes_processstep"


@pytest.fixture
def contracts(role):
    """Fifty contracts, each with a step on the record, one on an activity of it, and one on a connected one."""
    section = factories.RecordTypeFactory()
    section.roles.add(role)
    instance = factories.ProcessInstanceFactory()
    for number in range(50):
        record = factories.RecordFactory(record_type=section, caption=f"Contract {number}")
        on = {"waits_on": "record", "activity": None, "record": record}
        factories.HumanStepFactory(instance=instance, role=role, **on)
        factories.HumanStepFactory(
            instance=instance, role=role, activity=factories.ActivityFactory(record=record)
        )
        step = factories.HumanStepFactory(instance=instance, role=role)
        step.activity.connections.create(record=record)
    return section


def statements_about_steps(client: Client, address: str) -> list[str]:
    """The statements of one page that read steps to count them per record."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    # The record's rule of visibility and the bell read steps, too; the counts are what names connections.
    return [query["sql"] for query in queries if "activities_activityconnection" in query["sql"]]


def test_a_page_of_fifty_rows_counts_its_steps_in_one_statement(contracts, bob) -> None:
    client = Client()
    client.force_login(bob)
    address = reverse("records:list", args=[contracts.code])
    assert len(statements_about_steps(client, address)) == 1
    rows = client.get(address).context["rows"]
    assert [row.pending for row in rows] == [3] * 50


def test_programs_get_the_counts_in_one_statement(contracts, bob) -> None:
    client = Client()
    client.force_login(bob)
    ids = ",".join(str(record.pk) for record in contracts.records.all())
    address = reverse("record-pending-counts", query={"ids": ids})
    assert len(statements_about_steps(client, address)) == 1
    assert set(client.get(address).json().values()) == {3}

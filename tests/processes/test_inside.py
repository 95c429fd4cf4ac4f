"""What moves an instance is for its starter and for administrators; who has a step of it sees where it stands."""

import pytest
from lxml import etree

from processes.models import ProcessInstance, ProcessStep
from processes.services import instances
from processes.services.pictures import DRAWING, picture_of
from tests.processes.conftest import DIAGRAMS

pytestmark = pytest.mark.django_db
SALARY = "4711"


@pytest.fixture
def instance(approval, contract, bob, alice, role, now) -> ProcessInstance:
    """Alice has started it; bob has done the first step."""
    alice.groups.add(role)
    begun = instances.start_process(
        process=approval, by=alice, now=now, record=contract, variables={"salary": SALARY}
    )
    [task] = ProcessStep.objects.pending().filter(instance=begun)
    ProcessStep.objects.filter(pk=task.pk).update(assignee=bob, role=None)
    alice.groups.clear()
    return begun


def page(client, user, instance, tab="") -> str:
    client.force_login(user)
    return client.get(f"/log/{instance.pk}/", {"tab": tab}).content.decode()


def test_a_performer_sees_where_it_stands_and_his_own_steps(client, instance, bob) -> None:
    shown = page(client, bob, instance)
    assert "Execution diagram" in shown
    assert "Waits for Bob" in shown
    for tab in ("variables", "journal"):
        assert f"?tab={tab}" not in shown
        hidden = page(client, bob, instance, tab)
        assert SALARY not in hidden
        assert "has begun" not in hidden


def test_the_api_keeps_the_same(client, instance, bob, alice) -> None:
    client.force_login(bob)
    address = f"/api/v1/instances/{instance.pk}/"
    assert client.get(address).json()["variables"] is None
    [row] = client.get("/api/v1/instances/").json()["results"]
    assert row["variables"] is None
    assert client.get(f"{address}events/").status_code == 403
    assert client.get(f"/log/{instance.pk}/journal.csv").status_code == 403
    client.force_login(alice)
    assert client.get(address).json()["variables"]["salary"] == SALARY
    assert client.get(f"{address}events/").status_code == 200


def test_starter_and_administrators_see_it_all(client, instance, alice, admin) -> None:
    for reader in (alice, admin):
        assert SALARY in page(client, reader, instance, "variables")
        assert "has begun" in page(client, reader, instance, "journal")
        source = client.get(f"/log/{instance.pk}/diagram.bpmn").content
        assert b"portal:" in source


def test_a_performer_gets_the_picture_of_the_diagram_alone(client, instance, bob) -> None:
    client.force_login(bob)
    source = client.get(f"/log/{instance.pk}/diagram.bpmn").content
    assert b"userTask" in source
    assert b"portal" not in source
    assert b"conditionExpression" not in source


@pytest.mark.parametrize("name", ["secret", "events", "approval", "everyday"])
def test_a_picture_has_all_shapes_and_flows_and_no_workings(name) -> None:
    source = (DIAGRAMS / f"{name}.bpmn").read_bytes()
    before, after = etree.fromstring(source), etree.fromstring(picture_of(source))
    flows = "//*[local-name() = 'sequenceFlow' or local-name() = 'userTask']/@id"
    assert before.xpath(flows) == after.xpath(flows)
    drawn = [e.tag for e in before.iter() if isinstance(e.tag, str) and e.tag.startswith(DRAWING)]
    assert drawn == [e.tag for e in after.iter() if e.tag.startswith(DRAWING)]
    names = {etree.QName(e).localname for e in after.iter()}
    assert not names & {"extensionElements", "conditionExpression", "script", "timeDuration", "documentation"}
    assert not [a for e in after.iter() for a in e.attrib if a.startswith("{")]

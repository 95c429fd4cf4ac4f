"""Ids that somebody may not use: in bodies, in filters, in addresses."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse

from processes.models import ProcessInstance, ProcessStep
from processes.services import handing
from records.models import Record, RecordField
from tests import factories
from tests.access.doors import ACTIVITY
from tests.access.test_doors import DOORS, addresses, body
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HIDDEN = "Atlantis"
JSON = "application/json"


@pytest.fixture
def vault(world) -> Record:
    """A record that bob may not see, of a section to which his contracts can point."""
    section = factories.RecordTypeFactory(code="vault", name="Vault", name_plural="Vaults")
    section.roles.add(factories.RoleFactory(name="Guards"))
    RecordField.objects.create(
        record_type=world.section, code="safe", label="Safe", kind="lookup", lookup_type=section
    )
    return factories.RecordFactory(record_type=section, caption=f"{HIDDEN} gold")


@pytest.fixture
def bob_door(world) -> Client:
    """Signed in as bob."""
    client = Client()
    client.force_login(world.bob)
    return client


@pytest.fixture
def own_form(world) -> ProcessStep:
    """Mallory is asked to fill in a form on bob's contract; its lookup is to accounts, of which she sees none."""
    Record.objects.filter(pk=world.account.pk).update(caption=f"{HIDDEN} Ltd")
    step = world.steps["form"]
    handing.reassign_step(step_id=step.pk, assignee=world.mallory, by=world.admin, now=NOW)
    return step


def test_a_lookup_of_a_step_takes_no_record_that_its_performer_cannot_see(world, own_form) -> None:
    client = Client()
    client.force_login(world.mallory)
    page, key = reverse("processes:step", args=[own_form.pk]), world.account.pk
    tries = [
        client.post(page, {"result": "signed", "place": "Minsk", "partner": key}),
        *(
            client.post(
                reverse("step-complete", args=[own_form.pk]),
                {"result": "signed", "variables": {"place": "Minsk", "partner": partner}},
                content_type=JSON,
            )
            for partner in (key, str(key), {"id": key}, {"id": key, "caption": "x"})
        ),
    ]
    assert [response.status_code for response in tries] == [400] * 5
    assert client.post(reverse("processes:draft", args=[own_form.pk]), {"partner": key}).status_code == 204
    for response in (*tries, client.get(page)):
        assert HIDDEN not in body(response)
    own_form.refresh_from_db()
    assert own_form.is_pending
    done = client.post(page, {"result": "signed", "place": "Minsk"})
    assert done.status_code == 302, "without it she may"


def test_a_lookup_of_a_record_takes_none_that_its_editor_cannot_see(world, vault, bob_door) -> None:
    before = Record.objects.get(pk=world.contract.pk).data
    detail = reverse("record-detail", args=[world.contract.pk])
    new = {"type": "contract", "caption": "New"}
    responses = [
        bob_door.post(reverse("records:edit", args=[world.contract.pk]), {"caption": "C", "safe": vault.pk}),
        bob_door.post(reverse("records:add", args=["contract"]), {"caption": "C", "safe": vault.pk}),
        bob_door.patch(detail, {"values": {"safe": vault.pk}}, content_type=JSON),
        bob_door.patch(detail, {"values": {"safe": {"id": vault.pk}}}, content_type=JSON),
        bob_door.post(reverse("record-list"), {**new, "values": {"safe": vault.pk}}, content_type=JSON),
    ]
    assert [response.status_code for response in responses[2:]] == [400] * 3
    responses.append(bob_door.get(reverse("records:options", args=["vault"]), {"q": HIDDEN}))
    for response in responses:
        assert response.status_code in (200, 400)
        assert HIDDEN not in body(response)
    assert Record.objects.get(pk=world.contract.pk).data == before
    assert not Record.objects.filter(caption__in=["C", "New"]).exists()


def test_nothing_starts_on_a_record_that_one_cannot_see(world, vault, bob_door) -> None:
    before = ProcessInstance.objects.count()
    page = reverse("processes:start", args=[world.process.pk])
    shown = bob_door.get(page, {"record": vault.pk})
    posted = bob_door.post(page, {"record": vault.pk})
    sent = bob_door.post(reverse("process-start", args=["secret"]), {"record": vault.pk}, content_type=JSON)
    assert (posted.status_code, sent.status_code) == (400, 400)
    for response in (shown, posted, sent):
        assert HIDDEN not in body(response)
    assert ProcessInstance.objects.count() == before


def test_no_activity_is_connected_to_a_record_that_one_cannot_see(world, vault, bob_door) -> None:
    own = world.activities["own"]
    new = {"title": "Call back", "starts_at": "2026-03-03T10:00Z", "record": vault.pk}
    responses = [
        bob_door.get(reverse("activities:add"), {"record": vault.pk}),
        bob_door.post(reverse("activities:add"), {**ACTIVITY, "record": vault.pk}),
        bob_door.post(reverse("activities:edit", args=[own.pk]), {**ACTIVITY, "record": vault.pk}),
        bob_door.post(reverse("activity-list"), new, content_type=JSON),
        bob_door.patch(reverse("activity-detail", args=[own.pk]), {"record": vault.pk}, content_type=JSON),
    ]
    assert [response.status_code for response in responses] == [200, 400, 400, 400, 400]
    assert not any(HIDDEN in body(response) for response in responses)
    assert not vault.activities.exists()


@pytest.mark.parametrize("name", ["processes:reassign", "activities:reassign"])
def test_work_goes_to_people_who_are_there(world, bob_door, name) -> None:
    left = factories.UserFactory(username="left", is_active=False)
    step = world.steps["task"]
    address = reverse(name, args=[step.pk if name.startswith("processes") else step.activity_id])
    for assignee in (left.pk, 0, -1, "abc", "9" * 30, ""):
        assert bob_door.post(address, {"assignee": assignee}).status_code == 400
        assert bob_door.post(address, {"role": assignee}).status_code == 400
    assert bob_door.post(address, {"assignee": world.carol.pk, "role": world.role.pk}).status_code == 400
    step.refresh_from_db()
    assert (step.assignee, step.role) == (world.bob, None)


@pytest.mark.parametrize("name", ["step-reassign", "activity-reassign"])
def test_programs_name_people_who_are_there(world, bob_door, name) -> None:
    factories.UserFactory(username="left", is_active=False)
    step = world.steps["task"]
    address = reverse(name, args=[step.pk if name.startswith("step") else step.activity_id])
    for performer in ({"assignee": "left"}, {"assignee": "nobody"}, {"role": "None"}, {}, {"assignee": 7}):
        assert bob_door.post(address, performer, content_type=JSON).status_code == 400
    step.refresh_from_db()
    assert step.assignee == world.bob


def test_filters_by_what_one_cannot_see_find_nothing(world, vault, bob_door) -> None:
    factories.HumanStepFactory(
        waits_on="record", activity=None, record=vault, name=f"{HIDDEN} step", record_caption=vault.caption
    )
    factories.ActivityFactory(title=f"{HIDDEN} call", record=vault)
    for name in ("step-list", "instance-list", "activity-list"):
        assert bob_door.get(reverse(name), {"record": vault.pk}).json()["results"] == []
    for name in ("record-list", "activity-list", "instance-list", "process-list"):
        assert bob_door.get(reverse(name), {"q": HIDDEN}).json()["results"] == []
    both = f"{world.contract.pk},{vault.pk}"
    assert str(vault.pk) not in bob_door.get(reverse("record-pending-counts"), {"ids": both}).json()
    counts = bob_door.get(reverse("records:counts", args=["contract"]), {"ids": both}).json()
    assert set(counts) == {str(world.contract.pk)}
    assert HIDDEN not in body(bob_door.get(reverse("processes:log"), {"record": vault.pk}))


@pytest.mark.parametrize("number", [0, 2**63 - 1, 2**63, 10**30], ids=["0", "last", "too large", "huge"])
def test_a_number_that_no_row_has_is_not_found(world, number) -> None:
    routes = {name: str(pattern.pattern) for name, pattern in addresses(get_resolver())}
    client = Client()
    client.force_login(world.admin)
    for door in DOORS:
        args = door.args(world)
        if "regex" in routes[door.name] or not any(isinstance(part, int) for part in args):
            continue
        for position, part in enumerate(args):
            if not isinstance(part, int):
                continue
            address = changed(reverse(door.name, args=args), args, position, number)
            send = getattr(client, door.method.lower())
            data = {} if "file" in door.data(world) else dict(door.data(world))
            extra = {"content_type": JSON} if door.is_api and door.method != "GET" else {}
            status = send(address, data, **extra).status_code
            # Taking away what is not there changes nothing: that is no error.
            assert status == 404 or (position > 0 and status == 302), (door.id, address, status)
    assert connection.is_usable()


def test_a_body_that_is_nested_without_end_is_refused(world) -> None:
    client = Client()
    client.force_login(world.admin)
    for door in DOORS:
        if door.is_api and door.method != "GET":
            send = getattr(client, door.method.lower())
            response = send(reverse(door.name, args=door.args(world)), "[" * 5000, content_type=JSON)
            assert response.status_code < 500, door.id


def changed(address: str, args: tuple, position: int, number: int) -> str:
    """The address with another number in place of one of its arguments."""
    parts = re.split(r"(\d+)", address)
    places = [at for at, part in enumerate(parts) if part == str(args[position])]
    parts[places[0] if position == 0 else places[-1]] = str(number)
    return "".join(parts)

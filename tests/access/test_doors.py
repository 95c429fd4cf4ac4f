"""Each door: a stranger is led to the sign-in, an intruder finds nothing, the rightful person passes."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.doors import Door
from tests.access.pages import PAGES
from tests.access.programs import PROGRAMS
from tests.access.world import SECRET, World

EVIL = "https://evil.example/"
pytestmark = pytest.mark.django_db
DOORS = [*PAGES, *PROGRAMS]
# Open to everybody on purpose; what they say is in `test_what_is_open_says_nothing`.
OPEN = {
    "home", "accounts:sign-in", "accounts:sign-out", "accounts:theme", "accounts:language", "schema", "docs",
    "favicon.ico",
}  # fmt: skip


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address with its full name; one without a name under its route."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name or entry.pattern}", entry
        else:
            yield from addresses(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)


def methods(pattern: URLPattern) -> set[str]:
    """The methods that a view of the API says it has; pages say nothing."""
    actions = getattr(pattern.callback, "actions", None) or {}
    return {method.upper() for method in actions}


def test_every_address_is_in_the_table() -> None:
    known = {door.name for door in DOORS} | OPEN
    found = {name for name, _pattern in addresses(get_resolver()) if not name.startswith("admin:")}
    assert not found - known, "a new address: say in tests/access/pages.py or programs.py who may pass"
    assert not known - found


def test_every_method_of_the_api_is_in_the_table() -> None:
    known = {(door.name, door.method) for door in DOORS}
    for name, pattern in addresses(get_resolver()):
        for method in methods(pattern):
            assert (name, method) in known


def knock(
    door: Door, world: World, person: Any = None, client: Client | None = None, **headers: str
) -> HttpResponse:
    """Ask for the door as this person, or as nobody."""
    client = client or Client()
    if person is not None:
        client.force_login(person)
    address = reverse(door.name, args=door.args(world))
    data = dict(door.data(world))
    if not door.is_api:
        data["next"] = EVIL  # where a page returns to is for it to say, not for whoever has made the link
    if door.method == "GET":
        return client.get(address, data, headers=headers)
    send = getattr(client, door.method.lower())
    is_json = door.is_api and "file" not in data
    return send(address, data, **({"content_type": "application/json"} if is_json else {}), headers=headers)


def body(response: HttpResponse | StreamingHttpResponse) -> str:
    """What was answered, addresses in its headers included."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode() + " ".join(response.headers.values())


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.id)
def test_only_the_rightful_person_passes(world, door) -> None:
    before = world.fingerprint()
    stranger_is_asked_to_sign_in(door, world)
    intruder_finds_nothing(door, world)
    assert world.fingerprint() == before
    response = knock(door, world, getattr(world, door.who))
    assert response.status_code in door.ok, body(response)[:2000]
    assert (SECRET in body(response)) or not door.shows
    assert EVIL not in body(response)


@pytest.mark.parametrize("kind", ["pages", "programs"])
def test_no_other_site_can_send_a_form_in_somebodys_name(world, kind) -> None:
    before = world.fingerprint()
    for door in {"pages": PAGES, "programs": PROGRAMS}[kind]:
        if door.method != "GET":
            response = knock(door, world, getattr(world, door.who), client=Client(enforce_csrf_checks=True))
            assert response.status_code == 403, door.id
    assert world.fingerprint() == before


def stranger_is_asked_to_sign_in(door: Door, world: World) -> None:
    """People by a page, programs by a status."""
    response = knock(door, world)
    if door.is_api:
        assert response.status_code == 401
    else:
        assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/sign-in/")
    assert SECRET not in body(response)


def intruder_finds_nothing(door: Door, world: World) -> None:
    """Not even the word, be it a page or a fragment."""
    for headers in ({}, {"HX-Request": "true"}):
        response = knock(door, world, world.mallory, **headers)
        assert response.status_code in door.mallory
        assert SECRET not in body(response)

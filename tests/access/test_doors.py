"""Each door: what becomes of everybody who tries it is what the table says."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.doors import PEOPLE, STATUSES, THROUGH, Door
from tests.access.pages import PAGES
from tests.access.programs import PROGRAMS
from tests.access.world import SECRET, World

EVIL = "https://evil.example/"
pytestmark = pytest.mark.django_db
DOORS = [*PAGES, *PROGRAMS]
# Open to everybody on purpose; what they say is in `test_what_is_open_says_nothing`.
OPEN = {
    "accounts:sign-in", "accounts:sign-out", "accounts:theme", "accounts:language", "schema", "docs",
    "favicon.ico",
}  # fmt: skip
# Open to whoever knows the secret in their address; `test_open_doors` tries them.
SECRET_ADDRESSES = {"mail:calendar", "mail:unsubscribe"}


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
    return {method.upper() for method in actions} - {"HEAD"}  # the framework adds it at the first call


def test_every_address_is_in_the_table() -> None:
    known = {door.name for door in DOORS} | OPEN | SECRET_ADDRESSES
    found = {name for name, _pattern in addresses(get_resolver()) if not name.startswith("admin:")}
    assert not found - known, "a new address: say in tests/access/pages.py or programs.py who may pass"
    assert not known - found


def test_whoever_has_not_signed_in_passes_only_where_a_view_says_so() -> None:
    """An address that is added tomorrow is closed, whatever its author has forgotten."""
    said = {
        name
        for name, pattern in addresses(get_resolver())
        if not name.startswith("admin:") and not getattr(pattern.callback, "login_required", True)
    }
    told_by_a_code = {
        door.name for door in DOORS if door.is_api
    }  # 401 instead of a page that asks to sign in
    assert said == OPEN - {"accounts:sign-out"} | SECRET_ADDRESSES | told_by_a_code


def test_every_method_of_the_api_is_in_the_table() -> None:
    known = {(door.name, door.method) for door in DOORS}
    for name, pattern in addresses(get_resolver()):
        for method in methods(pattern):
            assert (name, method) in known


@contextmanager
def tried() -> Iterator[None]:
    """Whatever a try has changed is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def knock(
    door: Door, world: World, session: str = "", client: Client | None = None, **headers: str
) -> HttpResponse:
    """Ask for the door with the session of somebody, or as nobody."""
    client = client or Client()
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
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
    if response.streaming and not hasattr(response, "read"):
        response.read = b"".join(response.streaming_content)
    content = response.read if response.streaming else response.content
    return content.decode() + " ".join(response.headers.values())


def letter(response: HttpResponse) -> str:
    """What somebody got, as the table writes it."""
    said = STATUSES.get(response.status_code, str(response.status_code))
    return "+" if said == "o" and SECRET in body(response) else said


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.id)
def test_a_door_opens_for_whom_it_is(made_world, db, as_made, signed_in, door) -> None:
    got, wrong = "", []
    for name, expected in zip(PEOPLE.values(), door.may, strict=True):
        with tried():
            response = knock(door, made_world, signed_in[name])
            answer = body(response)
            got += letter(response)
            if letter(response) != expected:
                wrong.append(f"{name}: {answer[:500]}")
            if EVIL in answer:
                wrong.append(f"{name} is sent to another site")
            # The frame of the page tells the others of their sections and of themselves.
            if name == "mallory" and SECRET in answer:
                wrong.append("mallory reads the secret")
            if (letter(response) not in THROUGH or name == "mallory") and made_world.fingerprint() != as_made:
                wrong.append(f"{name} has changed something")
    assert (got, wrong) == (door.may, [])


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.id)
def test_strangers_are_asked_to_sign_in(made_world, db, as_made, door) -> None:
    response = knock(door, made_world)
    if door.is_api:
        assert response.status_code == 401
    else:
        assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/sign-in/")
    assert SECRET not in body(response)
    assert made_world.fingerprint() == as_made


@pytest.mark.parametrize("door", PAGES, ids=lambda door: door.id)
def test_a_fragment_gives_an_intruder_no_more_than_a_page(made_world, db, as_made, signed_in, door) -> None:
    response = knock(door, made_world, signed_in["mallory"], **{"HX-Request": "true"})
    assert letter(response) == door.may[0]
    assert made_world.fingerprint() == as_made


@pytest.mark.parametrize("kind", ["pages", "programs"])
def test_no_other_site_can_send_a_form_in_somebodys_name(made_world, db, as_made, signed_in, kind) -> None:
    for door in {"pages": PAGES, "programs": PROGRAMS}[kind]:
        if door.method != "GET":
            client = Client(enforce_csrf_checks=True)
            response = knock(door, made_world, signed_in[door.opens_for], client)
            assert response.status_code == 403, door.id
    assert made_world.fingerprint() == as_made


def test_to_look_changes_nothing(made_world, db, as_made, signed_in) -> None:
    """A link in somebody's e-mail is opened by whoever clicks on it, and by programs that look what is behind it."""
    for door in DOORS:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = signed_in[door.opens_for]
        address = reverse(door.name, args=door.args(made_world))
        data = {name: value for name, value in door.data(made_world).items() if name != "file"}
        for look in (client.get, client.head, client.options):
            response = look(address, data)
            body(response)
            assert response.status_code < 500, door.id
        assert made_world.fingerprint() == as_made, door.id


def test_a_page_takes_no_method_that_it_does_not_know(made_world, db, as_made, signed_in) -> None:
    takes = {name: {door.method for door in PAGES if door.name == name} for name in {d.name for d in PAGES}}
    for name, known in sorted(takes.items()):
        door = next(door for door in PAGES if door.name == name)
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = signed_in[door.opens_for]
        address = reverse(name, args=door.args(made_world))
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            if method not in known:
                response = getattr(client, method.lower())(address)
                assert response.status_code == 405, (method, name, response.status_code)
    assert made_world.fingerprint() == as_made

"""No page takes many statements, whoever opens it: far fewer than twenty."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.access.doors import Door
from tests.access.pages import PAGES
from tests.access.programs import PROGRAMS

pytestmark = pytest.mark.django_db
MOST = 17
DOORS = [door for door in (*PAGES, *PROGRAMS) if door.method == "GET"]


def statements(door: Door, world: Any, person: Any) -> list[str]:
    """Those of opening it a second time: a process reads a diagram once."""
    client = Client()
    client.force_login(person)
    address, data = reverse(door.name, args=door.args(world)), dict(door.data(world))
    list(client.get(address, data))
    with CaptureQueriesContext(connection) as queries:
        list(client.get(address, data))  # what is sent as it is written has been written by then
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("who", ["admin", "petra", "bob"])
def test_no_page_takes_more_statements_than_it_may(world: Any, who: str) -> None:
    over = {}
    for door in DOORS:
        found = statements(door, world, getattr(world, who))
        if len(found) > MOST:
            over[door.id] = f"{len(found)} statements\n" + "\n".join(sql[:160] for sql in found)
    assert not over, "\n\n".join(f"{door} for {who}: {text}" for door, text in over.items())

"""The world that is tried: made once per module, and given to each test as it was made."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client, override_settings

from tests.access.world import World, make_world


@pytest.fixture(scope="module")
def made_world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """Everything in it is bob's or alice's, dave stands in for bob, mallory has nothing.

    Never committed: tests work in savepoints.
    """
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), transaction.atomic(), media:
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(made_world, db) -> World:
    """The same rows, and objects of this test's own."""
    return deepcopy(made_world)


@pytest.fixture(scope="module")
def as_made(made_world, django_db_blocker) -> dict[str, str]:
    """What stands there before anybody tries anything."""
    with django_db_blocker.unblock():
        return made_world.fingerprint()


@pytest.fixture(scope="module")
def signed_in(made_world, django_db_blocker) -> dict[str, str]:
    """The session of each person, by name; signing in anew for every try would cost as much as the try."""
    keys = {}
    with django_db_blocker.unblock():
        for name in ("alice", "bob", "carol", "dave", "mallory", "petra", "admin"):
            client = Client()
            client.force_login(getattr(made_world, name))
            keys[name] = client.session.session_key
    return keys

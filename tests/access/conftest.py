"""The world that is tried: made once per module, and given to each test as it was made."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.db import transaction
from django.test import override_settings

from tests import factories
from tests.access.world import SECRET, World


@pytest.fixture(scope="module")
def made_world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """Everything in it is bob's or alice's; mallory has nothing. Never committed: tests work in savepoints."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), transaction.atomic(), media:
        role = factories.RoleFactory(name="Sales managers")
        factories.RoleFactory(name=f"{SECRET} team")
        alice = factories.UserFactory(username="alice", last_name=SECRET)
        colleagues = [factories.UserFactory(username=name, manager=alice) for name in ("bob", "carol")]
        role.user_set.add(*colleagues)
        mallory = factories.UserFactory(username="mallory")
        admin = factories.UserFactory(username="admin", is_staff=True, is_superuser=True)
        yield World(alice, *colleagues, mallory, admin, role)
        transaction.set_rollback(True)


@pytest.fixture
def world(made_world, db) -> World:
    """The same rows, and objects of this test's own."""
    return deepcopy(made_world)

"""The world that is tried."""

import pytest

from tests import factories
from tests.access.world import SECRET, World


@pytest.fixture
def world(alice, bob, carol, mallory, admin, role) -> World:
    """Everything in it is bob's or alice's; mallory has nothing."""
    alice.last_name = SECRET
    alice.save()
    factories.RoleFactory(name=f"{SECRET} team")
    return World(alice, bob, carol, mallory, admin, role)

"""The cast: alice starts, bob performs, carol shares bob's role, mallory must see nothing."""

from datetime import datetime

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as examples
from playwright.sync_api import expect

from tests import factories
from tests.patience import PATIENCE


def pytest_configure() -> None:
    """Leave out what costs 0.1 s each time and proves nothing here.

    Good hashes, for every member of the cast; and the search for static files, for every test client.
    """
    expect.set_options(timeout=PATIENCE * 1000)  # a loaded machine is no defect of a page
    # The same examples in every run: what one run finds, its author finds, and not whoever comes after him by chance.
    # Others are looked for with `--hypothesis-profile=others`.
    examples.register_profile("others", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    examples.register_profile("same", examples.get_profile("others"), derandomize=True, database=None)
    examples.load_profile("same")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("servestatic.")]


@pytest.fixture
def now() -> datetime:
    """The moment of the test: a Monday morning."""
    return factories.NOW


@pytest.fixture
def role(db):
    """The role of bob and carol."""
    return factories.RoleFactory(name="Sales managers")


@pytest.fixture
def alice(db):
    """She starts things; manages bob and carol."""
    return factories.UserFactory(username="alice")


@pytest.fixture
def bob(db, role, alice):
    """He performs."""
    user = factories.UserFactory(username="bob", manager=alice)
    user.groups.add(role)
    return user


@pytest.fixture
def carol(db, role, alice):
    """She shares bob's role."""
    user = factories.UserFactory(username="carol", manager=alice)
    user.groups.add(role)
    return user


@pytest.fixture
def dave(db):
    """He belongs to no role; where a test says so he stands in for bob."""
    return factories.UserFactory(username="dave")


@pytest.fixture
def mallory(db):
    """She belongs to no role and must see nothing."""
    return factories.UserFactory(username="mallory")


@pytest.fixture
def admin(db):
    """A superuser."""
    return factories.UserFactory(username="admin", is_staff=True, is_superuser=True)


@pytest.fixture(autouse=True)
def speak_english():
    """A page in Russian leaves its language active in this thread; the next test must not find it."""
    yield
    translation.activate(settings.LANGUAGE_CODE)

"""A web server for the tests of the live stream."""

import pytest
from django.conf import settings

from tests.web import WebServer


@pytest.fixture(scope="module")
def server(django_db_setup, tmp_path_factory):
    """One web server per module on the database and the broker of the tests."""
    log = tmp_path_factory.mktemp("web") / "web.log"
    # Without a pool, so that connections can be counted that nobody gave back.
    with WebServer("live-stream-test", settings.REDIS_URL, log, {"DATABASE_POOL": "0"}) as web:
        yield web

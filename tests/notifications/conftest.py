"""A web server for the tests of the live stream."""

import pytest
from django.conf import settings

from tests.web import WebServer


@pytest.fixture(scope="module")
def server(django_db_setup, tmp_path_factory):
    """One web server per module on the database and the broker of the tests."""
    log = tmp_path_factory.mktemp("web") / "web.log"
    with WebServer("live-stream-test", settings.REDIS_URL, log) as web:
        yield web

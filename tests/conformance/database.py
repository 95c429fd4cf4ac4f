"""A scratch database for runs outside the test suite: made when the adapter is imported, dropped at the end."""

import atexit
import logging
import os
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection

from bpm_portal.embedded import Servers

ROOT = Path(__file__).resolve().parent.parent.parent


def prepare() -> None:
    """Set Django up with a database of this process; nothing to do where a test run has done so.

    The server is the one of DATABASE_URL, else one of our own for the time of the run.
    """
    if apps.ready:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bpm_portal.settings")
    _start_servers()
    django.setup()
    logging.getLogger("processes").setLevel(logging.CRITICAL)  # failing calls and timers are results here
    name = f"conformance_{os.getpid()}"
    connection.settings_dict["TEST"]["NAME"] = name
    before = settings.DATABASES["default"]["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    atexit.register(connection.creation.destroy_test_db, before, verbosity=0)


def _start_servers() -> None:
    servers = Servers(ROOT / "var" / "conformance", durable=False)
    servers.start()
    os.environ.update(servers.urls)
    atexit.register(servers.stop)

"""A pytest plugin: PostgreSQL and Valkey for the tests where no URL names them.

Loaded by `-p tests.servers` in pyproject.toml, since Django reads its settings before any conftest.py. The
process that starts the run starts the servers; xdist workers inherit the URLs and take a logical Redis
database each.
"""

import atexit
import os
import re
from pathlib import Path

import pytest

from bpm_portal.embedded import CannotStart, Servers

ROOT = Path(__file__).resolve().parent.parent
RUN = os.environ.get("TEST_RUN", "")
DATA = ROOT / "var" / (f"test-{RUN}" if RUN else "test")


def _start() -> Servers:
    servers = Servers(DATA, durable=False)
    try:
        servers.start()
    except CannotStart as problem:
        servers.stop()
        pytest.exit(
            f"{problem}\nA run beside another one needs a name of its own: TEST_RUN=name", returncode=3
        )
    os.environ.update(servers.urls)
    return servers


def _database_of_worker(url: str, worker: str) -> str:
    """`redis://host/0` -> `redis://host/3` for the worker gw2."""
    number = int(re.sub(r"\D", "", worker)) + 1
    return re.sub(r"/\d*$", "", url) + f"/{number}"


_worker = os.environ.get("PYTEST_XDIST_WORKER")
if _worker:
    os.environ["REDIS_URL"] = _database_of_worker(os.environ["REDIS_URL"], _worker)
else:
    _servers = _start()
    atexit.register(_servers.stop)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop after the last test; the workers of xdist have ended by then."""
    if not _worker:
        _servers.stop()

"""The whole portal on the test database: web server, worker and beat as processes, and people in browsers."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import timezone
from playwright.sync_api import Browser, Page

from bpm_portal.demo import people, sections, story
from bpm_portal.embedded import children
from records.models import Record
from tests.patience import PATIENCE
from tests.web import ROOT, WebServer, cookies_of, database_url, headless_browser


def celery(log: Any, given: Mapping[str, str], *words: str) -> subprocess.Popen[bytes]:
    """A Celery process on the database and the broker of the tests, with this environment besides."""
    env = os.environ | {"DATABASE_URL": database_url(), "REDIS_URL": settings.REDIS_URL} | given
    command = [sys.executable, "-m", "celery", "-A", "bpm_portal", *words]
    return children.start(command, death_signal=signal.SIGKILL, log=log, env=env, cwd=ROOT)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process, gently if it lets us."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="package")
def portal_folder(tmp_path_factory) -> Path:
    """Where the running portal writes."""
    return tmp_path_factory.mktemp("portal")


@pytest.fixture(autouse=True)
def no_mail_of_others(portal_folder) -> None:
    """Take away what earlier tests have sent."""
    for mail in portal_folder.glob("mail/*"):
        mail.unlink()


@pytest.fixture(scope="package")  # other tests must not find a worker at work on their rows
def portal(django_db_setup, portal_folder) -> Iterator[str]:
    """The address of the running portal."""
    folder = portal_folder
    env = {"EMAIL_URL": f"filemail:///{folder}/mail"}
    server = WebServer("journeys", settings.REDIS_URL, folder / "web.log", env)
    server.env["PORTAL_URL"] = env["PORTAL_URL"] = server.url
    with (folder / "celery.log").open("ab") as log:
        worker = celery(
            log, env, "worker", "-c", "2", "-P", "threads", "--without-gossip", "--without-mingle"
        )
        beat = celery(log, env, "beat", "-s", str(folder / "beat"))
        try:
            with server as web:
                yield web.url
        finally:
            stop(beat)
            stop(worker)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all journeys."""
    with headless_browser() as browser:
        yield browser


@pytest.fixture(scope="package", autouse=True)
def patient_flush() -> Iterator[None]:
    """Empty the tables between tests although the worker may be in a turn: PostgreSQL then sees a deadlock.

    TRUNCATE locks the tables in its own order, and a turn of the worker in another one.
    """
    flush = DatabaseOperations.execute_sql_flush

    def flush_until_done(self: Any, statements: Any) -> None:
        for _attempt in range(9):
            with suppress(OperationalError):
                return flush(self, statements)
        return flush(self, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_until_done)
        yield


@pytest.fixture
def cast(transactional_db) -> dict[str, Any]:
    """The people of the demo by username."""
    return people.make_people()


@pytest.fixture
def world(cast) -> dict[str, Any]:
    """The demo's records by section and its processes by key; nothing runs yet."""
    now = timezone.now()
    records = sections.make_records(sections.make_sections(), cast, now)
    return {"records": records, "processes": story.deploy_all(None, now - timedelta(days=1))}


@pytest.fixture
def contract(world) -> Record:
    """A contract below the limit above which the head of sales decides as well."""
    return world["records"]["contract"][0]


@pytest.fixture
def visit(portal, browser, cast) -> Iterator[Callable[..., Page]]:
    """Open a browser of its own for a person, signed in; pages fail the test when a script of theirs fails."""
    contexts = []
    failures: list[str] = []

    def open_browser(username: str, *, width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = browser.new_context(base_url=portal, viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.add_cookies(cookies_of(cast[username], portal))
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        return page

    yield open_browser
    for context in contexts:
        context.close()
    assert not failures, failures

"""A real web server on the test database, and readers of its live streams."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, connections
from playwright.sync_api import Browser, sync_playwright

from bpm_portal.embedded import children
from tests.patience import PATIENCE, free_port

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
ROOT = Path(__file__).resolve().parents[1]


def database_url() -> str:
    """The URL of the database that the tests use, not of the one they were given."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


class WebServer:
    """uvicorn in a process of its own; its database connections carry `application_name`."""

    def __init__(
        self, application_name: str, redis_url: str, log: Path, env: Mapping[str, str] | None = None
    ) -> None:
        self.env = dict(env or {})
        self.application_name, self.redis_url, self.log = application_name, redis_url, log
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait until it answers."""
        env = os.environ | {
            "DATABASE_URL": database_url(),
            "REDIS_URL": self.redis_url,
            "PGAPPNAME": self.application_name,
            **self.env,
        }
        command = [sys.executable, "-m", "uvicorn", "bpm_portal.asgi:application", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = children.start(command, death_signal=signal.SIGKILL, log=log, env=env, cwd=ROOT)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                httpx.get(f"{self.url}/events/", timeout=PATIENCE)
                return
            except httpx.TransportError:
                assert self.process.poll() is None, self.log.read_text()
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.05)

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Stop it; returns the seconds that took."""
        begin = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        return time.monotonic() - begin


def session_of(user: Any) -> dict[str, str]:
    """The cookie of a new session of this user."""
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "bpm_portal.accounts.backend.PortalBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    return {settings.SESSION_COOKIE_NAME: session.session_key}


class Reader:
    """An open live stream; `next()` waits for an event."""

    def __init__(self, server: WebServer, **request: Any) -> None:
        cookies = request.pop("cookies", {})
        self.client = httpx.Client(timeout=PATIENCE, cookies=cookies, verify=False)
        self._stream = self.client.stream("GET", f"{server.url}/events/", **request)

    def __enter__(self) -> Self:
        self.response = self._stream.__enter__()
        self._lines: Iterator[str] = self.response.iter_lines()
        return self

    def __exit__(self, *details: Any) -> None:
        self._stream.__exit__(*details)
        self.client.close()

    def block(self) -> list[str] | None:
        """The lines up to the next empty one; None at the end of the stream."""
        lines: list[str] = []
        for line in self._lines:
            if not line:
                return lines
            lines.append(line)
        return None

    def work(self) -> dict[str, int] | None:
        """The data of the next `work` event; None at the end of the stream."""
        while (lines := self.block()) is not None:
            if "event: work" in lines:
                data = next(line for line in lines if line.startswith("data: "))
                return json.loads(data.removeprefix("data: "))
        return None


@contextmanager
def headless_browser() -> Iterator[Browser]:
    """Headless Chromium.

    Playwright's sync API keeps an event loop running in this thread: Django would refuse to touch the database in
    it, opens connections there that it does not close, and tests of other packages could run no loop of their own.
    """
    if CHROMIUM is None:
        pytest.fail("The journeys need Chromium; `make browser` installs it where it can.")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *QUIET])
        yield browser
        browser.close()
        connections.close_all()


def cookies_of(user: Any, url: str) -> list[dict[str, str]]:
    """The cookies of a new session of this user, as a browser takes them."""
    return [{"name": name, "value": value, "url": url} for name, value in session_of(user).items()]

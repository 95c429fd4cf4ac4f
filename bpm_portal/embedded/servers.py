"""Both servers over one data folder: who holds it, where they answer, in which order they stop."""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from bpm_portal.embedded.account import SOCKET_FOLDERS, choose_account, home_for, make_socket_folder
from bpm_portal.embedded.errors import CannotStart
from bpm_portal.embedded.postgres import Postgres
from bpm_portal.embedded.valkey import Valkey

URLS_FILE = "urls.json"
LOCK_SECONDS = 0.5


class Servers:
    """The servers that `given` (an environment) does not name, as a context manager.

    `urls` holds DATABASE_URL and REDIS_URL of those started here. One data folder has one holder at a time;
    a second one gets CannotStart. `durable=False` is for tests: quick, and a broken cluster is made anew.
    """

    def __init__(self, data: Path, given: Mapping[str, str] = os.environ, *, durable: bool = True) -> None:
        self.data, self.given, self.durable = data, given, durable
        self.started: list[Postgres | Valkey] = []
        self.urls: dict[str, str] = {}
        self._lock: IO[str] | None = None
        self._sockets: Path | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start what no URL names; raises CannotStart."""
        wanted = [name for name in ("DATABASE_URL", "REDIS_URL") if not self.given.get(name)]
        if not wanted:
            return
        home = home_for(self.data)
        self._lock = _take_lock(home)
        _remove_old_sockets(home)
        account = choose_account(home / "postgres")
        if "REDIS_URL" in wanted:
            self._start("REDIS_URL", Valkey(home, account, durable=self.durable))
        if "DATABASE_URL" in wanted:
            self._sockets = make_socket_folder(account)
            self._start("DATABASE_URL", Postgres(home, account, self._sockets, durable=self.durable))
        _write_privately(home / URLS_FILE, json.dumps(self.urls | {"sockets": str(self._sockets or "")}))

    def _start(self, name: str, server: Postgres | Valkey) -> None:
        server.start()
        self.started.append(server)
        self.urls[name] = server.url

    def revive(self) -> list[str]:
        """Start again what has ended by itself, under the same URL; return the names."""
        ended = [server for server in self.started if server.process and server.process.poll() is not None]
        for server in ended:
            server.start()
        return [server.name for server in ended]

    def stop(self) -> None:
        """Stop Valkey first, then PostgreSQL, and give the folder free."""
        for server in self.started:
            server.stop()
        self.started.clear()
        self.urls.clear()
        if self._sockets:
            shutil.rmtree(self._sockets, ignore_errors=True)
            self._sockets = None
        if self._lock:
            (Path(self._lock.name).parent / URLS_FILE).unlink(missing_ok=True)
            self._lock.close()
            self._lock = None


def running_urls(data: Path) -> dict[str, str]:
    """Return the URLs of servers that another process holds over `data`, empty when there are none.

    Lets `manage.py demo` in a second terminal find the servers of `manage.py portal`.
    """
    if not data.is_dir():
        return {}
    home = home_for(data)
    try:
        found = json.loads((home / URLS_FILE).read_text())
        with (home / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:  # somebody holds it, so the URLs are alive
        return {name: url for name, url in found.items() if name.endswith("_URL")}
    except (OSError, ValueError):
        pass
    return {}


def _take_lock(home: Path) -> IO[str]:
    """The kernel gives the lock free when its holder dies, however it dies."""
    lock = (home / "lock").open("w")
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:  # for an instant `running_urls` holds it, too
            if time.monotonic() > deadline:
                lock.close()
                raise CannotStart(
                    f"{home} is in use by another process. Stop it, or name another folder."
                ) from None
            time.sleep(0.02)


def _remove_old_sockets(home: Path) -> None:
    """Remove the socket folder of a holder that was killed."""
    try:
        old = Path(json.loads((home / URLS_FILE).read_text())["sockets"])
    except (FileNotFoundError, ValueError, KeyError):
        return
    if old.name.startswith(SOCKET_FOLDERS):
        shutil.rmtree(old, ignore_errors=True)


def _write_privately(path: Path, text: str) -> None:
    """Only the owner may read it: it holds a password."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)

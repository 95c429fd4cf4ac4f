"""One PostgreSQL cluster in a private folder, reachable through a private socket only."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from bpm_portal.embedded import children
from bpm_portal.embedded.account import Account
from bpm_portal.embedded.errors import CannotStart
from bpm_portal.embedded.leftovers import end_leftover
from bpm_portal.embedded.programs import POSTGRES_PACKAGE, find_postgres, within_reach

NAME = "portal"  # of the superuser and of the database
START_SECONDS = 60.0  # replaying the log after a crash takes its time

# SIGINT is PostgreSQL's fast shutdown, SIGQUIT the one that needs recovery at the next start.
STOPPING = [(signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0)]

SETTINGS = {"listen_addresses": "", "max_connections": "200", "log_min_messages": "warning"}
# Data that may be lost with the machine needs no waiting for the disk.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """A cluster in `home / "postgres"`; `durable=False` trades safety on disk for speed (tests)."""

    name = "postgres"

    def __init__(self, home: Path, account: Account, sockets: Path, *, durable: bool) -> None:
        self.home, self.account, self.sockets, self.durable = home, account, sockets, durable
        self.data = home / "postgres"
        self.process: subprocess.Popen[bytes] | None = None
        self.programs = Path()

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={quote(os.fspath(self.sockets), safe='')}"

    def start(self) -> None:
        """Start, after setting up the cluster where there is none; raises CannotStart."""
        try:
            self._start()
        except CannotStart:
            if self.durable or not (self.data / "PG_VERSION").exists():
                raise
            # Without fsync a crash of the machine may leave a broken cluster; its data was for tests only.
            shutil.rmtree(self.data)
            self._start()

    def _start(self) -> None:
        end_leftover(self.data / "postmaster.pid", STOPPING)
        mark = self.data / "PG_VERSION"
        version = int(mark.read_text()) if mark.exists() else None
        folder, version = find_postgres(version)
        self.programs = within_reach(folder, POSTGRES_PACKAGE, self.home / "programs")
        if not mark.exists():
            self._set_up_cluster(version)
        self.account.own(self.data)
        settings = SETTINGS | {"unix_socket_directories": os.fspath(self.sockets)}
        settings |= {} if self.durable else THROWAWAY
        command: list[str | Path] = [self.programs / "postgres", "-D", self.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with (self.home / "postgres.log").open("wb") as log:
            self.process = children.start(
                command, death_signal=signal.SIGINT, log=log, owner=self.account.drop, cwd=self.data
            )
        self._wait_until_ready()

    def _set_up_cluster(self, version: int) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # half of a cluster, from an initdb that was cut short
        self.account.own(self.data)
        # The builtin locale folds and matches Cyrillic the same everywhere; ICU differs between versions.
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            if version >= 17
            else ["--locale=C.UTF-8"]
        )
        options = [
            "--encoding=UTF8",
            "--auth=trust",
            "--no-instructions",
            *([] if self.durable else ["--no-sync"]),
        ]
        with (self.home / "initdb.log").open("wb") as log:
            initdb = children.start(
                [self.programs / "initdb", "-D", self.data, "-U", NAME, *locale, *options],
                log=log,
                owner=self.account.drop,
                cwd=self.data,
            )
            if initdb.wait(120) != 0:
                raise CannotStart(f"initdb failed:\n{_tail(self.home / 'initdb.log')}")

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        conninfo = f"host={self.sockets} user={NAME} dbname=postgres connect_timeout=5"
        while True:
            try:
                with psycopg.connect(conninfo, autocommit=True) as connection:
                    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
                    if not found.fetchone():
                        connection.execute(f"CREATE DATABASE {NAME}")
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    raise CannotStart(
                        f"PostgreSQL did not start:\n{_tail(self.home / 'postgres.log')}"
                    ) from None
                time.sleep(0.03)

    def stop(self) -> None:
        """Stop within half a minute, sessions or not; what was committed stays."""
        if self.process is not None:
            children.stop(self.process, STOPPING)


def _tail(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])

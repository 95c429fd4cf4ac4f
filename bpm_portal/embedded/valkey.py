"""One Valkey (or Redis) on a free port of 127.0.0.1, behind a password of its own."""

import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bpm_portal.embedded import children
from bpm_portal.embedded.account import Account
from bpm_portal.embedded.errors import CannotStart
from bpm_portal.embedded.leftovers import end_leftover
from bpm_portal.embedded.programs import VALKEY_PACKAGE, find_valkey, within_reach

START_SECONDS = 30.0
STOPPING = [(signal.SIGTERM, 15.0)]  # writes what is not yet on disk, then ends
DATABASES = 64  # test workers take one each


class Valkey:
    """A server with its files in `home / "valkey"`.

    TCP and not a socket file, because Celery, redis-py and Django's cache name a socket in three different
    ways; the password keeps other users of the machine out. It is passed on standard input, away from `ps`.
    """

    name = "valkey"

    def __init__(self, home: Path, account: Account, *, durable: bool) -> None:
        self.home, self.account, self.durable = home, account, durable
        self.data = home / "valkey"
        self.process: subprocess.Popen[bytes] | None = None
        self.password = secrets.token_urlsafe(24)
        self.port = 0

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start; a second start after a crash keeps port and password. Raises CannotStart."""
        end_leftover(self.data / "valkey.pid", STOPPING)
        self.account.own(self.data)
        for last in (False, False, True):
            self.port = self.port or _free_port()
            try:
                return self._start()
            except CannotStart:  # somebody may have taken the port in the meantime
                if last:
                    raise
                self.port = 0

    def _start(self) -> None:
        program = find_valkey()
        program = within_reach(program.parent, VALKEY_PACKAGE, self.home / "programs") / program.name
        with (self.home / "valkey.log").open("wb") as log:
            self.process = children.start(
                [program, "-", "--dir", self.data],
                log=log,
                stdin=subprocess.PIPE,
                owner=self.account.drop,
                cwd=self.data,
            )
        assert self.process.stdin is not None
        self.process.stdin.write(self._configuration().encode())
        self.process.stdin.close()
        self._wait_until_ready()
        (self.data / "valkey.pid").write_text(f"{self.process.pid}\n")

    def _configuration(self) -> str:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f"databases {DATABASES}",
            "maxmemory-policy noeviction",
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "appendfsync everysec",
        ]
        return "\n".join(lines) + "\n"

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        client = redis.Redis(
            host="127.0.0.1",
            port=self.port,
            password=self.password,
            socket_timeout=5,
            retry=Retry(NoBackoff(), 0),  # the loop below is patient enough
        )
        try:
            while True:
                try:
                    if self.process.poll() is None and client.ping():
                        return
                except redis.BusyLoadingError:
                    pass
                except (redis.ConnectionError, redis.AuthenticationError):
                    pass
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    log = (self.home / "valkey.log").read_text(errors="replace")[-2000:]
                    raise CannotStart(f"Valkey did not start:\n{log}")
                time.sleep(0.03)
        finally:
            client.close()

    def stop(self) -> None:
        """Stop within a quarter of a minute; what was written is on disk."""
        if self.process is not None:
            children.stop(self.process, STOPPING)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

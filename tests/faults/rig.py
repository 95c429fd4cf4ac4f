"""A portal to break: broker, web server, workers and beats as processes that can be killed, frozen and revived."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from django.db import connection

from bpm_portal.embedded import Servers, children
from tests.faults import app as worker_app
from tests.patience import PATIENCE, until
from tests.web import ROOT, WebServer, database_url

TASK_SECONDS = 5  # time limit of a task; the lease of a service step follows from it
#: For tests in which no call may be made again because a machine is slow.
LONG_TASK_SECONDS = round(2 * PATIENCE)


class Program:
    """A process that leads a group of its own, so that one signal reaches its children, too."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], log: Path) -> None:
        self.name, self.session, self.log = name, f"faults-{name}", log
        env = env | {"PGAPPNAME": self.session}
        with log.open("ab") as output:
            self.process = children.start(command, death_signal=signal.SIGKILL, log=output, env=env, cwd=ROOT)

    def signal(self, number: int) -> None:
        """To the whole group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """As the kernel does it when memory runs out: nobody gets to say a last word."""
        self.signal(signal.SIGKILL)
        self.process.wait()

    def freeze(self) -> None:
        """Stop all its threads where they stand, but outside their transactions: nobody could wait for their locks."""
        until(self._freezes_idle, f"{self.name} rests for a moment")

    def _freezes_idle(self) -> bool:
        self.signal(signal.SIGSTOP)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND state <> 'idle'",
                [self.session],
            )
            is_idle: bool = cursor.fetchone()[0] == 0
        if not is_idle:
            self.thaw()
        return is_idle

    def thaw(self) -> None:
        """Go on."""
        self.signal(signal.SIGCONT)


class Rig:
    """What a test of faults starts; `stop` ends everything."""

    def __init__(self, broker: Servers, folder: Path) -> None:
        """Programs inherit `env`; a test may change it before it starts them."""
        self.broker, self.folder = broker, folder
        self.programs: list[Program] = []
        self.webs: list[WebServer] = []
        self.env = os.environ | {
            "DATABASE_URL": database_url(),
            "REDIS_URL": broker.urls["REDIS_URL"],
            "TASK_TIME_LIMIT": str(TASK_SECONDS),
            "FAULTS_FOLDER": str(folder),
            "LOG_LEVEL": "INFO",
        }

    def worker(self, name: str = "worker", queues: str = "celery,slow") -> Program:
        """A worker with two processes; returns at once."""
        options = ["-n", f"{name}@test", "-c", "2", "-Q", queues, "--without-gossip", "--without-mingle"]
        return self._celery(name, "worker", *options)

    def beat(self, name: str = "beat") -> Program:
        """The clock of sweeps and timers."""
        return self._celery(name, "beat", "--pidfile=", "-s", str(self.folder / name))

    def _celery(self, name: str, *words: str) -> Program:
        command = [sys.executable, "-m", "celery", "-A", "tests.faults.app", *words]
        program = Program(name, command, self.env, self.folder / f"{name}.log")
        self.programs.append(program)
        return program

    def web(self, name: str = "web") -> WebServer:
        """A web server that answers."""
        web = WebServer(f"faults-{name}", self.env["REDIS_URL"], self.folder / f"{name}.log")
        web.start()
        self.webs.append(web)
        return web

    def calls(self) -> list[list[str]]:
        """Key, instance and process id of each call of the slow service."""
        with suppress(FileNotFoundError):
            return [line.split() for line in (self.folder / worker_app.CALLS).read_text().splitlines()]
        return []

    def open_gate(self) -> None:
        """Let the slow service return, now and later."""
        (self.folder / worker_app.GATE).touch()

    def close_gate(self) -> None:
        """Let the slow service wait again."""
        (self.folder / worker_app.GATE).unlink()

    def kill_broker(self) -> None:
        """It loses everything: nothing of it is on disk."""
        self._broker_process().kill()
        self._broker_process().wait()

    def revive_broker(self) -> None:
        """Start it again, empty, under the same address."""
        assert self.broker.revive() == ["valkey"]

    def freeze_broker(self) -> None:
        """It accepts connections and says nothing."""
        self._broker_process().send_signal(signal.SIGSTOP)

    def thaw_broker(self) -> None:
        """Go on."""
        self._broker_process().send_signal(signal.SIGCONT)

    def _broker_process(self) -> subprocess.Popen[bytes]:
        [valkey] = self.broker.started
        assert valkey.process is not None
        return valkey.process

    def stop(self) -> None:
        """Kill what is left: nothing here needs to end well."""
        for program in self.programs:
            program.kill()
        for web in self.webs:
            web.stop(signal.SIGKILL)

    def logs(self) -> str:
        """What the programs have said, for the report of a failed test."""
        texts = [f"== {log.name}\n{log.read_text()[-4000:]}" for log in sorted(self.folder.glob("*.log"))]
        return "\n".join(texts)


def blocked_backends() -> list[int]:
    """Ids of database sessions that wait for a lock of this one."""
    with connection.cursor() as cursor:
        # Not from pg_stat_activity, which stays the same for a whole transaction.
        cursor.execute(
            "SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return [row[0] for row in cursor.fetchall()]

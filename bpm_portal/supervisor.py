"""The portal on one machine: embedded servers, web, worker and beat, started, watched, stopped in order."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from bpm_portal.embedded import CannotStart, Servers, children

PYTHON = sys.executable
ROOT = Path(__file__).resolve().parent.parent

TICK = 0.1  # seconds between two looks at the children
STEADY = 60.0  # a child that ran this long starts afresh when it fails, without waiting
LONGEST_WAIT = 30.0

# A terminal is for what goes wrong: at INFO every request is a line. And Celery warns of root in five lines at
# every start, even in a container where there is nobody else.
CALM = {"LOG_LEVEL": "WARNING", "PYTHONWARNINGS": "ignore:You're running the worker with superuser"}

#: By name, with the queue of each (see CELERY_TASK_ROUTES).
WORKERS = {"worker": "celery", "slow": "slow"}
WORKER = ("--concurrency=2", "--without-mingle", "--without-gossip")

Stopping = Sequence[tuple[signal.Signals, float]]


def say(name: str, line: str) -> None:
    """Print one line with who said it, in one write, since several threads speak."""
    sys.stdout.write(f"{name:>8} | {line}\n")
    sys.stdout.flush()


@dataclass
class Child:
    """A process that is started again when it ends by itself, each time after twice the wait (seconds)."""

    name: str
    command: Sequence[str | os.PathLike[str]]
    stopping: Stopping
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    start_at: float = 0.0
    speaker: threading.Thread | None = field(default=None, repr=False)

    def start(self, env: Mapping[str, str], now: float) -> None:
        """Start it and let a thread print what it says."""
        self.process = children.start(self.command, env=env, cwd=ROOT, log=subprocess.PIPE)
        self.started_at = now
        self.speaker = threading.Thread(target=self._speak, args=[self.process], daemon=True)
        self.speaker.start()

    def _speak(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                if line.strip():
                    say(self.name, line.decode(errors="replace").rstrip())

    def watch(self, env: Mapping[str, str], now: float) -> None:
        """Start it again if it has ended and its wait is over."""
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            self.failures = 0 if now - self.started_at > STEADY else self.failures + 1
            wait = min(LONGEST_WAIT, 0.5 * 2**self.failures)
            say("portal", f"{self.name} ended with {code}; it starts again in {wait:g} s")
            self.process, self.start_at = None, now + wait
        if now >= self.start_at:
            self.start(env, now)

    def stop(self) -> None:
        """Stop it within the bounds of `stopping`, and print its last words."""
        if self.process is not None:
            children.stop(self.process, self.stopping)
            self.process = None
        if self.speaker is not None:
            self.speaker.join(2)


def services(port: int, data: Path) -> list[Child]:
    """Return the portal's processes in the order of their start; they stop the other way round."""
    web = [PYTHON, "-m", "uvicorn", "bpm_portal.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    celery = [PYTHON, "-m", "celery", "--quiet", "-A", "bpm_portal"]
    return [
        Child(
            "web",
            # Open live streams end only when they are told to.
            [*web, "--log-level", "warning", "--no-access-log", "--timeout-graceful-shutdown", "5"],
            [(signal.SIGTERM, 8.0)],
        ),
        *(
            Child(
                name,
                # Processes and not threads: only those can be held to the time limit of a task.
                [*celery, "worker", "-Q", queue, "-n", f"{name}@%h", *WORKER],
                # First let running tasks end, then let them go: they come back to the queue.
                [(signal.SIGTERM, 20.0), (signal.SIGQUIT, 5.0)],
            )
            for name, queue in WORKERS.items()
        ),
        Child(
            "beat",
            [*celery, "beat", "--pidfile=", "--schedule", data / "beat-schedule"],
            [(signal.SIGTERM, 5.0)],
        ),
    ]


class Supervisor:
    """Runs `processes` beside the servers of `data` until SIGINT or SIGTERM.

    `port` is where the first of them answers; `preparations` are commands that must end well before.
    """

    def __init__(
        self, processes: Sequence[Child], port: int, data: Path, preparations: Sequence[Sequence[str]] = ()
    ) -> None:
        self.processes, self.port, self.data, self.preparations = processes, port, data, preparations
        self._told_to_stop = False

    def run(self, when_ready: Callable[[], None]) -> int:
        """Return the exit code: 0 after a stop in order, 1 when something could not start (said why)."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._remember_to_stop)
        try:
            require_free_port(self.port)
            with Servers(self.data) as servers:
                env = CALM | os.environ | servers.urls | {"PYTHONUNBUFFERED": "1"}
                for command in self.preparations:
                    self._prepare(command, env)
                try:
                    self._serve(servers, env, when_ready)
                finally:
                    for child in reversed(self.processes):
                        say("portal", f"stopping {child.name}")
                        child.stop()
                    say("portal", "stopping the servers")
        except CannotStart as problem:
            say("portal", str(problem))
            return 1
        say("portal", "stopped")
        return 0

    def _remember_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._told_to_stop = True

    def _must_stop(self) -> bool:
        return self._told_to_stop

    def _prepare(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Run a command to its end; raises CannotStart when it fails."""
        if self._must_stop():
            return
        child = Child("prepare", command, [(signal.SIGTERM, 5.0)])
        child.start(env, time.monotonic())
        assert child.process is not None
        while child.process.poll() is None:
            if self._must_stop():
                return child.stop()
            time.sleep(0.02)
        code = child.process.returncode
        child.stop()
        if code != 0:
            raise CannotStart(f"`{' '.join(command)}` failed with {code}; see its message above.")

    def _serve(self, servers: Servers, env: Mapping[str, str], when_ready: Callable[[], None]) -> None:
        announced = False
        while not self._must_stop():
            for name in servers.revive():
                say("portal", f"{name} had ended and was started again")
            for child in self.processes:
                child.watch(env, time.monotonic())
            if not announced and answers(self.port):
                announced = True
                when_ready()
            time.sleep(TICK)


def require_free_port(port: int) -> None:
    """Raise CannotStart where another program listens already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CannotStart(f"Port {port} is in use. Choose another: PORT={port + 1} make run") from None


def answers(port: int) -> bool:
    """Whether the web server answers at all; a redirect to the sign-in page will do."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=2):  # noqa: S310
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):
        return False

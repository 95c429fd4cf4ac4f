"""The supervisor starts, restarts and stops in order, and leaves no process behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bpm_portal import supervisor
from bpm_portal.embedded.leftovers import is_alive
from tests.patience import PATIENCE, free_port, until

ROOT = Path(__file__).resolve().parents[2]
ENV = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}

# Three processes that note their life in a file; the first answers on a port as the web server does.
CHILD = """
import os, signal, sys, threading, time, http.server
from pathlib import Path
name, port, diary = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
def note(word):
    with diary.open("a") as file:
        file.write(f"{name} {word} {os.getpid()} {bool(os.environ.get('DATABASE_URL'))}\\n")
def stop(number, frame):
    note("stops")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
note("starts")
if name == "web":
    server = http.server.HTTPServer(("127.0.0.1", port), http.server.SimpleHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
while True:
    time.sleep(0.05)
"""
SUPERVISOR = """
import signal, sys
from pathlib import Path
from bpm_portal.supervisor import Child, Supervisor
child, port, data, diary = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
processes = [
    Child(name, [sys.executable, "-c", child, name, str(port), diary], [(signal.SIGTERM, 5.0)])
    for name in ("web", "worker", "beat")
]
prepare = [[sys.executable, "-c", "print('prepared')"]]
sys.exit(Supervisor(processes, port, data, prepare).run(lambda: print("READY", flush=True)))
"""


class Portal:
    """A supervisor in a process of its own, and the diary of its children."""

    def __init__(self, folder: Path) -> None:
        self.diary = folder / "diary"
        self.diary.touch()
        self.data = folder / "data"
        self.port = free_port()
        words = [sys.executable, "-c", SUPERVISOR, CHILD, str(self.port), str(self.data), str(self.diary)]
        self.process = subprocess.Popen(words, cwd=ROOT, env=ENV, stdout=subprocess.PIPE, text=True)

    def read_until(self, word: str) -> str:
        assert self.process.stdout is not None
        seen = ""
        for line in self.process.stdout:
            seen += line
            if word in line:
                return seen
        raise AssertionError(f"{word!r} never came:\n{seen}")

    def noted(self, word: str) -> list[tuple[str, int]]:
        lines = (line.split() for line in self.diary.read_text().splitlines())
        return [(name, int(pid)) for name, what, pid, _ in lines if what == word]

    def wait_for(self, word: str, times: int) -> list[tuple[str, int]]:
        until(lambda: len(self.noted(word)) >= times, f"{times} times {word!r} in the diary")
        return self.noted(word)

    def postgres_pid(self) -> int:
        return int((self.data / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])


@pytest.fixture
def portal(open_path: Path) -> Iterator[Portal]:
    portal = Portal(open_path)
    yield portal
    portal.process.kill()
    portal.process.wait()
    assert portal.process.stdout is not None
    portal.process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_beat_worker_web_and_then_the_servers(portal: Portal, number: signal.Signals) -> None:
    output = portal.read_until("READY")
    assert "prepare | prepared" in output
    assert "False" not in portal.diary.read_text(), "every child knows the database"
    started = portal.wait_for("starts", 3)
    postgres = portal.postgres_pid()
    portal.process.send_signal(number)
    output = portal.read_until("stopped")
    assert portal.process.wait(PATIENCE) == 0
    assert [name for name, _ in portal.noted("stops")] == ["beat", "worker", "web"]
    assert output.index("stopping web") < output.index("stopping the servers")
    assert not any(is_alive(pid) for _, pid in started)
    assert not is_alive(postgres)


def test_a_crashed_child_and_a_crashed_server_start_again(portal: Portal) -> None:
    portal.read_until("READY")
    pids = dict(portal.wait_for("starts", 3))
    postgres = portal.postgres_pid()
    os.kill(pids["worker"], signal.SIGKILL)
    os.kill(postgres, signal.SIGKILL)
    assert portal.wait_for("starts", 4)[3][0] == "worker"
    portal.read_until("postgres had ended and was started again")
    assert portal.postgres_pid() != postgres
    assert is_alive(pids["web"])


def test_nothing_is_left_when_the_supervisor_itself_is_killed(portal: Portal) -> None:
    portal.read_until("READY")
    pids = [pid for _, pid in portal.wait_for("starts", 3)] + [portal.postgres_pid()]
    portal.process.kill()
    portal.process.wait()
    until(lambda: not any(is_alive(pid) for pid in pids), "all have ended")


def test_the_real_portal_answers_and_stops_with_all_its_processes(open_path: Path) -> None:
    port = free_port()
    words = [sys.executable, "manage.py", "portal", "--port", str(port), "--data", str(open_path / "data")]
    with subprocess.Popen(words, cwd=ROOT, env=ENV, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            said = []
            while not said or "is ready" not in said[-1]:
                said.append(process.stdout.readline())
                assert said[-1], "".join(said)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=PATIENCE) as page:
                assert page.status == 200
            family = descendants(process.pid)
            programs = [(Path("/proc") / str(pid) / "cmdline").read_bytes() for pid in family]
            for word in (b"uvicorn", b"worker", b"beat", b"postgres", b"valkey|redis-server"):
                assert any(re.search(word, program) for program in programs), word
            process.send_signal(signal.SIGINT)
            rest = process.stdout.read()
        finally:
            process.terminate()
    assert process.returncode == 0, rest
    assert not [pid for pid in family if is_alive(pid)]


def descendants(pid: int) -> list[int]:
    """All processes below `pid`."""
    found = []
    for name in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, name.read_text().split()):
            found += [child, *descendants(child)]
    return found


def test_failures_in_a_row_wait_longer_each_time() -> None:
    child = supervisor.Child("x", [sys.executable, "-c", "raise SystemExit(3)"], [(signal.SIGTERM, 1.0)])
    waits = []
    now = time.monotonic()
    for _ in range(8):
        child.watch(os.environ, now)
        assert child.process is not None
        child.process.wait()
        child.watch(os.environ, now)
        waits.append(child.start_at - now)
        now = child.start_at
    child.stop()
    assert waits[:3] == [1.0, 2.0, 4.0]
    assert waits[-1] == supervisor.LONGEST_WAIT


def test_a_taken_port_is_told_with_a_way_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
        try:
            assert supervisor.Supervisor([], port, tmp_path / "data").run(lambda: None) == 1
        finally:
            signal.signal(signal.SIGINT, before[0])
            signal.signal(signal.SIGTERM, before[1])
    assert f"PORT={port + 1} make run" in capsys.readouterr().out
    assert not (tmp_path / "data").exists()

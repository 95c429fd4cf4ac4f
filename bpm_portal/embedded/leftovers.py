"""Servers that outlived a killed parent: recognised by their folder, and ended before a new start."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bpm_portal.embedded.errors import CannotStart

PROC = Path("/proc")
SERVERS = ("postgres", "valkey", "redis")  # how the names of their processes begin
DESERTED_SECONDS = 20.0


def is_alive(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return not PROC.is_dir()


def servers_in(folder: Path) -> Iterator[int]:
    """Yield the pids of server processes whose working directory is `folder`; each of ours has its data there."""
    for process in PROC.glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() != folder.resolve():
                continue
            if (process / "comm").read_text().startswith(SERVERS):
                yield int(process.name)
        except OSError:  # it has just ended, or belongs to somebody else
            continue


def end_leftover(pid_file: Path, stopping: Sequence[tuple[signal.Signals, float]]) -> None:
    """End the server whose pid is the first line of `pid_file`, in its data folder; then remove the file.

    Whoever calls holds the lock of the data folder, so nobody needs that server any more. The file goes only
    when no process of the server is left: a backend may outlive its killed postmaster for a moment, and a second
    server beside it would ruin the data. Without /proc the file stays, and the server itself judges by it.
    Raises CannotStart when a process does not end.
    """
    if not pid_file.exists() or not PROC.is_dir():
        return
    folder = pid_file.parent
    try:
        leader = int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):  # the server is just ending, or had no time to write it
        leader = 0
    for number, seconds in (*stopping, (signal.SIGKILL, 5.0)):
        if leader not in servers_in(folder) or not is_alive(leader):
            break
        os.kill(leader, number)
        deadline = time.monotonic() + seconds
        while is_alive(leader) and time.monotonic() < deadline:
            time.sleep(0.05)
    deadline = time.monotonic() + DESERTED_SECONDS
    while left := list(filter(is_alive, servers_in(folder))):
        if time.monotonic() > deadline:
            raise CannotStart(
                f"Processes of an earlier server still work in {folder}: {left}. End them first."
            )
        time.sleep(0.05)
    pid_file.unlink(missing_ok=True)

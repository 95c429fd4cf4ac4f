"""Servers that outlived a killed parent: recognised by their pid file, and ended before a new start."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path


def works_in(pid: int, folder: Path) -> bool:
    """Whether the process is one of our servers: each has its data folder as working directory.

    The command line would not do: Valkey rewrites its own.
    """
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except OSError:
        pass
    if Path("/proc/self").exists():
        return False
    answer = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return str(folder) in answer.stdout


def is_alive(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return not Path("/proc/self").exists()


def end_leftover(pid_file: Path, stopping: Sequence[tuple[signal.Signals, float]]) -> None:
    """End the server whose pid is the first line of `pid_file`, in its data folder; then remove the file.

    Whoever calls holds the lock of the data folder, so nobody needs that server any more. A pid that now
    belongs to something else is left alone: only its file goes, which else would keep PostgreSQL away.
    """
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        pid_file.unlink(missing_ok=True)
        return
    for number, seconds in (*stopping, (signal.SIGKILL, 5.0)):
        if not is_alive(pid) or not works_in(pid, pid_file.parent):
            break
        os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
    pid_file.unlink(missing_ok=True)

"""Child processes that die with their parent and are stopped within bounds."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1


def dies_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    """Return what a new child must call before it becomes its program; None where the kernel offers nothing.

    Linux sends `death_signal` to the child when the thread that started it ends, even by SIGKILL. So start
    children from a thread that lives as long as they should.
    """
    if not sys.platform.startswith("linux"):
        return None
    parent, prctl = os.getpid(), ctypes.CDLL(None, use_errno=True).prctl

    def ask_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the line above took effect
            os.kill(os.getpid(), death_signal)

    return ask_kernel


def start(
    command: Sequence[str | os.PathLike[str]],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    log: IO[bytes] | int | None = None,
    stdin: IO[bytes] | int | None = subprocess.DEVNULL,
    owner: tuple[int, int] | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    own_session: bool = True,
) -> subprocess.Popen[bytes]:
    """Start `command`; `owner` is the (uid, gid) it drops to before it runs.

    An own session keeps a Ctrl-C in the terminal from reaching the child, so that the parent decides the
    order of stopping.
    """
    return subprocess.Popen(
        [os.fspath(word) for word in command],
        stdin=stdin,
        stdout=log,
        stderr=subprocess.STDOUT if log is not None else None,
        env=env,
        cwd=cwd,
        start_new_session=own_session,
        # The kernel forgets the death signal when a process changes its user; subprocess changes it first.
        preexec_fn=dies_with_parent(death_signal),  # noqa: PLW1509  (it calls the kernel only)
        user=owner[0] if owner else None,
        group=owner[1] if owner else None,
        extra_groups=[] if owner else None,
        umask=0o077 if owner else -1,
    )


def stop(child: subprocess.Popen[bytes], steps: Sequence[tuple[signal.Signals, float]]) -> int:
    """Send each signal and wait its seconds until the child has ended; SIGKILL is the last resort.

    Returns the child's exit code (negative: the signal that ended it).
    """
    for number, seconds in steps:
        if child.poll() is not None:
            break
        child.send_signal(number)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    if child.poll() is None:
        child.kill()
    return child.wait()

"""Run a command beside embedded servers: `python -m bpm_portal.embedded [--data DIR] -- COMMAND...`."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from bpm_portal.embedded import CannotStart, Servers, children, running_urls
from bpm_portal.env import BASE_DIR

DATA = BASE_DIR / "var" / "portal"


def main(words: Sequence[str] | None = None) -> int:
    """Return the exit code of the command (128 + n when signal n ended it), 1 when no server can start."""
    parser = argparse.ArgumentParser(prog="python -m bpm_portal.embedded", description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=DATA, help="folder of the servers' files (default: %(default)s)"
    )
    parser.add_argument(
        "--throwaway", action="store_true", help="data for tests: quick, unsafe against power loss"
    )
    parser.add_argument("command", nargs="+", help="what to run, after --")
    options = parser.parse_args(words)
    beside = running_urls(options.data)
    if beside:
        return run(options.command, beside | os.environ)
    try:
        with Servers(options.data, durable=not options.throwaway) as servers:
            return run(options.command, os.environ | servers.urls)
    except CannotStart as problem:
        print(problem, file=sys.stderr)
        return 1


def run(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run `command`, hand on SIGTERM and SIGINT to it, and return its exit code as a shell would."""
    child: subprocess.Popen[bytes] | None = None
    early: list[int] = []  # signals that came before there was a child

    def hand_on(number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT and _in_foreground():
            return  # the terminal has told the child already
        if child is None:
            early.append(number)
        else:
            child.send_signal(number)

    signal.signal(signal.SIGTERM, hand_on)
    signal.signal(signal.SIGINT, hand_on)
    try:
        child = children.start(command, stdin=None, env=env, own_session=False)
    except FileNotFoundError:
        print(f"There is no program {command[0]}.", file=sys.stderr)
        return 127
    for number in early:
        child.send_signal(number)
    code = child.wait()
    return code if code >= 0 else 128 - code


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


if __name__ == "__main__":
    sys.exit(main())

"""How long tests wait for other processes: where all is well nobody waits that long, however slow the machine."""

import random
import socket
import time
from collections.abc import Callable
from typing import Any

PATIENCE = 120.0  # seconds


def until(condition: Callable[[], Any], what: str) -> Any:
    """Ask again and again until the answer is true; returns it."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"not within {PATIENCE:g} s: {what}"
        time.sleep(0.05)
    return answer


def free_port() -> int:
    """A port of this machine for a server that is yet to start.

    Below those that Linux gives to outgoing connections: one of these could take it before the server does.
    """
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do it
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("There is no free port.")

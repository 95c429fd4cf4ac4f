"""The worker's application with a service that notes its calls and waits until it is allowed to return."""

import os
import time
from pathlib import Path

from bpm_portal.celery import app
from processes import service_calls
from processes.service_calls import ServiceCall
from tests.patience import PATIENCE

__all__ = ["app"]

CALLS, GATE = "calls", "open"


def slow(call: ServiceCall) -> str:
    """Note key, instance and process id; return when the gate is open."""
    folder = Path(os.environ["FAULTS_FOLDER"])
    with (folder / CALLS).open("a") as calls:
        calls.write(f"{call.key} {call.instance_id} {os.getpid()}\n")
    deadline = time.monotonic() + PATIENCE
    while not (folder / GATE).exists():
        if time.monotonic() > deadline:
            raise TimeoutError("nobody has opened the gate")
        time.sleep(0.02)
    return "served"


service_calls.service("slow-test-service")(slow)

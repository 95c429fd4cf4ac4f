"""Patience for what other processes do."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def eventually(look: Callable[[], Found], seconds: float = 20) -> Found:
    """What `look` finds, as soon as it finds something: the worker and the browser are other processes.

    A page is asked anew each time, instead of by Playwright's `wait_for_function`: that one evaluates
    text inside the page, which the portal's content security policy forbids from the second look on.
    """
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)
    return found

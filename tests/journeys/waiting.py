"""Patience for what other processes do."""

import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page

from tests.patience import PATIENCE

Found = TypeVar("Found")
SETTLED = """async () => {
    const moving = () => document.getAnimations().filter(
        (each) => each.playState === "running" && each.effect.getComputedTiming().endTime !== Infinity);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    while (moving().length) await Promise.allSettled(moving().map((each) => each.finished));
}"""


def eventually(look: Callable[[], Found]) -> Found:
    """What `look` finds, as soon as it finds something: the worker and the browser are other processes.

    A page is asked anew each time, instead of by Playwright's `wait_for_function`: that one evaluates
    text inside the page, which the portal's content security policy forbids from the second look on.
    """
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)
    return found


def settled(page: Page) -> Page:
    """The page, once no colour or shade of it is on its way any more: axe would measure it halfway."""
    page.evaluate(SETTLED)
    return page

"""Pictures of the ten main pages on demo data: `make screenshots` leaves them in build/screenshots."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bpm_portal.embedded import children
from bpm_portal.supervisor import ROOT, answers
from tests.patience import free_port

OUT = ROOT / "build" / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZES = {"wide": (1280, 800), "narrow": (360, 740)}
LOCALES = {"en": "en-GB", "ru": "ru-RU"}  # the browser writes dates by its own
SETTLING = 1200  # milliseconds, until charts and diagrams stand still
LOOKS = [("wide", "light", "en"), ("narrow", "dark", "ru")]


@dataclass(frozen=True)
class Picture:
    """A page, whose browser it is, and what that person does before the picture is taken."""

    name: str
    person: str
    address: str | Callable[[Page], str]
    prepare: Callable[[Page], None] = lambda page: None


def first(page: Page, call: str, **wanted: str) -> dict[str, Any]:
    """The first result of a call of the API that has these values."""
    results = page.request.get(f"/api/v1/{call}").json()["results"]
    return next(row for row in results if all(row[name] == value for name, value in wanted.items()))


def step_page(kind: str) -> Callable[[Page], str]:
    """The page of a step of this kind that the person may do."""
    return lambda page: first(page, MINE, kind=kind)["page_url"]


def waiting_record(page: Page) -> str:
    """A record on which a step of the person waits."""
    return f"/records/r/{first(page, MINE, kind='user-question')['record']}/"


def open_panel(page: Page) -> None:
    """Open the panel and wait for its cards."""
    page.locator("#bell").click()
    page.locator("#panel .work-card").first.wait_for()


def open_centre(page: Page) -> None:
    """Open the second tab of the panel."""
    open_panel(page)
    page.locator("#panel [role=tab]").nth(1).click()
    page.locator("#panel-tab-news[aria-selected=true]").wait_for()


def open_process_menu(page: Page) -> None:
    """Open what the record offers about processes."""
    page.locator("#process-button").click()


def draw(page: Page) -> None:
    """Wait for the diagram or the charts."""
    page.locator(".djs-container svg, canvas").first.wait_for()


MINE = "steps/?mine=true&status=pending"
RUNNING = "instances/?status=running&process=contract_approval"
PICTURES = (
    Picture("activities-and-panel", "boris", "/activities/", open_panel),
    Picture("calendar", "boris", "/activities/calendar/"),
    Picture("records", "boris", "/records/contract/"),
    Picture("record", "boris", waiting_record, open_process_menu),
    Picture("step", "boris", step_page("user-question")),
    Picture("process", "boris", "/processes/contract_approval/", draw),
    Picture("instance", "boris", lambda page: f"/log/{first(page, RUNNING)['id']}/", draw),
    Picture("statistics", "boris", "/statistics/", draw),
    Picture("approval", "dmitri", step_page("approval")),
    Picture("notification-centre", "dmitri", "/activities/", open_centre),
)


@contextmanager
def portal() -> Iterator[str]:
    """The whole portal with demo data on a free port; gives its address."""
    port = free_port()
    env = os.environ | {"PORT": str(port), "LOG_LEVEL": "WARNING"}
    server = children.start([sys.executable, "manage.py", "portal", "--demo"], cwd=ROOT, env=env)
    try:
        deadline = time.monotonic() + 300
        while not answers(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the portal does not answer")
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/"
    finally:
        children.stop(server, [(signal.SIGTERM, 30)])


def sign_in(page: Page, person: str) -> None:
    """Come in through the door, as a person does."""
    page.goto("/")
    page.fill("input[name=username]", person)
    page.fill("input[name=password]", "demo")
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("#shell-nav", state="attached")


def choose(page: Page, home: str, name: str, value: str) -> None:
    """Set the person's theme or language, as the buttons of their menu do."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    answer = page.request.post(
        f"/preferences/{name}/",
        form={name: value, "csrfmiddlewaretoken": token},
        headers={"Referer": home},
    )
    if not answer.ok:
        raise RuntimeError(f"{name} {value}: {answer.status}")


def take_all(browser: Browser, home: str, size: str, theme: str, language: str) -> None:
    """Take the ten pictures in one look."""
    width, height = SIZES[size]
    for person, pictures in groupby(PICTURES, lambda picture: picture.person):
        context = browser.new_context(
            base_url=home, viewport={"width": width, "height": height}, locale=LOCALES[language]
        )
        door = context.new_page()
        sign_in(door, person)
        choose(door, home, "theme", theme)
        choose(door, home, "language", language)
        for picture in pictures:
            page = context.new_page()  # a tab of its own remembers no open panel
            page.goto(picture.address if isinstance(picture.address, str) else picture.address(page))
            picture.prepare(page)
            # As high as the page, as a taller window would show it: bars and panel end where the window ends.
            tall = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": max(tall, height)})
            page.wait_for_timeout(SETTLING)
            page.screenshot(path=OUT / f"{picture.name}-{size}-{theme}-{language}.png")
            page.close()
        context.close()


def main() -> int:
    """Return 0 when all pictures are taken."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        sys.stderr.write("Pictures need Chromium; `make browser` installs it where it can.\n")
        return 1
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    with portal() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for look in LOOKS:
            take_all(browser, home, *look)
    sys.stdout.write(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

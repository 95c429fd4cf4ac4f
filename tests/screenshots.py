"""Pictures of the pages on demo data: `make screenshots` leaves them in build/screenshots.

Signs in as one of the demo people and walks the main menu, so a new section needs no change here.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from bpm_portal.embedded import children
from bpm_portal.supervisor import ROOT, answers

OUT = ROOT / "build" / "screenshots"
PERSON = "boris"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZES = {"wide": (1280, 800), "narrow": (360, 740)}
LOOKS = [("wide", "light", "en"), ("wide", "dark", "ru"), ("narrow", "light", "ru")]


def manage(*words: str) -> None:
    """Run a manage.py command; raises CalledProcessError."""
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, check=True)


@contextmanager
def web_server() -> Iterator[str]:
    """The web server on a free port; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "bpm_portal.asgi:application", "--port", str(port)]
    server = children.start([*command, "--log-level", "warning"], cwd=ROOT)
    try:
        deadline = time.monotonic() + 30
        while not answers(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the web server does not answer")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        children.stop(server, [(signal.SIGTERM, 10)])


def sign_in(page: Page, home: str) -> None:
    """Come in through the door, as a person does."""
    page.goto(home)
    page.fill("input[name=username]", PERSON)
    page.fill("input[name=password]", "demo")
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("#shell-nav", state="attached")


def choose(page: Page, home: str, name: str, value: str) -> None:
    """Set the person's theme or language, as the buttons of their menu do."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    answer = page.request.post(
        urljoin(home, f"preferences/{name}/"),
        form={name: value, "csrfmiddlewaretoken": token},
        headers={"Referer": home},
    )
    if not answer.ok:
        raise RuntimeError(f"{name} {value}: {answer.status}")


def take_all(browser: Browser, home: str, size: str, theme: str, language: str) -> list[Path]:
    """Take one picture per entry of the main menu; returns the files."""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    sign_in(page, home)
    choose(page, home, "theme", theme)
    choose(page, home, "language", language)
    links = page.eval_on_selector_all("#shell-nav a[href]", "links => links.map(link => link.href)")
    taken = []
    for link in dict.fromkeys(urljoin(home, link) for link in links):
        page.goto(link)
        name = urlsplit(link).path.strip("/").replace("/", "-") or "home"
        taken.append(OUT / f"{name}-{size}-{theme}-{language}.png")
        page.screenshot(path=taken[-1], full_page=True)
    page.context.close()
    return taken


def main() -> int:
    """Return 0 when there is at least one picture for every look."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        sys.stderr.write("Pictures need Chromium; `make browser` installs it where it can.\n")
        return 1
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    manage("migrate", "--verbosity", "0")
    manage("demo")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    with web_server() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for look in LOOKS:
            if not take_all(browser, home, *look):
                return 1
    sys.stdout.write(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Every page and fragment as axe sees it in both themes, and as it stands on a narrow screen."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings as site
from django.urls import reverse
from playwright.sync_api import Browser, Page

from tests.access.doors import THROUGH, Door
from tests.access.pages import PAGES
from tests.access.world import World, make_world
from tests.web import ROOT, WebServer, cookies_of, headless_browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
BOB = 1  # his column of the table
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
STYLES = [f"/static/css/{path.name}" for path in (ROOT / "static/css").glob("*.css") if path.stem != "admin"]
RUN = """async (options) => (await axe.run("#main", options)).violations.flatMap(
    (found) => found.nodes.map((node) => `${found.id}: ${node.html.slice(0, 160)}`))"""
PUT_IN = """(html) => {
    const main = document.getElementById("main");
    main.innerHTML = html;
    if (main.querySelector(":scope > .dropdown-header")) // the entries of a menu
        main.innerHTML = `<div class="dropdown-menu show position-static record-menu">${html}</div>`;
    for (const dialog of document.querySelectorAll("#main dialog")) dialog.showModal();
}"""


@pytest.fixture
def world(transactional_db: None, settings: Any, tmp_path: Any) -> World:
    """Committed, so that the web server finds it."""
    settings.MEDIA_ROOT = tmp_path
    return make_world()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with headless_browser() as browser:
        yield browser


@pytest.fixture
def server(world: World, tmp_path: Any) -> Iterator[str]:
    with WebServer("looks", site.REDIS_URL, tmp_path / "web.log") as web:
        yield web.url


def addresses(world: World, doors: list[Door]) -> list[str]:
    """Where they lead, each once: what follows the question mark only chooses rows."""
    return list(dict.fromkeys(reverse(door.name, args=door.args(world)) for door in doors))


def prepare(page: Page, address: str) -> None:
    """Open it with axe at hand; colours change at once, not little by little."""
    page.goto(address)
    page.add_style_tag(content="*, ::before, ::after { transition: none !important; }")
    page.evaluate(AXE_SCRIPT)


def opened(address: str, page: Page, frame: Page) -> Page | None:
    """The page there, or the frame with a fragment in it; None where the answer is a file."""
    answer = page.request.get(address)
    if "text/html" not in answer.headers.get("content-type", "") or not answer.ok:
        return None
    if answer.text().lstrip().lower().startswith("<!doctype"):
        prepare(page, address)
        return page
    frame.evaluate(PUT_IN, answer.text())
    return frame


def look(address: str, page: Page) -> Iterator[str]:
    """What is wrong with the main part of it, in words; the frame has tests of its own."""
    for theme, rules in {"light": WCAG, "dark": ["color-contrast"]}.items():  # the rest is the same in both
        page.evaluate("(theme) => { document.documentElement.dataset.bsTheme = theme; }", theme)
        for found in page.evaluate(RUN, {"runOnly": rules, "resultTypes": ["violations"], "preload": False}):
            yield f"{address} ({theme}) {found}"
    page.set_viewport_size({"width": 360, "height": 740})
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if over > 0:
        yield f"{address} runs {over} px over the edge of a narrow screen"
    page.set_viewport_size({"width": 1280, "height": 800})


def test_axe_finds_nothing_anywhere_and_nothing_runs_over_the_edge(world, server, browser) -> None:
    doors = [door for door in PAGES if door.method == "GET" and not door.is_api]
    his = [door for door in doors if door.may[BOB] in THROUGH]
    problems, seen = [], 0
    for person, theirs in ((world.bob, his), (world.admin, [door for door in doors if door not in his])):
        context = browser.new_context(
            base_url=server, viewport={"width": 1280, "height": 800}, bypass_csp=True
        )
        context.add_cookies(cookies_of(person, server))
        page, frame = context.new_page(), context.new_page()
        prepare(frame, reverse("accounts:profile"))
        for sheet in STYLES:
            frame.add_style_tag(url=sheet)
        for address in addresses(world, theirs):
            if found := opened(address, page, frame):
                problems += look(address, found)
                seen += 1
        context.close()
    assert seen > 40
    assert not problems, "\n".join(problems)

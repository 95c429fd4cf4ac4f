"""Every page, fragment and what opens over them as axe sees it in both themes, and as it stands on a narrow screen."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings as site
from django.urls import reverse
from playwright.sync_api import Browser, Page, ViewportSize

from tests.access.doors import THROUGH, Door
from tests.access.pages import PAGES
from tests.access.world import World, make_world
from tests.web import ROOT, WebServer, cookies_of, headless_browser

pytestmark = pytest.mark.django_db(transaction=True)
BOB = 1  # his column of the table
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
STYLES = [f"/static/css/{path.name}" for path in (ROOT / "static/css").glob("*.css") if path.stem != "admin"]
RUN = """async ([part, options]) => (await axe.run(part, options)).violations.flatMap(
    (found) => found.nodes.map((node) => `${found.id}: ${node.html.slice(0, 160)}`))"""
WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=360, height=740)
#: Who presses what on a page, one after the other, and what then shows; a look at everything after each.
OVER = {
    ("bob", "activities:list"): {
        "#bell": ".work-card",
        "#panel-filters-open": "#panel-filters .chip",
        ".work-card [id$='-postpone']": ".work-card .card-form-presets",
        ".work-card [id$='-reassign']": ".work-card-form .picker",
        "#panel-tab-news": ".news-entry",
        "[data-panel-close]": "#main",
        ".filters-more > summary": ".filters-more-fields",
        "#activities [name=ids]": "#bulk-bar",
        "#bulk-bar button": "dialog[open]",
    },
    ("bob", "accounts:profile"): {".shell-user": ".shell-menu", "[data-open-shortcuts]": "dialog[open]"},
    ("admin", "processes:log"): {
        "[data-selection-all]": "[data-selection-bar]",
        "[data-selection-bar] .btn-danger": "dialog[open]",
    },
}
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


@pytest.fixture
def visit(server: str, browser: Browser) -> Iterator[Callable[[Any], Page]]:
    """Open a browser of its own for a person, signed in; axe may run in it. Russian words are the longer ones."""
    contexts = []

    def open_browser(person: Any) -> Page:
        context = browser.new_context(base_url=server, viewport=WIDE, bypass_csp=True)
        person.language = "ru"
        person.save()
        context.add_cookies(cookies_of(person, server))
        contexts.append(context)
        return context.new_page()

    yield open_browser
    for context in contexts:
        context.close()


def addresses(world: World, doors: list[Door]) -> list[str]:
    """Where they lead, each once, as what follows a question mark only chooses rows; and the heat map of a process."""
    heat = [f"{reverse('processes:statistics')}?process={world.process.key}"]
    return list(dict.fromkeys([reverse(door.name, args=door.args(world)) for door in doors] + heat))


def prepare(page: Page, address: str) -> None:
    """Open it with axe at hand; colours change at once, not little by little."""
    page.goto(address)
    page.add_style_tag(content="*, ::before, ::after { transition: none !important; }")
    page.evaluate(AXE_SCRIPT)


def opened(address: str, page: Page, frame: Page) -> tuple[Page, str] | None:
    """The page there, or the frame with a fragment in it, and its new part; None where the answer is a file."""
    answer = page.request.get(address)
    if "text/html" not in answer.headers.get("content-type", "") or not answer.ok:
        return None
    if answer.text().lstrip().lower().startswith("<!doctype"):
        prepare(page, address)
        return page, "html"
    frame.evaluate(PUT_IN, answer.text())
    return frame, "#main"


def look(name: str, page: Page, part: str = "html") -> Iterator[str]:
    """What is wrong with this part of it, in words."""
    for theme, rules in {"light": WCAG, "dark": ["color-contrast"]}.items():  # the rest is the same in both
        page.evaluate("(theme) => { document.documentElement.dataset.bsTheme = theme; }", theme)
        options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
        for found in page.evaluate(RUN, [part, options]):
            yield f"{name} ({theme}) {found}"
    page.set_viewport_size(NARROW)
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if over > 0:
        yield f"{name} runs {over} px over the edge of a narrow screen"
    page.set_viewport_size(WIDE)


def test_axe_finds_nothing_anywhere_and_nothing_runs_over_the_edge(world, visit) -> None:
    doors = [door for door in PAGES if door.method == "GET" and not door.is_api]
    his = [door for door in doors if door.may[BOB] in THROUGH]
    problems, seen = [], 0
    for person, theirs in ((world.bob, his), (world.admin, [door for door in doors if door not in his])):
        page = visit(person)
        frame = page.context.new_page()
        prepare(frame, reverse("accounts:profile"))
        for sheet in STYLES:
            frame.add_style_tag(url=sheet)
        for address in addresses(world, theirs):
            if found := opened(address, page, frame):
                problems += look(address, *found)
                seen += 1
    assert seen > 40
    assert not problems, "\n".join(problems)


def test_axe_finds_nothing_in_what_opens_over_a_page(world, visit) -> None:
    problems = []
    for (person, name), presses in OVER.items():
        page = visit(getattr(world, person))
        prepare(page, reverse(name))
        for press, shown in presses.items():
            page.locator(f"{press} >> visible=true").first.click()
            page.locator(f"{shown} >> visible=true").first.wait_for()
            problems += look(f"{name} with {press}", page)
    assert not problems, "\n".join(problems)

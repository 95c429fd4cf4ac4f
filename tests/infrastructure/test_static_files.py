"""Every static file that a template names exists, and what is collected works under its new names."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.test.utils import override_settings

from bpm_portal import collected

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"""\{%\s*static\s+["']([^"']+)["']""")
IMPORTED = re.compile(r"""(?:from|import|new URL\()\s*["']\.?/?([\w-]+\.js)["']""")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}


def named_files() -> set[str]:
    texts = [page.read_text() for page in (ROOT / "templates").rglob("*.html")]
    return {name for text in texts for name in NAMED.findall(text)}


def test_templates_name_files_that_exist() -> None:
    """A missing one is an error page in production, where names are looked up."""
    names = named_files()
    assert "js/live-worker.js" in names
    assert [name for name in names if not finders.find(name)] == []


def test_scripts_import_files_that_exist() -> None:
    for script in (ROOT / "static" / "js").glob("*.js"):
        for name in IMPORTED.findall(script.read_text()):
            assert script.with_name(name).is_file(), (script.name, name)


@pytest.fixture(scope="module")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything collected once, as `manage.py collect` does it."""
    root = tmp_path_factory.mktemp("collected") / "static"
    with production(root):
        collected.collect()
    return root


def production(root: Path) -> override_settings:
    return override_settings(
        STATIC_ROOT=root,
        STORAGES=STORAGES,
        STATIC_FROM_SOURCE=False,
        SERVESTATIC_USE_FINDERS=False,
        # The other tests do without, since it reads all of them for every client.
        MIDDLEWARE=["servestatic.middleware.ServeStaticMiddleware", *settings.MIDDLEWARE],
    )


def test_collected_files_are_hashed_compressed_and_cached_for_ever(static_root: Path) -> None:
    paths = json.loads((static_root / "staticfiles.json").read_text())["paths"]
    assert named_files() <= set(paths)
    with production(static_root):
        client = Client(headers={"accept-encoding": "gzip"})
        answer = client.get(f"/static/{paths['vendor/tabler/tabler.min.css']}")
        assert answer.status_code == 200
        assert answer["Content-Encoding"] == "gzip"
        assert "immutable" in answer["Cache-Control"]
        # A script imports its neighbour by its plain name, which changes with every release: no long caching.
        plain = client.get("/static/js/live-stream.js")
        assert plain.status_code == 200
        assert "immutable" not in plain["Cache-Control"]


def test_pages_name_the_collected_files(static_root: Path, client, bob) -> None:
    client.force_login(bob)
    with production(static_root):
        page = (
            client.get("/panel/?tab=work", follow=True).content.decode()
            + client.get("/activities/").content.decode()
        )
    assert re.search(r'data-worker="/static/js/live-worker\.[0-9a-f]{12}\.js"', page)
    assert re.search(r'href="/static/img/mark\.[0-9a-f]{12}\.svg"', page)


def test_collecting_again_does_nothing_until_a_source_changes(
    static_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with production(static_root):
        assert collected.is_fresh()
        monkeypatch.setattr(collected, "fingerprint", lambda: "another")
        assert not collected.is_fresh()


def test_a_browser_that_asks_for_favicon_ico_gets_the_mark() -> None:
    answer = Client().get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, "/static/img/mark.svg")

"""Where commands find the database and the broker, and what they say when there is none."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from bpm_portal import env

ROOT = Path(__file__).resolve().parents[2]
GIVEN = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
# As in a folder where no portal runs, whatever runs in this one.
ALONE = """
import sys
import bpm_portal.embedded
bpm_portal.embedded.running_urls = lambda data: {}
import manage
sys.argv = ["manage.py", *sys.argv[1:]]
manage.main()
"""


def alone(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ALONE, *words], cwd=ROOT, env=GIVEN, capture_output=True, text=True
    )


def test_commands_that_need_no_database_work_without_one() -> None:
    assert alone("check").returncode == 0


def test_commands_that_need_one_say_where_to_get_it() -> None:
    done = alone("migrate")
    assert done.returncode == 1
    assert done.stderr.startswith("There is no database: DATABASE_URL is not set")
    assert "Traceback" not in done.stderr


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No URL is given, and a portal runs in another terminal."""
    urls = {
        "DATABASE_URL": "postgresql://portal@/portal?host=%2Ftmp%2Fx",
        "REDIS_URL": "redis://:p@127.0.0.1:9/0",
    }
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    monkeypatch.setattr(env, "running_urls", lambda data: urls if data == ROOT / "var" / "portal" else {})
    env._urls_of_running_portal.cache_clear()
    yield
    env._urls_of_running_portal.cache_clear()


def test_a_second_terminal_finds_the_servers_of_the_first(beside) -> None:
    found = env.database()
    assert (found["NAME"], found["USER"], found["OPTIONS"]["host"]) == ("portal", "portal", "/tmp/x")
    assert env.redis_url() == "redis://:p@127.0.0.1:9/0"


def test_what_is_given_goes_before_what_runs(beside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@there/mine")
    monkeypatch.setenv("REDIS_URL", "redis://there:1/0")
    assert (env.database()["HOST"], env.redis_url()) == ("there", "redis://there:1/0")


def test_another_kind_of_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///db.sqlite3")
    with pytest.raises(ImproperlyConfigured, match="must name a PostgreSQL database"):
        env.database()


def test_mail_goes_to_files_until_a_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAIL_URL", raising=False)
    assert env.email()["EMAIL_FILE_PATH"] == ROOT / "var" / "mail"
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://portal:p%40ss@mail.example:587")
    mail = env.email()
    assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
    assert mail["EMAIL_HOST_PASSWORD"] == "p@ss"

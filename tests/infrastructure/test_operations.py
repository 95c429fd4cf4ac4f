"""What operators rely on: health, metrics, logs and checks."""

import json
import logging
import os
import re
import string
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from celery.signals import before_task_publish
from django.conf import settings
from django.core.cache import caches
from django.core.checks import run_checks
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from structlog.contextvars import bound_contextvars

from bpm_portal import logs, metrics
from bpm_portal.celery import app
from bpm_portal.env import DEVELOPMENT_KEY
from tests.factories import NOW

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "DEBUG": "false",
    "HTTPS": "true",
    "ALLOWED_HOSTS": "portal.example",
    "CSRF_TRUSTED_ORIGINS": "https://portal.example",
    "PORTAL_URL": "https://portal.example",
    "SECRET_KEY": string.ascii_letters,
    "METRICS_TOKEN": "",
}


def manage(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=os.environ | env, capture_output=True, text=True)


@pytest.mark.django_db(transaction=True)  # asked in a thread with a connection of its own
def test_a_probe_is_answered_under_any_host_without_https_and_told_nothing_else() -> None:
    with override_settings(ALLOWED_HOSTS=["portal.example"], SECURE_SSL_REDIRECT=True):
        answer = Client().get("/health/", headers={"host": "10.0.0.7:8000"})
    assert (answer.status_code, answer.json()) == (200, {"healthy": True})
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_gone_is_a_503_whose_reason_stays_in_the_log(caplog) -> None:
    with override_settings(CELERY_BROKER_URL="redis://127.0.0.1:1/0"):
        answer = Client().get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"healthy": False})
    assert "Connection" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_cache_that_is_gone_is_a_503(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: Any, **__: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(caches["default"], "aset", refuse)
    monkeypatch.setattr(type(caches["default"]), "aset", refuse)
    assert Client().get("/health/").status_code == 503


def test_without_a_token_there_are_no_metrics() -> None:
    assert settings.METRICS_TOKEN == ""
    assert "django_prometheus" not in settings.INSTALLED_APPS
    assert Client().get("/metrics/").status_code == 404


@pytest.mark.parametrize(
    ("header", "who", "status"),
    [
        ("", "mallory", 403),
        ("Bearer ", "mallory", 403),
        ("Bearer wrong", "mallory", 403),
        ("Bearer right", "mallory", 200),
        ("", "admin", 200),
    ],
)
def test_metrics_are_for_the_token_and_for_superusers(
    request, rf: RequestFactory, header, who, status
) -> None:
    asked = rf.get("/metrics/", headers={"authorization": header})
    asked.user = request.getfixturevalue(who)
    with override_settings(METRICS_TOKEN="right"):
        if status == 403:
            with pytest.raises(metrics.PermissionDenied):
                metrics.metrics(asked)
        else:
            text = metrics.metrics(asked).content.decode()
            assert "portal_instances_running 0.0" in text
            assert "portal_events_lag_seconds 0.0" in text


def test_with_a_token_requests_are_measured() -> None:
    code = (
        "import django; django.setup()\nfrom django.test import Client\nfrom django.conf import settings\n"
        "settings.ALLOWED_HOSTS = ['testserver']\nclient = Client(headers={'authorization': 'Bearer t'})\n"
        "client.get('/sign-in/')\nfrom django_prometheus.exports import ExportToDjangoView\n"
        "print(ExportToDjangoView(None).content.decode())"
    )
    env = os.environ | {"METRICS_TOKEN": "t", "DJANGO_SETTINGS_MODULE": "bpm_portal.settings"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True)
    assert 'view="accounts:sign-in"} 1.0' in done.stdout, done.stderr


@pytest.mark.django_db
def test_each_measure_counts_what_hangs() -> None:
    names = [name for name, _, _ in metrics.measures(NOW)]
    assert len(names) == len(set(names)) == 7
    assert all(re.fullmatch(r"portal_[a-z_]+", name) for name in names)


def record(**extra: Any) -> logging.LogRecord:
    return logging.makeLogRecord({"name": "x", "levelname": "INFO", "levelno": 20, "msg": "Готово", **extra})


def formatter(form: str) -> logging.Formatter:
    chosen = dict(logs.logging_config(level="INFO", form=form)["formatters"]["chosen"])
    return chosen.pop("()")(**chosen)


def test_a_line_for_machines_is_json_with_request_and_user() -> None:
    with bound_contextvars(request_id="r1", user_id=7):
        line = json.loads(formatter("json").format(record(color_message="\x1b[1m")))
    assert line.pop("timestamp")
    assert line == {"event": "Готово", "level": "info", "logger": "x", "request_id": "r1", "user_id": 7}


def test_a_line_for_people_is_plain_text() -> None:
    with bound_contextvars(request_id="r1"):
        line = formatter("plain").format(record())
    assert "Готово" in line
    assert "request_id=r1" in line
    assert "\x1b" not in line


@pytest.mark.parametrize("form", ["plain", "json"])
@pytest.mark.parametrize(
    "address",
    [
        "GET /links/answer/S3cr:et-_=/",
        "GET /links/calendar/S3cret.ics?x=/links/",
        "GET /sign-in/?next=/links/answer/S3cret/",
        "GET /sign-in/?next=%2Flinks%2Fanswer%2FS3cret%2F&x=1",
    ],
)
def test_no_line_tells_the_secret_of_a_link(form, address) -> None:
    said = {"request": address, "event": "request_finished"}
    for line in (record(msg=said), record(msg=address), record(error=f"Not Found: {address}")):
        text = formatter(form).format(line)
        assert "***" in text
        assert "S3cr" not in text
    assert "/links/" in formatter(form).format(record(msg={"event": "x", "request": "GET /links/"}))


def test_another_format_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="plain or json, not yaml"):
        logs.logging_config(level="INFO", form="yaml")


def test_a_request_has_a_number_in_log_and_answer(client, bob, caplog) -> None:
    client.force_login(bob)
    with caplog.at_level(logging.INFO, "django_structlog"):
        answer = client.get("/panel/")
    line = next(entry.msg for entry in caplog.records if "request_finished" in str(entry.msg))
    assert line["request_id"] == answer["X-Request-ID"]
    assert line["user_id"] == bob.pk


def test_a_task_carries_the_number_of_the_request_that_asked_for_it() -> None:
    sent: dict[str, Any] = {}

    def note(headers: dict[str, Any], **_: Any) -> None:
        sent.update(headers)

    before_task_publish.connect(note)
    try:
        with app.connection_for_write("memory://") as broker, bound_contextvars(request_id="r9"):
            app.send_task("tests.nothing", connection=broker)
    finally:
        before_task_publish.disconnect(note)
    assert sent["__django_structlog__"]["request_id"] == "r9"


def test_celery_leaves_the_log_as_django_has_set_it_up() -> None:
    before = list(logging.root.handlers)
    app.log.setup_logging_subsystem(loglevel="DEBUG")
    assert logging.root.handlers == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"SECRET_KEY": DEVELOPMENT_KEY}, "portal.E001"),
        ({"ALLOWED_HOSTS": "https://portal.example"}, "portal.E002"),
        ({"PORTAL_URL": "portal.example"}, "portal.E006"),
        ({"PORTAL_URL": "http://localhost:8000"}, "portal.W005"),
        ({"HTTPS": "false"}, "portal.W001"),
        ({"REDIS_URL": ""}, "portal.W002"),
    ],
)
def test_a_mistake_before_deploying_is_found(change: dict[str, str], code: str) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **(SAFE | change))
    assert done.returncode == 1
    assert f"({code})" in done.stderr


def test_a_good_environment_passes() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **SAFE)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("host", ["*", ".portal.example", "10.0.0.5", "[::1]", "localhost", "my_host-1"])
def test_names_of_hosts_are_accepted(host: str) -> None:
    with override_settings(ALLOWED_HOSTS=[host], HTTPS=False, SECRET_KEY="another"):
        assert not found("portal.E002")


@pytest.mark.parametrize("host", ["http://a", "a:8000", "a/b", "a b", "", "a,b"])
def test_what_no_browser_sends_as_a_host_is_refused(host: str) -> None:
    with override_settings(ALLOWED_HOSTS=[host], SECRET_KEY="another"):
        assert found("portal.E002")


@pytest.mark.parametrize("address", ["http://[::1]:8000", "https://portal.example/bpm", "http://10.0.0.5"])
def test_addresses_of_the_portal_are_accepted(address: str) -> None:
    with override_settings(PORTAL_URL=address):
        assert not found("portal.E006")


def test_missing_files_are_told_with_the_command_that_makes_them(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("bpm_portal.vendor.EXPOSED", tmp_path)
    monkeypatch.setattr("bpm_portal.catalogues.sources", lambda: [tmp_path / "django.po"])
    assert "make vendor" in found("portal.W003")[0].hint
    assert "make catalogues" in found("portal.W004")[0].hint
    with override_settings(STATIC_FROM_SOURCE=False, STATIC_ROOT=tmp_path):
        assert "manage.py collect" in found("portal.E005")[0].hint


def found(code: str) -> list[Any]:
    return [message for message in run_checks() if message.id == code]

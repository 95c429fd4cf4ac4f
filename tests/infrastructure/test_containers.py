"""The container files fit the settings and themselves (no container is started here)."""

import re
import shlex
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from bpm_portal import celery_app, health
from bpm_portal.supervisor import services

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "bpm-portal"}
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
OUTSIDE_SETTINGS = {"PATH", "PYTHONUNBUFFERED"}
OF_THE_SERVER = {"FORWARDED_ALLOW_IPS"}
# What the image says itself, what is of the tests, and what is nobody's to switch on where others come.
NOT_GIVEN = {"MEDIA_ROOT", "STATIC_FROM_SOURCE", "TEST_RUN", "DEBUG"}


def names_in_settings() -> set[str]:
    text = "".join((ROOT / "bpm_portal" / name).read_text() for name in ("settings.py", "env.py"))
    return set(re.findall(r"""env(?:\.\w+)?\(\s*"([A-Z_]+)\"""", text))


def dockerfile_lines(instruction: str) -> list[list[str]]:
    lines = (line.split(None, 1) for line in DOCKERFILE.splitlines() if line.startswith(f"{instruction} "))
    return [shlex.split(line[1]) for line in lines]


def test_all_parts_are_there() -> None:
    assert set(OURS) == {"migrate", "web", "worker", "slow-worker", "beat"}
    assert set(SERVICES) - set(OURS) == {"postgres", "valkey"}


@pytest.mark.parametrize("name", OURS)
def test_environment_names_are_those_of_the_settings(name: str) -> None:
    assert set(OURS[name]["environment"]) <= names_in_settings() | OF_THE_SERVER


@pytest.mark.parametrize("name", OURS)
def test_every_setting_reaches_the_containers(name: str) -> None:
    """A limit that an operator has set beside the compose file and that does nothing is found out too late."""
    assert names_in_settings() - NOT_GIVEN | OF_THE_SERVER <= set(OURS[name]["environment"])


def test_urls_name_services_and_the_database_that_is_made() -> None:
    environment, postgres = OURS["web"]["environment"], SERVICES["postgres"]["environment"]
    found = re.fullmatch(r"postgresql://(\w+):(.+)@(\w+):5432/(\w+)", environment["DATABASE_URL"])
    assert found
    user, password, host, database = found.groups()
    assert (user, password, database) == (
        postgres["POSTGRES_USER"],
        postgres["POSTGRES_PASSWORD"],
        postgres["POSTGRES_DB"],
    )
    assert host in SERVICES
    assert environment["REDIS_URL"] == "redis://valkey:6379/0"


@pytest.mark.parametrize("name", SERVICES)
def test_volumes_and_dependencies_exist(name: str) -> None:
    service = SERVICES[name]
    for volume in service.get("volumes", []):
        assert volume.split(":")[0] in COMPOSE["volumes"]
    for other, wait in service.get("depends_on", {}).items():
        assert other in SERVICES
        if wait["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other]


@pytest.mark.parametrize("name", ["postgres", "valkey", "web", "worker", "slow-worker"])
def test_health_is_checked(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


def test_health_of_the_web_server_is_asked_at_its_own_address() -> None:
    assert f"http://127.0.0.1:8000{health.PATH}" in OURS["web"]["healthcheck"]["test"][-1]


def test_commands_start_what_exists() -> None:
    for name in ("worker", "slow-worker", "beat"):
        program, _quiet, option, module, part = OURS[name]["command"][:5]
        assert (program, option, part) == ("celery", "-A", name.removeprefix("slow-"))
        assert import_module(module).celery_app.tasks
    assert (ROOT / OURS["migrate"]["command"][1]).is_file()
    (server, application, *_), *more = dockerfile_lines("CMD")
    assert not more
    assert server.strip("[,") == "uvicorn"
    module, _, attribute = application.strip(",").partition(":")
    assert (ROOT / f"{module.replace('.', '/')}.py").read_text().count(f"def {attribute}(") == 1


def test_every_queue_has_a_worker_here_and_under_the_supervisor() -> None:
    queues = sorted(queue.name for queue in settings.CELERY_TASK_QUEUES)
    commands = [list(map(str, child.command)) for child in services(8000, ROOT)]
    for started in (commands, [OURS[name]["command"] for name in ("worker", "slow-worker")]):
        assert sorted(words[words.index("-Q") + 1] for words in started if "-Q" in words) == queues


def test_every_slow_task_is_there() -> None:
    celery_app.loader.import_default_modules()
    assert settings.CELERY_TASK_ROUTES.keys() <= celery_app.tasks.keys()


def test_the_image_is_built_from_what_is_there_and_runs_without_root() -> None:
    for words in dockerfile_lines("COPY"):
        if not words[0].startswith("--from"):
            assert all((ROOT / word).exists() for word in words[:-1]), words
    assert dockerfile_lines("USER") == [["portal"]]
    names = {word.partition("=")[0] for words in dockerfile_lines("ENV") for word in words}
    assert names - OUTSIDE_SETTINGS <= names_in_settings()
    assert "--require-hashes" in DOCKERFILE


def test_data_of_the_portal_lies_on_its_volume() -> None:
    mounts = [volume.partition(":")[2] for volume in OURS["web"]["volumes"]]
    media = next(
        word for words in dockerfile_lines("ENV") for word in words if word.startswith("MEDIA_ROOT=")
    )
    assert any(media.partition("=")[2].startswith(f"{mount}/") for mount in mounts)
    assert any(OURS["beat"]["command"][-1].startswith(f"{mount}/") for mount in mounts)

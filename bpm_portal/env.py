"""What the environment says, read once and refused loudly when it makes no sense."""

from functools import cache
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from bpm_portal.embedded import running_urls

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEVELOPMENT_KEY = "development-only-key-never-use-it-where-others-can-reach-the-portal"
ABSENT_DATABASE = "bpm_portal.absent_database"


@cache
def _urls_of_running_portal() -> dict[str, str]:
    """A command in a second terminal finds the servers of `make run` in the first."""
    return running_urls(BASE_DIR / "var" / "portal")


def database() -> dict[str, Any]:
    """Django's settings of the default database: DATABASE_URL, else the database of the portal that runs here.

    Without either, the first connection fails with a sentence. Raises ImproperlyConfigured for anything that
    is not PostgreSQL: the turn relies on its locks, its `skip_locked` and its case-insensitive search of
    Cyrillic text.
    """
    url = env.str("DATABASE_URL", default="") or _urls_of_running_portal().get("DATABASE_URL", "")
    if not url:
        return {"ENGINE": ABSENT_DATABASE, "NAME": "absent"}
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            "DATABASE_URL must name a PostgreSQL database, as postgresql://user@host/name."
        )
    config: dict[str, Any] = env.db_url_config(url)
    options: dict[str, Any] = config.setdefault("OPTIONS", {})
    # Compiling a statement pays for minutes of work; here it turned 0.3 s of a search into 4 s.
    options.setdefault("options", "-c jit=off")
    pool_size = env.int("DATABASE_POOL", default=0)
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    else:
        config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True  # a database that was restarted costs nobody an error page
    run = env.str("TEST_RUN", default="")
    config["TEST"] = {"NAME": f"test_portal_{run}" if run else "test_portal"}
    return config


def redis_url() -> str:
    """REDIS_URL, else the server of the portal that runs here, else where Redis stands on most machines."""
    given = env.str("REDIS_URL", default="") or _urls_of_running_portal().get("REDIS_URL")
    return given or "redis://127.0.0.1:6379/0"


def email() -> dict[str, Any]:
    """Django's settings of outgoing mail, from EMAIL_URL; files in var/mail where nothing is said."""
    if not env.str("EMAIL_URL", default=""):
        folder = BASE_DIR / "var" / "mail"
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": folder,
        }
    config: dict[str, Any] = env.email_url("EMAIL_URL")
    return config

"""What the environment says, read once and refused loudly when it makes no sense."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEVELOPMENT_KEY = "development-only-key-never-use-it-where-others-can-reach-the-portal"


def database() -> dict[str, Any]:
    """Django's settings of the default database, from DATABASE_URL.

    Raises ImproperlyConfigured for anything that is not PostgreSQL: the turn relies on its locks,
    its `skip_locked` and its case-insensitive search of Cyrillic text.
    """
    url = env.str("DATABASE_URL", default="postgresql://127.0.0.1/bpm_portal")
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            "DATABASE_URL must name a PostgreSQL database, as postgresql://user@host/name."
        )
    config: dict[str, Any] = env.db_url_config(url)
    options: dict[str, Any] = config.setdefault("OPTIONS", {})
    pool_size = env.int("DATABASE_POOL", default=0)
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    run = env.str("TEST_RUN", default="")
    config["TEST"] = {"NAME": f"test_portal_{run}" if run else "test_portal"}
    return config

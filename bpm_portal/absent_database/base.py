"""PostgreSQL as far as commands ask for its dialect, a sentence with a way out as soon as one connects."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """What needs no database (collecting static files, checking diagrams) works without one."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Raise ImproperlyConfigured; `manage.py` prints it as one sentence."""
        raise ImproperlyConfigured(
            "There is no database: DATABASE_URL is not set, and no portal runs from this folder. "
            "Start one by `make run`, or set DATABASE_URL to a PostgreSQL database."
        )

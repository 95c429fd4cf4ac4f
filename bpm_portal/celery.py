"""The Celery application: the worker's tasks and the beat's timetable live in the settings."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_prerun
from django.db import close_old_connections
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bpm_portal.settings")

app = Celery("bpm_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def keep_logging(**_options: Any) -> None:
    """Keep Django's LOGGING: who listens to this signal keeps Celery from bringing its own."""


@task_prerun.connect
def keep_connection(**_options: Any) -> None:
    """Work on with the connection of the task before, unless it has died or is old (see CELERY_DB_REUSE_MAX)."""
    close_old_connections()

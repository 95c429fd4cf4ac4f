"""The Celery application: the worker's tasks and the beat's timetable live in the settings."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bpm_portal.settings")

app = Celery("bpm_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def keep_logging(**_options: Any) -> None:
    """Keep Django's LOGGING: who listens to this signal keeps Celery from bringing its own."""

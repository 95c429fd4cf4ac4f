"""The Celery application: the worker's tasks and the beat's timetable live in the settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bpm_portal.settings")

app = Celery("bpm_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

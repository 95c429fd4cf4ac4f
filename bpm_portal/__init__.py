"""The project: settings, addresses, the worker and the web server; composes the apps, nobody imports it."""

from bpm_portal.celery import app as celery_app

__all__ = ["celery_app"]

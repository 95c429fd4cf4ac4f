"""Django's entry to the project itself: its management commands and checks."""

from typing import Any

import structlog
from django.apps import AppConfig, apps
from django.core import checks as system_checks
from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from django_structlog import signals

from bpm_portal import checks


def number_response(*, response: HttpResponse, **_: Any) -> None:
    """Send the number under which the log knows a request, for who reports a problem."""
    response["X-Request-ID"] = structlog.contextvars.get_contextvars().get("request_id", "")


class PortalConfig(AppConfig):
    """The composition of all apps."""

    name = "bpm_portal"
    label = "portal"

    def ready(self) -> None:
        """Django calls it when all apps are loaded."""
        for check in checks.ALWAYS:
            system_checks.register(check)
        for check in checks.BEFORE_DEPLOYING:
            system_checks.register(check, deploy=True)
        signals.bind_extra_request_finished_metadata.connect(number_response)
        signals.update_failure_response.connect(number_response)
        # Its own name says nothing to administrators, and in one language only.
        apps.get_app_config("axes").verbose_name = gettext_lazy("Attempts to sign in")

"""Django's entry to the project itself: its management commands and checks."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The composition of all apps."""

    name = "bpm_portal"
    label = "portal"

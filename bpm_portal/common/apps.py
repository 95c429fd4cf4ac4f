"""Django's entry to the common modules."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    """Holds the template tags; has no models."""

    name = "bpm_portal.common"
    label = "common"

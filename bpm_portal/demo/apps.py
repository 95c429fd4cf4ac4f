"""Django's entry to the demo, so that its service functions are found."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Has no models; take it out of INSTALLED_APPS where no demo is wanted."""

    name = "bpm_portal.demo"
    label = "demo"

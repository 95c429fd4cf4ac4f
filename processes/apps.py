"""Django's entry to the processes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProcessesConfig(AppConfig):
    """Registers the step kinds and fills the ports of the lower apps."""

    name = "processes"
    verbose_name = _("Processes")

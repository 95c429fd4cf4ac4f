"""Django's entry to the records."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Sections and their records."""

    name = "records"
    verbose_name = _("Records")

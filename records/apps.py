"""Django's entry to the records."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from bpm_portal.common import navigation


class RecordsConfig(AppConfig):
    """Sections and their records."""

    name = "records"
    verbose_name = _("Records")

    def ready(self) -> None:
        """Put the sections into the main menu."""
        from records.menu import section_entries  # models are not loaded before

        navigation.register(section_entries)

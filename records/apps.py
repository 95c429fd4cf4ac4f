"""Django's entry to the records."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from bpm_portal.common import navigation


class RecordsConfig(AppConfig):
    """Sections and their records."""

    name = "records"
    verbose_name = _("Records")

    def ready(self) -> None:
        """Put the sections into the main menu, and their lists among those whose filters can be kept."""
        from records import kept_lists, section_lists  # models are not loaded before
        from records.menu import section_entries

        navigation.register(section_entries)
        kept_lists.register(section_lists.LIST, section_lists.kept_list)

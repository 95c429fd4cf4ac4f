"""Django's entry to the records."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from bpm_portal.common import actions, navigation, timeline


class RecordsConfig(AppConfig):
    """Sections and their records."""

    name = "records"
    verbose_name = _("Records")

    def ready(self) -> None:
        """Fill the ports: the sections in the main menu, the History tab, the lists whose filters can be kept."""
        from records import kept_lists, section_lists  # models are not loaded before
        from records.menu import section_entries
        from records.timeline import CHANGES, offer_panels, tell

        actions.register(panels=offer_panels)
        timeline.register(tell, CHANGES)
        navigation.register(section_entries)
        kept_lists.register(section_lists.LIST, section_lists.kept_list)

"""Django's entry to the activities."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    """Tasks, calls, meetings and e-mails."""

    name = "activities"
    verbose_name = _("Activities")

    def ready(self) -> None:
        """Fill the ports of the common modules: the History tab of records, the main menu."""
        from activities import history
        from bpm_portal.common import actions, navigation

        actions.register(panels=history.offer_panels)
        navigation.register(history.menu)

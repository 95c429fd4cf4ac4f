"""Django's entry to the activities."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    """Tasks, calls, meetings and e-mails."""

    name = "activities"
    verbose_name = _("Activities")

    def ready(self) -> None:
        """Fill the ports below: the timeline of records, the main menu, what follows a new caption, kept filters."""
        from activities import captions, finding, history, stops
        from bpm_portal.common import navigation, timeline, walks
        from records import kept_lists, lifecycle

        timeline.register(history.tell, history.ACTIVITIES, history.EMAILS)
        navigation.register(history.menu)
        walks.register(stops.KIND, waiting=stops.still_waiting, url=stops.page_of)
        captions.register(captions.carry_to_activities)
        lifecycle.register(captions.hear_of_record)
        kept_lists.register(finding.LIST, finding.kept_list)

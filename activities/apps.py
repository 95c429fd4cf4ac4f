"""Django's entry to the activities."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    """Tasks, calls, meetings and e-mails."""

    name = "activities"
    verbose_name = _("Activities")

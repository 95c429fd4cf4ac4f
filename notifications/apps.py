"""Django's entry to the notifications."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Tells people that their work changed."""

    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        """Hear of published events; models are loaded by now."""
        from notifications import handlers
        from processes import outbox

        outbox.register(handlers.handle_events)

"""Django's entry to the notifications."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Tells people that their work changed."""

    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        """Hear of published events and of what is said about activities; models are loaded by now."""
        from activities import changes, news
        from bpm_portal.accounts import news as accounts_news
        from notifications import activity_news, away_news, bus, handlers
        from processes import live, outbox

        outbox.register(handlers.handle_events)
        live.register(bus.publish)
        news.register(activity_news.handle_news)
        changes.register(activity_news.handle_change)
        accounts_news.register(away_news.handle_news)

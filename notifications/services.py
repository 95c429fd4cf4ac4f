"""What people do in the panel: read notifications, choose what it shows."""

from datetime import datetime
from typing import Any

from bpm_portal.common.errors import NotFound
from notifications.models import Notification, Preference


def read_notification(*, notification_id: int, by: Any, now: datetime) -> Notification:
    """Mark one of my notifications as read and return it. Raises NotFound."""
    mine = Notification.objects.visible_to(by).filter(pk=notification_id)
    found: Notification | None = mine.first()
    if found is None:
        raise NotFound
    mine.mark_read(now)
    return found


def read_all_notifications(*, by: Any, now: datetime) -> int:
    """Mark all my notifications as read; returns how many were unread."""
    return int(Notification.objects.visible_to(by).mark_read(now))


def show_future_tasks(*, show: bool, by: Any) -> None:
    """Remember whether the panel shows what starts after today."""
    Preference.objects.update_or_create(user=by, defaults={"show_future": show})

"""What people do in the panel: read notifications, choose what it shows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bpm_portal.common.errors import Invalid, NotFound
from notifications.models import Notification, Preference
from notifications.reading import my_feed
from processes.feed import Filters


def read_notification(*, notification_id: int, by: Any, now: datetime) -> Notification:
    """Mark one of my notifications as read and return it. Raises NotFound."""
    mine = Notification.objects.visible_to(by).filter(pk=notification_id)
    found: Notification | None = mine.first()
    if found is None:
        raise NotFound
    mine.mark_read(now)
    return found


def read_all_notifications(*, sort: str, by: Any, now: datetime) -> int:
    """Mark all my notifications of a sort as read, all of them where it is empty; returns how many were unread."""
    return int(Notification.objects.visible_to(by).of_sort(sort).mark_read(now))


def filter_work(*, chosen: Mapping[str, int | None], by: Any, now: datetime) -> None:
    """Remember what the panel lets pass: filters by name (see `choices`), None for none; others stay as they are.

    Raises Invalid for a filter that nothing of this user's passes: it is not his to know of.
    """
    for name, key in chosen.items():
        only = Filters(**{f"{name}_id": key})
        if only and not list(my_feed(by, now, future=True, limit=1, filters=only)):
            raise Invalid(_("Nothing of yours matches this any more. Choose again."))
    values = {f"{name}_id": key for name, key in chosen.items()}
    Preference.objects.update_or_create(user=by, defaults=values)


def show_future_tasks(*, show: bool, by: Any) -> None:
    """Remember whether the panel shows what starts after today."""
    Preference.objects.update_or_create(user=by, defaults={"show_future": show})

"""All filtering of notifications."""

from datetime import datetime
from typing import Any, Self

from django.db import models


class NotificationQuerySet(models.QuerySet[Any]):
    """Notifications; everybody sees only their own, administrators too."""

    def visible_to(self, user: Any) -> Self:
        """Those of this user."""
        return self.filter(user=user)

    def unread(self) -> Self:
        """Those that were not read yet."""
        return self.filter(read_at__isnull=True)

    def mark_read(self, now: datetime) -> int:
        """Read them; those already read keep their moment. Returns how many were unread."""
        return self.unread().update(read_at=now)

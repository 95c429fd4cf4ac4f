"""All filtering of notifications."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce


class NotificationQuerySet(models.QuerySet[Any]):
    """Notifications; everybody sees only their own, administrators too."""

    def of(self, user: Any) -> Self:
        """Those of this user, by whatever way they come."""
        return self.filter(user=user)

    def visible_to(self, user: Any) -> Self:
        """Those of this user that the centre shows."""
        return self.of(user).filter(is_hidden=False)

    def of_sort(self, sort: str) -> Self:
        """Those of one sort; of all sorts where it is empty."""
        return self.filter(sort=sort) if sort else self

    def count_by_sort(self) -> dict[str, int]:
        """How many there are of each sort."""
        counts = self.order_by().values("sort").annotate(n=Count("pk"))
        return dict(counts.values_list("sort", "n"))

    def unread(self) -> Self:
        """Those that were not read yet."""
        return self.filter(read_at__isnull=True)

    def mark_read(self, now: datetime) -> int:
        """Read them; those already read keep their moment. Returns how many were unread."""
        return self.unread().update(read_at=now)

    def of_nobodys_steps(self) -> Self:
        """Those that ask for somebody who can do a step, until it has been given to somebody (see `settle`)."""
        return self.filter(kind="step-unassigned", step__isnull=False)

    def settle(self, now: datetime) -> int:
        """What they ask for is done: they are read, and let go of their steps, so that the next time is told again."""
        return self.update(step=None, read_at=Coalesce("read_at", Value(now)))

    def popping(self, since: datetime, until: datetime) -> Self:
        """Unread ones that browsers tell of after `since` and not after `until`."""
        return self.unread().filter(pop_at__gt=since, pop_at__lte=until)


class LetterQuerySet(models.QuerySet[Any]):
    """E-mails about news."""

    def to_send(self, now: datetime) -> Self:
        """Due ones that no worker holds."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.filter(free, status="waiting", send_at__lte=now)

    def failed(self) -> Self:
        """Those that were given up."""
        return self.filter(status="failed")

"""All filtering of substitutions."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

#: Lets a person say who stands in for others.
FOR_OTHERS = "accounts.change_substitution"


class SubstitutionQuerySet(models.QuerySet[Any]):
    """Substitutions."""

    def visible_to(self, user: Any) -> Self:
        """Those of this user and those in which he stands in; all for who may say it for others."""
        return self if user.has_perm(FOR_OTHERS) else self.filter(Q(absent=user) | Q(substitute=user))

    def not_over(self, now: datetime) -> Self:
        """In force, or still to come."""
        return self.filter(Q(until=None) | Q(until__gt=now))

    def in_force(self, now: datetime) -> Self:
        """Begun and not ended."""
        return self.not_over(now).filter(since__lte=now)

    def for_people(self, people: Collection[int], roles: Collection[int] = ()) -> Self:
        """Of these people, whether they have left or not, and of the members of these roles."""
        members = models.Subquery(
            self.model._meta.get_field("absent")
            .related_model.groups.through.objects.filter(group__in=roles)
            .values("user")
        )
        return self.filter(Q(absent__in=people) | Q(absent__in=members)) if roles else self.filter(
            absent__in=people
        )  # fmt: skip

    def to_tell(self, now: datetime) -> Self:
        """Begun or ended since their people last heard of it."""
        begun = Q(since__lte=now, told_at__lt=F("since"))
        ended = Q(until__lte=now, told_at__lt=F("until"))
        return self.filter(begun | ended)

"""Who may be found by whom: the lists behind the pickers of people and roles."""

from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

from bpm_portal.accounts.models import User
from bpm_portal.accounts.substitution import standing_of

LIMIT = 20


def find_people(*, by: Any, text: str = "") -> QuerySet[User]:
    """Active people whose names hold every word of `text`, at most 20; nobody for a user without a role."""
    found = colleagues_of(by)
    for word in text.split():
        found = found.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word)
        )
    return found.only("id", "username", "first_name", "last_name").order_by(
        "first_name", "last_name", "username", "id"
    )[:LIMIT]


def colleagues_of(user: Any) -> QuerySet[User]:
    """All active people; nobody for a user without a role."""
    people = User.objects.filter(is_active=True)
    return people if knows_colleagues(user) else people.none()


def find_roles(*, by: Any, text: str = "") -> QuerySet[Group]:
    """Roles whose names hold every word of `text`, at most 20; none for a user without a role."""
    found = Group.objects.all()
    if not knows_colleagues(by):
        return found.none()
    for word in text.split():
        found = found.filter(name__icontains=word)
    return found.order_by("name")[:LIMIT]


def knows_colleagues(user: Any) -> bool:
    """Whoever belongs to a role, or stands in for somebody who does: he may have to hand work on."""
    return bool(user.is_superuser or standing_of(user).role_ids)

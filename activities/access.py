"""Who may act on an activity that he sees, and whom he may give it to."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import QuerySet

from bpm_portal.accounts.directory import knows_colleagues
from bpm_portal.accounts.models import User
from bpm_portal.accounts.roles import role_ids
from bpm_portal.accounts.substitution import Standing, standing_of


def may_act(activity: Any, user: Any) -> bool:
    """Owner, member of the role, who stands in for them, author, administrators; no query but for the roles."""
    if user.is_superuser or user.pk == activity.author_id:
        return True
    if _standing(activity, user).reaches(activity.owner_id, activity.role_id):
        return True
    return bool(user.has_perm("activities.change_activity"))


def may_perform(activity: Any, user: Any) -> bool:
    """It is this user's to do: owned, or of one of his roles and not taken, or so theirs for whom he stands in."""
    return _standing(activity, user).performs(activity.owner_id, activity.role_id)


def _standing(activity: Any, user: Any) -> Standing:
    """What somebody has noted for himself, without a process, reaches no substitute."""
    standing = standing_of(user)
    return standing if activity.is_managed else standing.alone


def may_reschedule(activity: Any, user: Any) -> bool:
    """Pages offer other times: of an activity of people to who may act on it, of a process to its performer."""
    if activity.is_final:
        return False
    return may_perform(activity, user) if activity.is_managed else may_act(activity, user)


@dataclass(frozen=True, slots=True)
class Offers:
    """What the page of an activity of people offers this user."""

    act: bool
    start: bool
    take: bool
    give_back: bool
    hand_on: bool


def offers(activity: Any, user: Any) -> Offers:
    """What makes sense for this user now; the services have the last word."""
    act = not activity.is_final and may_act(activity, user)
    of_my_role = activity.role_id is not None and activity.role_id in role_ids(user)
    return Offers(
        act=act,
        start=act and activity.status == activity.Status.NOT_STARTED,
        take=act and of_my_role and activity.owner_id is None,
        give_back=act and activity.role_id is not None and activity.owner_id is not None,
        hand_on=act and not activity.is_managed and knows_colleagues(user),
    )


def people_known_to(user: Any) -> QuerySet[User]:
    """Everybody who has not left; for one who knows no colleagues only himself."""
    people = User.objects.filter(is_active=True).order_by("first_name", "last_name", "username")
    return people if knows_colleagues(user) else people.filter(pk=user.pk)


def roles_known_to(user: Any) -> QuerySet[Group]:
    """All roles; none for one who knows no colleagues."""
    roles = Group.objects.order_by("name")
    return roles if knows_colleagues(user) else roles.none()

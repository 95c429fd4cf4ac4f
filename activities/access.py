"""Who may act on an activity that he sees."""

from typing import Any

from bpm_portal.accounts.roles import role_ids


def may_act(activity: Any, user: Any) -> bool:
    """Owner, member of the role, author, administrators of activities; no query but for the user's roles."""
    if user.is_superuser or user.pk in (activity.owner_id, activity.author_id):
        return True
    if activity.role_id is not None and activity.role_id in role_ids(user):
        return True
    return bool(user.has_perm("activities.change_activity"))

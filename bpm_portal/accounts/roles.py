"""The roles of a user, read once per request."""

from typing import Any

from bpm_portal.accounts.substitution import standing_of


def role_ids(user: Any) -> list[int]:
    """Ids of the groups this user belongs to himself; what else reaches a substitute says `standing_of`."""
    return standing_of(user).own_role_ids

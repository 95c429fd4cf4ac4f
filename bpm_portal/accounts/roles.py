"""The roles of a user, read once per request."""

from typing import Any


def role_ids(user: Any) -> list[int]:
    """Ids of the groups this user belongs to; remembered on the user object for the request."""
    known = getattr(user, "_role_ids", None)
    if known is None:
        known = list(user.groups.order_by("id").values_list("id", flat=True))
        user._role_ids = known
    return known

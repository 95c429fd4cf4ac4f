"""Whoever signs in with a password; what a person may do is read in one statement with whom he stands in for."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from bpm_portal.accounts.substitution import read_person


class PortalBackend(ModelBackend):
    """Django's own, which would ask for the permissions of a person and for those of his roles one by one."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """His own and those of his roles; remembered on the user object for the request, as Django does."""
        if user_obj.is_superuser or not user_obj.is_active or obj is not None:
            return super().get_all_permissions(user_obj, obj)
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = read_person(user_obj)
        return user_obj._perm_cache  # type: ignore[no-any-return]

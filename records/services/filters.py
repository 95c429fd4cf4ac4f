"""Keep, share, forget filters of a list, and choose the one that it begins with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bpm_portal.accounts.roles import role_ids
from bpm_portal.common.errors import Forbidden, Invalid, NotFound
from records.models import DefaultFilter, SavedFilter

MOST = 30  # own filters of one person in a list
LONGEST_NAME = 60  # characters, as in the database


def save_filter(
    *, list_code: str, name: str, query: Mapping[str, str], by: Any, now: datetime, role: Any = None
) -> SavedFilter:
    """Keep the filter under this name, in place of one's own of that name; `role` shares it. Raises Invalid."""
    name = name.strip()
    mine = SavedFilter.objects.of_list(list_code).filter(owner=by)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(name=_("Give it a name of 60 characters at most."))
    if role is not None and role.pk not in role_ids(by) and not by.is_superuser:
        raise Invalid(role=_("Share it with a role of your own."))
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        raise Invalid(name=_("You have many filters already. Delete one first."))
    kept, _made = SavedFilter.objects.update_or_create(
        owner=by,
        list_code=list_code,
        name=name,
        defaults={"query": dict(query), "role": role},
        create_defaults={"query": dict(query), "role": role, "created_at": now},
    )
    return kept


def delete_filter(*, filter_id: int, by: Any) -> None:
    """Forget it, for all that it is shared with; only its owner does so."""
    kept = _visible(filter_id, by)
    if kept.owner_id != by.pk and not by.is_superuser:
        raise Forbidden
    kept.delete()


def choose_default(*, filter_id: int, by: Any) -> None:
    """The list begins with this filter; chosen again, with none."""
    kept = _visible(filter_id, by)
    if not DefaultFilter.objects.filter(user=by, filter=kept).delete()[0]:
        DefaultFilter.objects.update_or_create(user=by, list_code=kept.list_code, defaults={"filter": kept})


def _visible(filter_id: int, by: Any) -> SavedFilter:
    found: SavedFilter | None = SavedFilter.objects.visible_to(by).filter(pk=filter_id).first()
    if found is None:
        raise NotFound
    return found
